#include "crypto/common_passwords.hpp"
#include "crypto/password_hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace breakwater::crypto {
namespace {

// The binary search rests on this, and the generator lives elsewhere.
TEST(common_passwords, are_3000_sorted_and_in_lower_case) {
    EXPECT_EQ(common_passwords.size(), 3000U);
    EXPECT_EQ(std::ranges::adjacent_find(common_passwords, std::greater_equal<>{}), common_passwords.end());
    for (const std::string_view entry : common_passwords)
        EXPECT_TRUE(std::ranges::none_of(entry, [](char c) { return c >= 'A' && c <= 'Z'; })) << entry;
}

TEST(common_passwords, are_found_wherever_they_stand) {
    for (const std::string_view entry : common_passwords)
        EXPECT_TRUE(is_common_password(entry)) << entry;
}

TEST(common_passwords, are_found_in_any_case) {
    for (const std::string_view text : {"password", "12345678", "qwertyuiop", "iloveyou", "sunshine"}) {
        EXPECT_TRUE(is_common_password(text)) << text;
        std::string upper{text};
        std::ranges::transform(upper, upper.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        EXPECT_TRUE(is_common_password(upper)) << upper;
    }
    EXPECT_TRUE(is_common_password("PassWord"));
}

TEST(common_passwords, are_compared_whole) {
    using namespace std::string_view_literals;
    EXPECT_FALSE(is_common_password(""));
    EXPECT_FALSE(is_common_password("passwor"));
    EXPECT_FALSE(is_common_password(" password"));
    EXPECT_FALSE(is_common_password("password "));
    EXPECT_FALSE(is_common_password("password\0"sv));
    EXPECT_FALSE(is_common_password("p\xc3\xa4ssword"));
    EXPECT_FALSE(is_common_password("\xff\xff\xff\xff\xff\xff\xff\xff"));
    EXPECT_FALSE(is_common_password(std::string(1'000'000, 'a')));
    EXPECT_FALSE(is_common_password("a quiet harbour behind 7 walls"));
}

} // namespace
} // namespace breakwater::crypto
