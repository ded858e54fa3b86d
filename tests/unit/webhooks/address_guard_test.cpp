#include "webhooks/address_guard.hpp"

#include <gtest/gtest.h>

namespace breakwater::webhooks {
namespace {

bool is_accepted(const char* address) {
    return is_public(parse_ip(address).value());
}

TEST(address_guard, accepts_public_addresses) {
    for (const char* address :
         {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",        "11.0.0.0",
          "100.63.255.255",  "100.128.0.0",     "126.255.255.255",      "128.0.0.1",
          "169.253.255.255", "169.255.0.0",     "172.15.255.255",       "172.32.0.0",
          "192.0.1.0",       "192.167.255.255", "192.169.0.0",          "198.17.255.255",
          "198.20.0.0",      "223.255.255.255", "2606:4700:4700::1111", "2001:4860:4860::8888",
          "2a00::1",         "2001:200::1",     "2001:db9::1",          "2003::1",
          "::ffff:8.8.8.8",  "64:ff9b::8.8.8.8"})
        EXPECT_TRUE(is_accepted(address)) << address;
}

TEST(address_guard, refuses_private_and_special_addresses) {
    for (const char* address :
         {"0.0.0.0",        "0.1.2.3",         "127.0.0.1",      "127.255.255.255", "10.0.0.1",
          "10.255.255.255", "172.16.0.1",      "172.31.255.255", "192.168.0.1",     "192.168.255.255",
          "100.64.0.1",     "100.127.255.255", "169.254.0.1",    "169.254.169.254", "192.0.0.1",
          "192.0.0.192",    "192.0.2.1",       "192.88.99.1",    "198.18.0.1",      "198.19.255.255",
          "198.51.100.7",   "203.0.113.7",     "224.0.0.1",      "239.255.255.255", "240.0.0.1",
          "255.255.255.255"})
        EXPECT_FALSE(is_accepted(address)) << address;
    for (const char* address :
         {"::",           "::1",         "::2",     "fe80::1", "febf::1", "fec0::1", "fc00::1",
          "fd12:3456::1", "fdff::1",     "ff02::1", "ff0e::1", "100::1",  "2001::1", "2001:10::1",
          "2001:1ff::1",  "2001:db8::1", "3fff::1", "4000::1", "5f00::1", "1fff::1", "fd00:ec2::254"})
        EXPECT_FALSE(is_accepted(address)) << address;
}

TEST(address_guard, refuses_private_ipv4_addresses_embedded_in_ipv6) {
    for (const char* address :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::127.0.0.1",
          "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b::c0a8:1",
          "64:ff9b:1::8.8.8.8", "2002:7f00:1::1", "2002:808:808::1", "::ffff:0:127.0.0.1"})
        EXPECT_FALSE(is_accepted(address)) << address;
}

} // namespace
} // namespace breakwater::webhooks
