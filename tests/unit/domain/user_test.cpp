#include "domain/user.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

using namespace std::string_view_literals;

const std::string long_label(63, 'd');

TEST(email, is_trimmed_and_lower_cased) {
    EXPECT_EQ(normalise_email(" \t Ada.Lovelace+IoT@Example.COM\r\n"), "ada.lovelace+iot@example.com");
}

TEST(email, is_accepted_in_every_usual_form) {
    for (const std::string& text : std::initializer_list<std::string>{
             "a@b.c", "admin@example.com", "o'neil@example.ie", "x_y-z@sub-domain.example.co.uk", "1@2.3",
             "!#$%&'*+-/=?^_`{|}~@example.com", std::string(64, 'l') + "@example.com",
             "a@" + long_label + ".com", "a@xn--bcher-kva.example"})
        EXPECT_EQ(normalise_email(text), text);
}

TEST(email, is_refused_in_any_other_form) {
    for (const std::string& text : std::initializer_list<std::string>{"",
                                                                      "   ",
                                                                      "@",
                                                                      "a@",
                                                                      "@b.c",
                                                                      "a",
                                                                      "a.b.c",
                                                                      "a@b",
                                                                      "a@@b.c",
                                                                      "a@b@c.d",
                                                                      ".a@b.c",
                                                                      "a.@b.c",
                                                                      "a..b@c.d",
                                                                      "a@.b.c",
                                                                      "a@b.c.",
                                                                      "a@b..c",
                                                                      "a@-b.c",
                                                                      "a@b-.c",
                                                                      "a b@c.d",
                                                                      "a@b c.d",
                                                                      "\"a b\"@c.d",
                                                                      "a@[127.0.0.1]",
                                                                      "a@b_c.d",
                                                                      "<a@b.c>",
                                                                      "a(comment)@b.c",
                                                                      "a@b.c,d@e.f",
                                                                      "a\n@b.c",
                                                                      "caf\xc3\xa9@example.com",
                                                                      "a@caf\xc3\xa9.com",
                                                                      std::string("a\0@b.c", 6),
                                                                      std::string(65, 'l') + "@example.com",
                                                                      "a@" + long_label + "d.com"})
        EXPECT_FALSE(normalise_email(text)) << text;
}

TEST(email, has_an_exact_length_limit) {
    std::string text = "a@";
    while (text.size() + 64 <= max_email_length - 2)
        text += long_label + ".";
    text += std::string(max_email_length - text.size(), 'e');
    ASSERT_EQ(text.size(), max_email_length);
    EXPECT_TRUE(normalise_email(text)) << text;
    EXPECT_TRUE(normalise_email("  " + text + "  ")) << "the limit applies after trimming";
    EXPECT_FALSE(normalise_email("b" + text));
}

TEST(role, names_convert_both_ways) {
    for (const role value : {role::user, role::admin})
        EXPECT_EQ(parse_role(to_string(value)), value);
    for (const std::string_view text : {"", "Admin", "root", "user "})
        EXPECT_FALSE(parse_role(text)) << text;
}

} // namespace
} // namespace breakwater
