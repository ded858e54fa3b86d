#include "identity/allowance.hpp"

#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class allowance_test : public testing::Test {
protected:
    test::manual_clock clock_;
    allowance allowance_{clock_, {.burst = 3, .refill = milliseconds{2000}, .max_keys = 10}};

    /// Takes all available units; returns their number.
    int take_all(std::string_view key) {
        int count = 0;
        for (; !allowance_.wait_for(key); ++count)
            allowance_.take(key);
        return count;
    }
};

TEST_F(allowance_test, is_a_burst_that_refills) {
    EXPECT_EQ(take_all("a"), 3);
    EXPECT_EQ(allowance_.wait_for("a"), seconds{2});
    clock_.advance(seconds{2});
    EXPECT_EQ(take_all("a"), 1);
    clock_.advance(std::chrono::hours{1});
    EXPECT_EQ(take_all("a"), 3) << "no more than the burst";
}

TEST_F(allowance_test, keys_are_independent) {
    EXPECT_EQ(take_all("a"), 3);
    EXPECT_EQ(take_all("b"), 3);
}

TEST_F(allowance_test, units_that_are_given_back_are_available_again) {
    EXPECT_EQ(take_all("a"), 3);
    allowance_.give_back("a");
    EXPECT_EQ(take_all("a"), 1);
    allowance_.give_back("b");
    EXPECT_EQ(take_all("b"), 3) << "an unused key gains no units";
}

TEST_F(allowance_test, several_units_must_be_available_together) {
    allowance_.take("a", 2);
    EXPECT_FALSE(allowance_.wait_for("a", 1));
    EXPECT_EQ(allowance_.wait_for("a", 2), seconds{2});
    EXPECT_FALSE(allowance_.wait_for("b", 8)) << "a full allowance pays for the largest";
}

TEST_F(allowance_test, many_keys_use_bounded_memory) {
    for (int i = 0; i < 1000; ++i)
        allowance_.take("noise" + std::to_string(i));
    EXPECT_EQ(take_all("noise0"), 3) << "forgotten";
    EXPECT_EQ(take_all("noise999"), 2) << "remembered";
}

class network_allowance_test : public testing::Test {
protected:
    test::manual_clock clock_;
    network_allowance allowance_{clock_, {.burst = 4, .refill = milliseconds{1000}}};

    int take_all(std::string_view address) {
        int count = 0;
        for (; !allowance_.wait_for(address); ++count)
            allowance_.take(address);
        return count;
    }
};

TEST_F(network_allowance_test, all_addresses_of_a_64_share_one) {
    EXPECT_EQ(take_all("2001:db8:1:100::1"), 4);
    EXPECT_EQ(take_all("2001:db8:1:100::2"), 0);
    EXPECT_EQ(take_all("2001:db8:1:101::1"), 4);
}

TEST_F(network_allowance_test, a_56_and_a_48_have_larger_but_bounded_allowances) {
    int count_in_56 = 0;
    for (const auto* address : {"2001:db8:1:100::1", "2001:db8:1:101::1", "2001:db8:1:102::1",
                                "2001:db8:1:103::1", "2001:db8:1:104::1", "2001:db8:1:105::1"})
        count_in_56 += take_all(address);
    EXPECT_EQ(count_in_56, 16);
    int count_in_48 = count_in_56;
    for (int i = 2; i < 12; ++i)
        for (int j = 0; j < 10; ++j)
            count_in_48 += take_all("2001:db8:1:" + std::to_string(i) + "0" + std::to_string(j) + "::1");
    EXPECT_EQ(count_in_48, 64);
    EXPECT_EQ(take_all("2001:db8:2:100::1"), 4) << "another /48";
}

TEST_F(network_allowance_test, ipv4_addresses_are_counted_separately) {
    EXPECT_EQ(take_all("192.0.2.1"), 4);
    EXPECT_EQ(take_all("::ffff:192.0.2.1"), 0) << "the same address";
    EXPECT_EQ(take_all("192.0.2.2"), 4);
}

} // namespace
} // namespace breakwater::identity
