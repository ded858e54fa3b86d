#include "services/allowance.hpp"

#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace breakwater::services {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class allowance_test : public testing::Test {
protected:
    test::manual_clock clock_;
    allowance allowance_{clock_, {.burst = 3, .refill = milliseconds{2000}, .max_keys = 10}};

    /// Takes what is there, and says how much that was.
    int take_all(std::string_view key) {
        int taken = 0;
        for (; !allowance_.wait_for(key); ++taken)
            allowance_.take(key);
        return taken;
    }
};

TEST_F(allowance_test, is_a_burst_that_fills_up_again) {
    EXPECT_EQ(take_all("a"), 3);
    EXPECT_EQ(allowance_.wait_for("a"), seconds{2});
    clock_.advance(seconds{2});
    EXPECT_EQ(take_all("a"), 1);
    clock_.advance(std::chrono::hours{1});
    EXPECT_EQ(take_all("a"), 3) << "no more than the burst";
}

TEST_F(allowance_test, keys_do_not_meet) {
    EXPECT_EQ(take_all("a"), 3);
    EXPECT_EQ(take_all("b"), 3);
}

TEST_F(allowance_test, what_is_given_back_is_there_again) {
    EXPECT_EQ(take_all("a"), 3);
    allowance_.give_back("a");
    EXPECT_EQ(take_all("a"), 1);
    allowance_.give_back("b");
    EXPECT_EQ(take_all("b"), 3) << "nothing is given that was not taken";
}

TEST_F(allowance_test, several_units_have_to_be_there_together) {
    allowance_.take("a", 2);
    EXPECT_FALSE(allowance_.wait_for("a", 1));
    EXPECT_EQ(allowance_.wait_for("a", 2), seconds{2});
    EXPECT_FALSE(allowance_.wait_for("b", 8)) << "a full allowance pays for the largest";
}

TEST_F(allowance_test, an_attack_that_varies_its_key_costs_bounded_memory) {
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
        int taken = 0;
        for (; !allowance_.wait_for(address); ++taken)
            allowance_.take(address);
        return taken;
    }
};

TEST_F(network_allowance_test, all_addresses_of_a_64_share_one) {
    EXPECT_EQ(take_all("2001:db8:1:100::1"), 4);
    EXPECT_EQ(take_all("2001:db8:1:100::2"), 0);
    EXPECT_EQ(take_all("2001:db8:1:101::1"), 4);
}

TEST_F(network_allowance_test, a_56_and_a_48_have_more_but_not_without_end) {
    int of_56 = 0;
    for (const auto* each : {"2001:db8:1:100::1", "2001:db8:1:101::1", "2001:db8:1:102::1",
                             "2001:db8:1:103::1", "2001:db8:1:104::1", "2001:db8:1:105::1"})
        of_56 += take_all(each);
    EXPECT_EQ(of_56, 16);
    int of_48 = of_56;
    for (int i = 2; i < 12; ++i)
        for (int j = 0; j < 10; ++j)
            of_48 += take_all("2001:db8:1:" + std::to_string(i) + "0" + std::to_string(j) + "::1");
    EXPECT_EQ(of_48, 64);
    EXPECT_EQ(take_all("2001:db8:2:100::1"), 4) << "the neighbours";
}

TEST_F(network_allowance_test, ipv4_addresses_are_counted_one_by_one) {
    EXPECT_EQ(take_all("192.0.2.1"), 4);
    EXPECT_EQ(take_all("::ffff:192.0.2.1"), 0) << "the same one";
    EXPECT_EQ(take_all("192.0.2.2"), 4);
}

} // namespace
} // namespace breakwater::services
