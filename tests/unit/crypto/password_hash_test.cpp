#include "crypto/password_hash.hpp"

#include "support/seeded_random.hpp"

#include <crypt.h>
#include <gtest/gtest.h>

#include <string>

namespace breakwater::crypto {
namespace {

using test::seeded_random;

// Made independently of this code: base64(SHA-256) with the openssl command, bcrypt with the library of
// another language.
constexpr std::string_view known_text = "correct horse battery staple";
constexpr std::string_view known_phrase = "xLvLH77JnWW/WdhcjLYu4tuWPw/hBvSD2a+nO9Tjmoo=";
constexpr std::string_view known_hash = "$2b$04$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu";

std::string crypt_text(std::string_view phrase, std::string_view setting) {
    crypt_data data{};
    return crypt_r(std::string{phrase}.c_str(), std::string{setting}.c_str(), &data);
}

std::string hashed(std::string_view text, std::uint64_t seed = 1) {
    seeded_random random{seed};
    auto hash = hash_password(text, min_bcrypt_cost, random);
    EXPECT_TRUE(hash.has_value());
    return hash.value_or("");
}

TEST(password_hash, libcrypt_matches_the_published_bcrypt_vector) {
    EXPECT_EQ(crypt_text("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC."),
              "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
}

TEST(password_hash, matches_a_hash_made_by_another_tool) {
    EXPECT_EQ(crypt_text(known_phrase, known_hash.substr(0, 29)), known_hash);
    EXPECT_TRUE(verify_password(known_text, known_hash));
    EXPECT_FALSE(verify_password("correct horse battery staplE", known_hash));
    EXPECT_FALSE(verify_password(known_phrase, known_hash));
}

TEST(password_hash, matches_only_its_own_hash) {
    const std::string hash = hashed("a good password");
    EXPECT_EQ(hash.size(), 60U);
    EXPECT_TRUE(hash.starts_with("$2b$04$"));
    EXPECT_TRUE(verify_password("a good password", hash));
    EXPECT_FALSE(verify_password("a good passwore", hash));
    EXPECT_FALSE(verify_password("A good password", hash));
    EXPECT_FALSE(verify_password("a good password ", hash));
    EXPECT_FALSE(verify_password("", hash));
}

TEST(password_hash, uses_a_new_salt_for_every_hash) {
    seeded_random random;
    const auto first = hash_password("same", min_bcrypt_cost, random);
    const auto second = hash_password("same", min_bcrypt_cost, random);
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->substr(0, 29), second->substr(0, 29));
    EXPECT_TRUE(verify_password("same", *first));
    EXPECT_TRUE(verify_password("same", *second));
}

TEST(password_hash, takes_its_salt_from_the_random_source) {
    EXPECT_EQ(hashed("same", 7), hashed("same", 7));
    EXPECT_NE(hashed("same", 7), hashed("same", 8));
}

TEST(password_hash, depends_on_the_hundredth_character) {
    std::string text(128, 'x');
    const std::string hash = hashed(text);
    EXPECT_TRUE(verify_password(text, hash));
    text[99] = 'y';
    EXPECT_FALSE(verify_password(text, hash));
    EXPECT_FALSE(verify_password(std::string(127, 'x'), hash));
}

TEST(password_hash, depends_on_the_text_after_a_nul) {
    using namespace std::string_view_literals;
    const std::string hash = hashed("before\0after"sv);
    EXPECT_TRUE(verify_password("before\0after"sv, hash));
    EXPECT_FALSE(verify_password("before\0other"sv, hash));
    EXPECT_FALSE(verify_password("before"sv, hash));
    EXPECT_FALSE(verify_password("\0before"sv, hashed("")));
}

TEST(password_hash, depends_on_every_byte_of_a_non_ascii_letter) {
    const std::string hash = hashed("pässwörd");
    EXPECT_TRUE(verify_password("pässwörd", hash));
    EXPECT_FALSE(verify_password("pässwôrd", hash));
}

TEST(password_hash, refuses_a_cost_out_of_range) {
    seeded_random random;
    for (const int cost : {-1, 0, 3, 17, 31, 1000}) {
        const auto hash = hash_password("text", cost, random);
        ASSERT_FALSE(hash) << cost;
        EXPECT_EQ(hash.error().code, errc::invalid_input);
    }
}

TEST(password_hash, contains_its_cost) {
    seeded_random random;
    EXPECT_EQ(cost_of(known_hash), 4);
    EXPECT_EQ(cost_of(hash_password("text", 5, random).value()), 5);
    EXPECT_EQ(cost_of("$2b$12$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu"), 12);
    EXPECT_EQ(cost_of("$2b$16$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu"), 16);
}

class not_a_hash : public testing::TestWithParam<std::string_view> {};

TEST_P(not_a_hash, has_no_cost_and_never_matches) {
    EXPECT_EQ(cost_of(GetParam()), 0);
    EXPECT_FALSE(verify_password(known_text, GetParam()));
    EXPECT_FALSE(verify_password("", GetParam()));
}

INSTANTIATE_TEST_SUITE_P(
    strings, not_a_hash,
    testing::Values("", "*0", "*1", "x", "$2b$", "$2b$04$", "$2b$04$abcdefghijklmnopqrstuu",
                    "$2b$04$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIq",   // one character short
                    "$2b$04$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIquu", // one character too long
                    "$2a$04$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",  // other revisions
                    "$2y$04$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",
                    "$2x$04$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",
                    "$2b$03$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu", // cost out of range
                    "$2b$17$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",
                    "$2b$31$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",
                    "$2b$4$$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",
                    "$2b$-4$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",
                    "$2b$ 4$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",
                    "$2b$04xabcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIqu",
                    "$2b$04$abcdefghijklmnopqrstu!QFUZDSoSe.wmA0ORk2X1IjnANOtYIqu", // outside the alphabet
                    std::string_view{"$2b$04$abcdefghijklmnopqrstuuQFUZDSoSe.wmA0ORk2X1IjnANOtYIq\0", 60},
                    "correct horse battery staple",
                    "$6$saltsaltsaltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq"));

TEST(password_hash, a_salt_with_non_zero_unused_bits_never_matches) {
    // The 22nd salt character has only two used bits: `v` has the same value as `u`, and libcrypt writes `u`.
    std::string hash{known_hash};
    ASSERT_EQ(hash[28], 'u');
    hash[28] = 'v';
    EXPECT_FALSE(verify_password(known_text, hash));
}

} // namespace
} // namespace breakwater::crypto
