#include "base/encoding.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

using namespace std::string_view_literals;

std::optional<std::string> decoded(std::string_view text) {
    const auto bytes = base64url_decode(text);
    if (!bytes)
        return std::nullopt;
    return std::string{bytes->begin(), bytes->end()};
}

TEST(base64url, matches_the_vectors_of_rfc_4648) {
    for (const auto& [plain, encoded] :
         std::initializer_list<std::pair<std::string_view, std::string_view>>{{"", ""},
                                                                              {"f", "Zg"},
                                                                              {"fo", "Zm8"},
                                                                              {"foo", "Zm9v"},
                                                                              {"foob", "Zm9vYg"},
                                                                              {"fooba", "Zm9vYmE"},
                                                                              {"foobar", "Zm9vYmFy"},
                                                                              {"\xfb\xff\xfe", "-__-"},
                                                                              {"\0"sv, "AA"}}) {
        EXPECT_EQ(base64url_encode(as_bytes(plain)), encoded);
        EXPECT_EQ(decoded(encoded), plain) << encoded;
    }
}

TEST(base64url, round_trips_every_byte_at_every_length) {
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < 600; ++i) {
        const auto round_trip = base64url_decode(base64url_encode(bytes));
        ASSERT_TRUE(round_trip) << i;
        ASSERT_EQ(*round_trip, bytes);
        bytes.push_back(static_cast<std::uint8_t>(i * 37));
    }
}

TEST(base64url, accepts_one_encoding_for_each_value) {
    EXPECT_FALSE(decoded("Zh")) << "non-zero trailing bits";
    EXPECT_FALSE(decoded("Zm9")) << "non-zero trailing bits";
    EXPECT_FALSE(decoded("Zg=="));
    EXPECT_FALSE(decoded("A"));
    EXPECT_FALSE(decoded("AAAAA"));
    EXPECT_FALSE(decoded("+/+/"));
    EXPECT_FALSE(decoded("Zm 9v"));
    EXPECT_FALSE(decoded("Zm9v\n"));
    EXPECT_FALSE(decoded("Zm\xc3\xa9"));
}

TEST(hex, is_lower_case) {
    EXPECT_EQ(hex_encode(as_bytes("\0\x0f\xa5\xff"sv)), "000fa5ff");
    EXPECT_EQ(hex_encode({}), "");
}

} // namespace
} // namespace breakwater
