#include "base/ip_network.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

bool contains(const char* network, const char* address) {
    return breakwater::contains(parse_network(network).value(), parse_ip(address).value());
}

TEST(ip_network, of_an_address_contains_only_it) {
    EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1"));
    EXPECT_TRUE(contains("192.0.2.1", "::ffff:192.0.2.1"));
    EXPECT_FALSE(contains("192.0.2.1", "192.0.2.0"));
    EXPECT_TRUE(contains("2001:db8::1", "2001:db8::1"));
    EXPECT_FALSE(contains("2001:db8::1", "2001:db8::"));
}

TEST(ip_network, contains_its_first_and_last_address) {
    for (const char* inside : {"10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"})
        EXPECT_TRUE(contains("10.0.0.0/8", inside)) << inside;
    for (const char* outside : {"9.255.255.255", "11.0.0.0", "::10.0.0.1", "a00::"})
        EXPECT_FALSE(contains("10.0.0.0/8", outside)) << outside;
    EXPECT_TRUE(contains("10.9.9.9/8", "10.0.0.0")) << "the bits after the prefix are ignored";
    EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"));
    EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::"));
    EXPECT_TRUE(contains("ff00::/8", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
}

TEST(ip_network, of_ipv4_is_a_part_of_the_mapped_block_of_ipv6) {
    EXPECT_TRUE(contains("0.0.0.0/0", "255.255.255.255"));
    EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    EXPECT_TRUE(contains("::/0", "192.0.2.1"));
    EXPECT_TRUE(contains("::ffff:10.0.0.0/104", "10.1.2.3"));
    EXPECT_FALSE(contains("::ffff:10.0.0.0/104", "11.0.0.0"));
}

TEST(ip_network, is_refused_if_address_or_prefix_is_malformed) {
    for (const char* invalid :
         {"", "/", "/8", "10.0.0/8", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/+8", "10.0.0.1/ 8",
          "10.0.0.1/8x", "10.0.0.1/8/8", "10.0.0.1/4294967304", "::1/129", "fe80::%1/64", "fe80::1%lo"})
        EXPECT_FALSE(parse_network(invalid)) << invalid;
}

} // namespace
} // namespace breakwater
