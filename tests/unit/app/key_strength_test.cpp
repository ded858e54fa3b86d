#include "app/key_strength.hpp"

#include <gtest/gtest.h>

#include <string>

namespace breakwater::app {
namespace {

TEST(key_strength, is_high_for_random_texts) {
    for (const std::string_view text :
         {"8sJ2kfPq0aLmZx7tVbNc4RyWeUd1HgTo",                                 // base62
          "vK3xq0Vb8mJZ0n5o2yqLr1jv0c2hH8s4Jr0V3m2Zb9w=",                     // base64
          "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", // hex
          "a-long-enough-secret-for-access-tokens-0001"})
        EXPECT_GE(key_strength(text), min_key_strength) << text;
}

TEST(key_strength, is_low_for_repetitions_and_sequences) {
    for (const std::string& text : {std::string(64, 'a'), std::string{"abababababababababababababababababab"},
                                    std::string{"0123456789012345678901234567890123456789"},
                                    std::string{"passwordpasswordpasswordpasswordpass"},
                                    std::string{"abcdefghijklmnopqrstuvwxyz0123456789"},
                                    std::string{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"}, std::string{}})
        EXPECT_LT(key_strength(text), min_key_strength) << text;
}

TEST(key_strength, detects_placeholders_in_any_spelling) {
    for (const std::string_view text :
         {"please-Change-Me-before-production-0123", "your_secret_key_goes_here_1234567",
          "super-secret-access-key-CHANGE_ME-0001"})
        EXPECT_TRUE(looks_like_a_placeholder(text)) << text;
    EXPECT_FALSE(looks_like_a_placeholder("8sJ2kfPq0aLmZx7tVbNc4RyWeUd1HgTo"));
}

} // namespace
} // namespace breakwater::app
