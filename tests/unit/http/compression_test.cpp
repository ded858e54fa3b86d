#include "http/compression.hpp"

#include <gtest/gtest.h>

#include <zstd.h>

namespace breakwater::http {
namespace {

constexpr std::size_t plenty = 1U << 20;

std::string gzip_of(std::string_view text) {
    std::string out;
    gzip_compressor{}.add(text, true, out);
    return out;
}

std::string zstd_of(std::string_view text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 1));
    return out;
}

/// RFC 8878 section 3.1.2
std::string skippable(std::string_view content, char kind = '\x50') {
    std::string out{kind};
    out += "\x2a\x4d\x18";
    for (unsigned shift = 0; shift < 32; shift += 8)
        out += static_cast<char>(content.size() >> shift);
    return out.append(content);
}

// RFC 1952 section 2.2: a file is a series of members
TEST(decode_content, reads_every_member_of_a_gzip_file) {
    const std::string large(300'000, 'x');
    EXPECT_EQ(
        decode_content("gzip", gzip_of("a") + gzip_of("") + gzip_of(large) + gzip_of("b"), plenty).value(),
        "a" + large + "b");
    const std::string two = gzip_of("a") + gzip_of("b");
    EXPECT_EQ(decode_content("x-gzip", two, 2).value(), "ab");
    EXPECT_EQ(decode_content("gzip", two, 1).error().code, errc::too_large);
    for (std::size_t cut = 1; cut < gzip_of("b").size(); ++cut)
        EXPECT_EQ(decode_content("gzip", two.substr(0, two.size() - cut), plenty).error().code,
                  errc::malformed)
            << cut;
    EXPECT_EQ(decode_content("gzip", gzip_of("a") + "b", plenty).error().code, errc::malformed);
    EXPECT_EQ(decode_content("gzip", gzip_of("a") + std::string(8, '\0'), plenty).error().code,
              errc::malformed);
    EXPECT_EQ(decode_content("gzip", "", plenty).error().code, errc::malformed);
    std::string many;
    for (int i = 0; i < 50'000; ++i) // a megabyte of members that hold nothing
        many += gzip_of("");
    EXPECT_EQ(decode_content("gzip", many, plenty).value(), "");
}

// RFC 8878 section 3.1: frames one after the other, of which skippable ones hold no data
TEST(decode_content, reads_every_frame_of_zstd) {
    const std::string large(300'000, 'x');
    EXPECT_EQ(decode_content("zstd",
                             skippable("first") + zstd_of("a") + skippable("", '\x5f') + zstd_of("") +
                                 zstd_of(large) + zstd_of("b") + skippable("last"),
                             plenty)
                  .value(),
              "a" + large + "b");
    EXPECT_EQ(decode_content("zstd", skippable("alone"), plenty).value(), "");
    const std::string two = zstd_of("a") + zstd_of("b");
    EXPECT_EQ(decode_content("ZSTD", two, 2).value(), "ab");
    EXPECT_EQ(decode_content("zstd", two, 1).error().code, errc::too_large);
    for (std::size_t cut = 1; cut < zstd_of("b").size(); ++cut)
        EXPECT_EQ(decode_content("zstd", two.substr(0, two.size() - cut), plenty).error().code,
                  errc::malformed)
            << cut;
    EXPECT_EQ(decode_content("zstd", zstd_of("a") + "b", plenty).error().code, errc::malformed);
    EXPECT_EQ(decode_content("zstd", skippable("cut").substr(0, 9), plenty).error().code, errc::malformed);
    EXPECT_EQ(decode_content("zstd", "", plenty).error().code, errc::malformed);
}

TEST(content_coding, is_none_where_it_is_identity) {
    request asked;
    EXPECT_EQ(content_coding_of(asked), std::nullopt);
    asked.headers = {{"content-encoding", "Identity"}};
    EXPECT_EQ(content_coding_of(asked), std::nullopt);
    asked.headers = {{"content-encoding", "GZIP"}};
    EXPECT_EQ(content_coding_of(asked), "GZIP");
}

TEST(prefers_gzip, picks_the_highest_weight) {
    for (const char* yes :
         {"identity;q=0.5, gzip", "gzip;q=0.5, identity;q=0.5", "identity;q=0.1, *", "*;q=0.3",
          "gzip, identity", "br;q=1, gzip;q=0.2", "identity;q=x, gzip;q=0.1", "gzip;q=0, x-gzip;q=0.2"})
        EXPECT_TRUE(prefers_gzip(yes)) << yes;
    for (const char* no :
         {"gzip;q=0.5, identity", "identity, gzip;q=0.999", "gzip;q=0.5, *;q=0.6",
          "identity;q=0.5, gzip;q=0.4", "gzip;q=2", "gzip;q=0.1234", "gzip;level=1", "identity, *;q=0.9"})
        EXPECT_FALSE(prefers_gzip(no)) << no;
}

TEST(prefers_gzip, honours_weights) {
    for (const char* yes : {"gzip", "GZIP", "br, gzip", "gzip;q=0.001", "gzip; q=1", "*", "x-gzip",
                            "br;q=1.0, *;q=0.1", "identity;q=0, gzip"})
        EXPECT_TRUE(prefers_gzip(yes)) << yes;
    for (const char* no : {"", "br", "gzip;q=0", "gzip;q=0.000", "gzip ; Q=0.0", "*;q=0", "gzip;q=0, *",
                           "gzipped", "identity"})
        EXPECT_FALSE(prefers_gzip(no)) << no;
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
