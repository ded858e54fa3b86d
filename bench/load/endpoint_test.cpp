#include "load/endpoint.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace breakwater::bench {
namespace {

TEST(endpoint, recognises_loopback_addresses) {
    for (const std::string_view url : {"http://127.0.0.1:8000/healthz", "http://127.9.9.9",
                                       "http://localhost:80/", "http://[::1]:8000/x?y=1"}) {
        const auto parsed = parse_endpoint(url);
        ASSERT_TRUE(parsed) << url;
        EXPECT_TRUE(parsed->loopback) << url;
    }
    for (const std::string_view url : {"http://10.0.0.1:8000/", "http://0.0.0.0/", "http://[2001:db8::1]:80/",
                                       "http://[::ffff:10.0.0.1]/", "http://128.0.0.1/"}) {
        const auto parsed = parse_endpoint(url);
        ASSERT_TRUE(parsed) << url;
        EXPECT_FALSE(parsed->loopback) << url;
    }
}

TEST(endpoint, splits_the_url_into_host_and_target) {
    const auto parsed = parse_endpoint("http://[::1]:8123/a/b?c=d");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->host, "[::1]:8123");
    EXPECT_EQ(parsed->target, "/a/b?c=d");
    EXPECT_EQ(parse_endpoint("http://127.0.0.1:1")->target, "/");
}

TEST(endpoint, refuses_an_invalid_url) {
    for (const std::string_view url :
         {"", "http://", "https://127.0.0.1/", "http://example.com/", "http://127.0.0.1.example/",
          "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://127.0.0.1:8o/", "http://127.0.0.1:/",
          "http://[::1/", "http://127.0.0.1/a b", "http://127.0.0.1/a\r\nX: y"})
        EXPECT_FALSE(parse_endpoint(url)) << url;
}

} // namespace
} // namespace breakwater::bench
