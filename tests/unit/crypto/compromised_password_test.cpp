#include "crypto/compromised_passwords.hpp"
#include "crypto/password_hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace breakwater::crypto {
namespace {

// The binary search relies on this, and a CMake script generates the list.
TEST(compromised_passwords, are_more_than_100000_sorted_prefixes) {
    const auto prefixes = compromised_password_prefixes();
    ASSERT_EQ(prefixes.size() % password_prefix_bytes, 0U);
    EXPECT_GT(prefixes.size() / password_prefix_bytes, 100'000U);
    for (std::size_t at = password_prefix_bytes; at < prefixes.size(); at += password_prefix_bytes)
        ASSERT_LE(std::memcmp(prefixes.data() + at - password_prefix_bytes, prefixes.data() + at,
                              password_prefix_bytes),
                  0)
            << at;
}

TEST(compromised_passwords, are_found_in_any_case) {
    for (const std::string_view text : {"password", "12345678", "qwertyuiop", "iloveyou", "sunshine",
                                        "princess1", "football12", "chelsea1905"}) {
        EXPECT_TRUE(is_compromised_password(text)) << text;
        std::string upper{text};
        std::ranges::transform(upper, upper.begin(), [](char c) {
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        EXPECT_TRUE(is_compromised_password(upper)) << upper;
    }
    EXPECT_TRUE(is_compromised_password("PassWord"));
}

TEST(compromised_passwords, are_compared_as_whole_texts) {
    using namespace std::string_view_literals;
    EXPECT_FALSE(is_compromised_password(""));
    EXPECT_FALSE(is_compromised_password("passwor"));
    EXPECT_FALSE(is_compromised_password(" password"));
    EXPECT_FALSE(is_compromised_password("password\0"sv));
    EXPECT_FALSE(is_compromised_password("p\xc3\xa4ssword"));
    EXPECT_FALSE(is_compromised_password("\xff\xff\xff\xff\xff\xff\xff\xff"));
    EXPECT_FALSE(is_compromised_password(std::string(1'000'000, 'a')));
    EXPECT_FALSE(is_compromised_password("a quiet harbour behind 7 walls"));
}

TEST(compromised_passwords, do_not_match_good_passwords_by_chance) {
    for (int number = 0; number < 100'000; ++number)
        ASSERT_FALSE(is_compromised_password("correct horse " + std::to_string(number))) << number;
}

} // namespace
} // namespace breakwater::crypto
