#include "net/connection_limits.hpp"

#include "base/ip_network.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace breakwater::net {
namespace {

using refusal = connection_limits::refusal;

class connection_limits_test : public testing::Test {
protected:
    /// Acquires a slot and holds it until the test ends. Returns the refusal, if any.
    std::optional<refusal> connect_from(const char* address) {
        auto slot = limits_.acquire(parse_ip(address));
        if (!slot)
            return slot.error();
        held_.push_back(std::move(*slot));
        return std::nullopt;
    }

    connection_limits limits_{8, 2, [proxies = parse_network("10.0.0.0/8").value()](const ip_bytes& address) {
                                  return contains(proxies, address);
                              }};
    std::vector<connection_limits::slot> held_;
};

TEST_F(connection_limits_test, limits_the_connections_of_one_client) {
    EXPECT_FALSE(connect_from("192.0.2.1"));
    EXPECT_FALSE(connect_from("192.0.2.1"));
    EXPECT_EQ(connect_from("192.0.2.1"), refusal::too_many_from_client);
    EXPECT_EQ(connect_from("::ffff:192.0.2.1"), refusal::too_many_from_client);
    EXPECT_FALSE(connect_from("192.0.2.2"));
}

TEST_F(connection_limits_test, treats_an_ipv6_network_as_one_client) {
    EXPECT_FALSE(connect_from("2001:db8::1"));
    EXPECT_FALSE(connect_from("2001:db8::2"));
    EXPECT_EQ(connect_from("2001:db8::3"), refusal::too_many_from_client);
    EXPECT_FALSE(connect_from("2001:db8:0:1::1"));
}

TEST_F(connection_limits_test, applies_only_the_total_limit_to_loopback_and_proxies) {
    for (int i = 0; i < 4; ++i) {
        EXPECT_FALSE(connect_from("127.0.0.1"));
        EXPECT_FALSE(connect_from("10.1.2.3"));
    }
    EXPECT_EQ(connect_from("127.0.0.1"), refusal::too_many);
    EXPECT_EQ(connect_from("192.0.2.1"), refusal::too_many);
}

TEST_F(connection_limits_test, frees_a_slot_on_release) {
    EXPECT_FALSE(connect_from("192.0.2.1"));
    EXPECT_FALSE(connect_from("192.0.2.1"));
    held_.pop_back();
    EXPECT_FALSE(connect_from("192.0.2.1"));
    EXPECT_EQ(connect_from("192.0.2.1"), refusal::too_many_from_client);
    held_.clear();
    for (int i = 0; i < 2; ++i)
        EXPECT_FALSE(connect_from("192.0.2.1"));
}

TEST_F(connection_limits_test, counts_an_unknown_address_in_the_total) {
    for (int i = 0; i < 8; ++i) {
        auto slot = limits_.acquire(std::nullopt);
        ASSERT_TRUE(slot);
        held_.push_back(std::move(*slot));
    }
    EXPECT_FALSE(limits_.acquire(std::nullopt));
}

} // namespace
} // namespace breakwater::net
