#include "http/compression.hpp"

#include <gtest/gtest.h>

#include <zstd.h>

namespace breakwater::http {
namespace {

constexpr std::size_t limit = 1U << 20;

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

// RFC 1952 section 2.2: a file is a sequence of members
TEST(decode_content, reads_every_member_of_a_gzip_file) {
    const std::string large(300'000, 'x');
    EXPECT_EQ(
        decode_content("gzip", gzip_of("a") + gzip_of("") + gzip_of(large) + gzip_of("b"), limit).value(),
        "a" + large + "b");
    const std::string two = gzip_of("a") + gzip_of("b");
    EXPECT_EQ(decode_content("x-gzip", two, 2).value(), "ab");
    EXPECT_EQ(decode_content("gzip", two, 1).error().code, errc::too_large);
    for (std::size_t cut = 1; cut < gzip_of("b").size(); ++cut)
        EXPECT_EQ(decode_content("gzip", two.substr(0, two.size() - cut), limit).error().code,
                  errc::malformed)
            << cut;
    EXPECT_EQ(decode_content("gzip", gzip_of("a") + "b", limit).error().code, errc::malformed);
    EXPECT_EQ(decode_content("gzip", gzip_of("a") + std::string(8, '\0'), limit).error().code,
              errc::malformed);
    EXPECT_EQ(decode_content("gzip", "", limit).error().code, errc::malformed);
    std::string many;
    for (int i = 0; i < 50'000; ++i) // a megabyte of empty members
        many += gzip_of("");
    EXPECT_EQ(decode_content("gzip", many, limit).value(), "");
}

// RFC 8878 section 3.1: a sequence of frames; skippable frames contain no data
TEST(decode_content, reads_every_frame_of_zstd) {
    const std::string large(300'000, 'x');
    EXPECT_EQ(decode_content("zstd",
                             skippable("first") + zstd_of("a") + skippable("", '\x5f') + zstd_of("") +
                                 zstd_of(large) + zstd_of("b") + skippable("last"),
                             limit)
                  .value(),
              "a" + large + "b");
    EXPECT_EQ(decode_content("zstd", skippable("alone"), limit).value(), "");
    const std::string two = zstd_of("a") + zstd_of("b");
    EXPECT_EQ(decode_content("ZSTD", two, 2).value(), "ab");
    EXPECT_EQ(decode_content("zstd", two, 1).error().code, errc::too_large);
    for (std::size_t cut = 1; cut < zstd_of("b").size(); ++cut)
        EXPECT_EQ(decode_content("zstd", two.substr(0, two.size() - cut), limit).error().code,
                  errc::malformed)
            << cut;
    EXPECT_EQ(decode_content("zstd", zstd_of("a") + "b", limit).error().code, errc::malformed);
    EXPECT_EQ(decode_content("zstd", skippable("cut").substr(0, 9), limit).error().code, errc::malformed);
    EXPECT_EQ(decode_content("zstd", "", limit).error().code, errc::malformed);
}

TEST(content_coding, ignores_identity) {
    request request;
    EXPECT_EQ(content_coding_of(request), std::nullopt);
    request.headers = {{"content-encoding", "Identity"}};
    EXPECT_EQ(content_coding_of(request), std::nullopt);
    request.headers = {{"content-encoding", "GZIP"}};
    EXPECT_EQ(content_coding_of(request), "GZIP");
}

TEST(prefers_gzip, selects_the_highest_weight) {
    for (const char* accepted :
         {"identity;q=0.5, gzip", "gzip;q=0.5, identity;q=0.5", "identity;q=0.1, *", "*;q=0.3",
          "gzip, identity", "br;q=1, gzip;q=0.2", "identity;q=x, gzip;q=0.1", "gzip;q=0, x-gzip;q=0.2"})
        EXPECT_TRUE(prefers_gzip(accepted)) << accepted;
    for (const char* refused :
         {"gzip;q=0.5, identity", "identity, gzip;q=0.999", "gzip;q=0.5, *;q=0.6",
          "identity;q=0.5, gzip;q=0.4", "gzip;q=2", "gzip;q=0.1234", "gzip;level=1", "identity, *;q=0.9"})
        EXPECT_FALSE(prefers_gzip(refused)) << refused;
}

TEST(prefers_gzip, honours_weights) {
    for (const char* accepted : {"gzip", "GZIP", "br, gzip", "gzip;q=0.001", "gzip; q=1", "*", "x-gzip",
                                 "br;q=1.0, *;q=0.1", "identity;q=0, gzip"})
        EXPECT_TRUE(prefers_gzip(accepted)) << accepted;
    for (const char* refused : {"", "br", "gzip;q=0", "gzip;q=0.000", "gzip ; Q=0.0", "*;q=0", "gzip;q=0, *",
                                "gzipped", "identity"})
        EXPECT_FALSE(prefers_gzip(refused)) << refused;
}

TEST(static_body_cache, creates_an_entry_once) {
    static_body_cache cache;
    const std::string body(10'000, 'a');
    EXPECT_EQ(cache.find(body), nullptr);
    const auto entry = cache.create(body);
    EXPECT_LT(entry->gzipped.size(), body.size());
    EXPECT_EQ(cache.find(body), entry);
    EXPECT_EQ(cache.create(body), entry);
    const std::string other = "b";
    EXPECT_NE(cache.create(other)->etag, entry->etag);
    EXPECT_TRUE(cache.create(other)->gzipped.empty()) << "gzip would be larger";
}

} // namespace
} // namespace breakwater::http
