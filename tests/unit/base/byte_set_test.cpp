#include "base/byte_set.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

constexpr byte_set marks{"\"\xff"};

TEST(ByteSet, FindsTheFirstByteFromAPosition) {
    EXPECT_EQ(marks.find_in("a\"b\"", 0), 1U);
    EXPECT_EQ(marks.find_in("a\"b\"", 2), 3U);
    EXPECT_EQ(marks.find_in("a\xff"), 1U);
}

TEST(ByteSet, FindsNothingInOtherTextAndBehindItsEnd) {
    EXPECT_EQ(marks.find_in(""), std::string_view::npos);
    EXPECT_EQ(marks.find_in("ab"), std::string_view::npos);
    EXPECT_EQ(marks.find_in("\"", 1), std::string_view::npos);
    EXPECT_EQ(marks.find_in("\"", 5), std::string_view::npos);
}

TEST(ByteSet, MayContainTheNullByte) {
    using namespace std::string_view_literals;
    constexpr byte_set null{"\0"sv};
    EXPECT_TRUE(null.contains('\0'));
    EXPECT_FALSE(null.contains('0'));
    EXPECT_EQ(null.find_in("a\0b"sv), 1U);
}

} // namespace
} // namespace breakwater
