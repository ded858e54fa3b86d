#include "load/endpoint.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace breakwater::bench {
namespace {

TEST(endpoint, knows_this_machine_from_others) {
    for (const std::string_view url : {"http://127.0.0.1:8000/healthz", "http://127.9.9.9",
                                       "http://localhost:80/", "http://[::1]:8000/x?y=1"}) {
        const auto read = parse_endpoint(url);
        ASSERT_TRUE(read) << url;
        EXPECT_TRUE(read->loopback) << url;
    }
    for (const std::string_view url : {"http://10.0.0.1:8000/", "http://0.0.0.0/", "http://[2001:db8::1]:80/",
                                       "http://[::ffff:10.0.0.1]/", "http://128.0.0.1/"}) {
        const auto read = parse_endpoint(url);
        ASSERT_TRUE(read) << url;
        EXPECT_FALSE(read->loopback) << url;
    }
}

TEST(endpoint, takes_the_address_apart) {
    const auto read = parse_endpoint("http://[::1]:8123/a/b?c=d");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->host, "[::1]:8123");
    EXPECT_EQ(read->target, "/a/b?c=d");
    EXPECT_EQ(parse_endpoint("http://127.0.0.1:1")->target, "/");
}

TEST(endpoint, refuses_what_is_no_address) {
    for (const std::string_view url :
         {"", "http://", "https://127.0.0.1/", "http://example.com/", "http://127.0.0.1.example/",
          "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://127.0.0.1:8o/", "http://127.0.0.1:/",
          "http://[::1/", "http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX: y"})
        EXPECT_FALSE(parse_endpoint(url)) << url;
}

} // namespace
} // namespace breakwater::bench
