#include "http/connection_limits.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace breakwater::http {
namespace {

using refusal = connection_limits::refusal;

class connection_limits_test : public testing::Test {
protected:
    /// Holds a place until the test ends; tells whether there was one.
    std::optional<refusal> come_from(const char* address) {
        auto taken = limits_.take(parse_ip(address));
        if (!taken)
            return taken.error();
        held_.push_back(std::move(*taken));
        return std::nullopt;
    }

    trusted_proxies proxies_ = trusted_proxies::parse({"10.0.0.0/8"}).value();
    connection_limits limits_{8, 2, proxies_};
    std::vector<connection_limits::place> held_;
};

TEST_F(connection_limits_test, one_client_cannot_take_all) {
    EXPECT_FALSE(come_from("192.0.2.1"));
    EXPECT_FALSE(come_from("192.0.2.1"));
    EXPECT_EQ(come_from("192.0.2.1"), refusal::too_many_from_client);
    EXPECT_EQ(come_from("::ffff:192.0.2.1"), refusal::too_many_from_client);
    EXPECT_FALSE(come_from("192.0.2.2"));
}

TEST_F(connection_limits_test, an_ipv6_network_is_one_client) {
    EXPECT_FALSE(come_from("2001:db8::1"));
    EXPECT_FALSE(come_from("2001:db8::2"));
    EXPECT_EQ(come_from("2001:db8::3"), refusal::too_many_from_client);
    EXPECT_FALSE(come_from("2001:db8:0:1::1"));
}

TEST_F(connection_limits_test, this_machine_and_proxies_have_the_first_bound_only) {
    for (int i = 0; i < 4; ++i) {
        EXPECT_FALSE(come_from("127.0.0.1"));
        EXPECT_FALSE(come_from("10.1.2.3"));
    }
    EXPECT_EQ(come_from("127.0.0.1"), refusal::too_many);
    EXPECT_EQ(come_from("192.0.2.1"), refusal::too_many);
}

TEST_F(connection_limits_test, a_place_is_free_again_once_it_is_given_back) {
    EXPECT_FALSE(come_from("192.0.2.1"));
    EXPECT_FALSE(come_from("192.0.2.1"));
    held_.pop_back();
    EXPECT_FALSE(come_from("192.0.2.1"));
    EXPECT_EQ(come_from("192.0.2.1"), refusal::too_many_from_client);
    held_.clear();
    for (int i = 0; i < 2; ++i)
        EXPECT_FALSE(come_from("192.0.2.1"));
}

TEST_F(connection_limits_test, an_unknown_address_counts_in_all) {
    for (int i = 0; i < 8; ++i) {
        auto taken = limits_.take(std::nullopt);
        ASSERT_TRUE(taken);
        held_.push_back(std::move(*taken));
    }
    EXPECT_FALSE(limits_.take(std::nullopt));
}

} // namespace
} // namespace breakwater::http
