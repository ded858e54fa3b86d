#include "app/terminal.hpp"

#include "app/new_password.hpp"

#include <gtest/gtest.h>

namespace breakwater::app {
namespace {

TEST(terminal, shows_no_control_characters) {
    EXPECT_EQ(printable("Dach \u2013 Süd 北"), "Dach \u2013 Süd 北");
    EXPECT_EQ(printable("a\x1b[2Jb\r\n\x7f"), "a?[2Jb???");
    EXPECT_EQ(printable("a\u009bb"), "a?b");
    EXPECT_EQ(printable("a\u202eb\u2066"), "a?b?");
    EXPECT_EQ(printable("\u00a0"), "\u00a0");
    EXPECT_EQ(printable("\xc2"), "\xc2") << "a cut character is not read past its end";
}

TEST(terminal, aligns_columns_by_characters) {
    EXPECT_EQ(as_table({{"ID", "NAME", "X"}, {"1", "Süd", "y"}, {"12345", "b", ""}}),
              "ID     NAME  X\n1      Süd   y\n12345  b     \n");
    EXPECT_EQ(as_table({}), "");
}

TEST(new_password, has_the_bounds_of_the_api) {
    EXPECT_FALSE(check_password_text("1234567"));
    EXPECT_TRUE(check_password_text("12345678"));
    std::string umlauts;
    for (int i = 0; i < 128; ++i)
        umlauts += "ü";
    EXPECT_TRUE(check_password_text(umlauts)) << "counted in characters";
    EXPECT_FALSE(check_password_text(umlauts + "u"));
    EXPECT_TRUE(check_password_text("üüüüüüüü"));
    EXPECT_FALSE(check_password_text("üüüü")) << "8 bytes";
}

TEST(new_password, must_be_utf8) {
    EXPECT_FALSE(check_password_text("12345678\xff"));
    EXPECT_FALSE(check_password_text("12345678\xc3"));
    EXPECT_TRUE(check_password_text("12345678\x7f\x01\"\\"));
}

} // namespace
} // namespace breakwater::app
