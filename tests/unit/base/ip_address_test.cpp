#include "base/ip_address.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

std::string network_of(std::string_view address) {
    return client_network(address);
}

TEST(client_network, of_ipv4_is_the_address_itself_mapped_or_not) {
    EXPECT_EQ(network_of("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(network_of("::ffff:192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(network_of("::FFFF:c000:0201"), "192.0.2.1");
    EXPECT_NE(network_of("192.0.2.1"), network_of("192.0.2.2"));
}

TEST(client_networks, of_ipv6_widen_and_of_ipv4_are_only_the_address) {
    EXPECT_EQ(client_networks("2001:db8:1:234:5:6:7:8"),
              (std::vector<std::string>{"2001:db8:1:234::/64", "2001:db8:1:200::/56", "2001:db8:1::/48"}));
    EXPECT_EQ(client_networks("fe80::1%eth0").front(), "fe80::/64");
    EXPECT_EQ(client_networks("192.0.2.1"), (std::vector<std::string>{"192.0.2.1"}));
    EXPECT_EQ(client_networks("::ffff:192.0.2.1"), (std::vector<std::string>{"192.0.2.1"}));
    EXPECT_EQ(client_networks("nonsense"), (std::vector<std::string>{"nonsense"}));
}

TEST(client_network, of_ipv6_is_its_slash_64) {
    EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    EXPECT_EQ(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    EXPECT_NE(network_of("2001:db8:1:2::1"), network_of("2001:db8:1:3::1"));
    EXPECT_EQ(network_of("fe80::1%eth0"), network_of("fe80::2"));
}

TEST(client_network, of_a_text_that_is_not_an_address_is_the_text) {
    EXPECT_EQ(network_of(""), "");
    EXPECT_EQ(network_of("somewhere"), "somewhere");
    EXPECT_EQ(network_of(std::string(100, '1')), std::string(100, '1'));
}

TEST(parse_ip, accepts_only_complete_addresses_without_a_scope) {
    for (const char* address : {"192.0.2.1", "::", "1:2:3:4:5:6:7:8", "2001:db8::1", "::1.2.3.4"})
        EXPECT_EQ(format_ip(parse_ip(address).value()), address);
    for (const char* text : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.0.0.1", "1:2:3", "1:2:3:4:5:6:7:8:9",
                             "fe80::1%lo", "fe80::1%1", "[::1]", "::1 ", "localhost"})
        EXPECT_FALSE(parse_ip(text)) << text;
}

TEST(loopback, is_127_and_one) {
    for (const char* local : {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"})
        EXPECT_TRUE(is_loopback(parse_ip(local).value())) << local;
    for (const char* other : {"128.0.0.1", "::2", "::", "192.0.2.127"})
        EXPECT_FALSE(is_loopback(parse_ip(other).value())) << other;
}

} // namespace
} // namespace breakwater
