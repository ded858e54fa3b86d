#include "base/ids.hpp"

#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace breakwater {
namespace {

TEST(uuid, is_written_and_read_in_the_hyphenated_form) {
    const std::string_view text = "00112233-4455-6677-8899-aabbccddeeff";
    const auto id = uuid::parse(text);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->bytes, (std::array<std::uint8_t, 16>{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88,
                                                       0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}));
    EXPECT_EQ(id->to_string(), text);
    EXPECT_EQ(uuid::parse("00112233-4455-6677-8899-AABBCCDDEEFF"), id);
}

TEST(uuid, refuses_any_other_form) {
    for (const std::string_view text :
         {"", "00112233445566778899aabbccddeeff", "{00112233-4455-6677-8899-aabbccddeeff}",
          "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeefff",
          "0011223-34455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeefg",
          "00112233-4455-6677-8899-aabbccddee f", "00112233-4455-6677-8899_aabbccddeeff",
          "urn:uuid:00112233-4455-6677-8899-aab", "0x112233-4455-6677-8899-aabbccddeeff"})
        EXPECT_FALSE(uuid::parse(text)) << text;
}

TEST(uuid, random_uuids_have_version_and_variant_and_differ) {
    test::seeded_random source;
    std::unordered_set<uuid> distinct;
    for (int i = 0; i < 1000; ++i) {
        const uuid id = uuid::random(source);
        const std::string text = id.to_string();
        EXPECT_EQ(text[14], '4');
        EXPECT_NE(std::string_view{"89ab"}.find(text[19]), std::string_view::npos) << text;
        EXPECT_EQ(uuid::parse(text), id);
        distinct.insert(id);
    }
    EXPECT_EQ(distinct.size(), 1000U);
}

TEST(uuid, orders_as_its_text_does) {
    const auto low = *uuid::parse("00000000-0000-4000-8000-0000000000ff");
    const auto high = *uuid::parse("ff000000-0000-4000-8000-000000000000");
    EXPECT_LT(low, high);
    EXPECT_EQ(low < high, low.to_string() < high.to_string());
}

} // namespace
} // namespace breakwater
