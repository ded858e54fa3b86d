#include "services/password_policy.hpp"

#include <gtest/gtest.h>

namespace breakwater::services {
namespace {

TEST(password_policy, accepts_long_unknown_passwords) {
    for (const std::string_view text : {"correct horse battery staple", "        x", "żółta łódź w porcie",
                                        "aaaaaaab", "\u00a0\u00a0a\u00a0\u00a0"})
        EXPECT_TRUE(check_new_password(text)) << text;
}

TEST(password_policy, refuses_passwords_of_only_white_space) {
    for (const std::string_view text : {"         ", " \t \t \t \t ", "\u00a0 \u2003 \u3000 \u2009  "})
        EXPECT_FALSE(check_new_password(text)) << text;
}

TEST(password_policy, refuses_one_character_repeated) {
    for (const std::string_view text :
         {"aaaaaaaaaaaaaaaaaaaa", "żżżżżżżżż", "😀😀😀😀😀😀😀😀", "000000000000000000000"})
        EXPECT_FALSE(check_new_password(text)) << text;
}

TEST(password_policy, refuses_the_demo_password_and_passwords_from_breaches) {
    for (const std::string_view text :
         {demo_admin_password, std::string_view{"princess1"}, std::string_view{"Password"}}) {
        const auto allowed = check_new_password(text);
        ASSERT_FALSE(allowed) << text;
        EXPECT_EQ(allowed.error().code, errc::invalid_input);
        ASSERT_EQ(allowed.error().fields.size(), 1U);
        EXPECT_EQ(allowed.error().fields[0].loc, "body.password");
    }
}

} // namespace
} // namespace breakwater::services
