#include "http/compression.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

TEST(accepts_gzip, honours_weights) {
    for (const char* yes : {"gzip", "GZIP", "br, gzip", "gzip;q=0.001", "gzip; q=1", "*", "x-gzip",
                            "br;q=1.0, *;q=0.1", "identity;q=0, gzip"})
        EXPECT_TRUE(accepts_gzip(yes)) << yes;
    for (const char* no : {"", "br", "gzip;q=0", "gzip;q=0.000", "gzip ; Q=0.0", "*;q=0", "gzip;q=0, *",
                           "gzipped", "identity"})
        EXPECT_FALSE(accepts_gzip(no)) << no;
}

TEST(static_body_cache, works_a_body_out_once) {
    static_body_cache cache;
    const std::string body(10'000, 'a');
    EXPECT_EQ(cache.find(body), nullptr);
    const auto made = cache.make(body);
    EXPECT_LT(made->gzipped.size(), body.size());
    EXPECT_EQ(cache.find(body), made);
    EXPECT_EQ(cache.make(body), made);
    const std::string other = "b";
    EXPECT_NE(cache.make(other)->etag, made->etag);
    EXPECT_TRUE(cache.make(other)->gzipped.empty()) << "it would only be larger";
}

} // namespace
} // namespace breakwater::http
