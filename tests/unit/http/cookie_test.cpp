#include "http/cookie.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

TEST(find_cookie_test, finds_the_first_cookie_with_the_exact_name) {
    EXPECT_EQ(find_cookie("a=1; bb=2; a=3", "a"), "1");
    EXPECT_EQ(find_cookie("aa=1;  a=x=y", "a"), "x=y");
    EXPECT_EQ(find_cookie("a=", "a"), "");
}

TEST(find_cookie_test, finds_nothing_without_the_cookie) {
    for (const auto* header : {"", ";", "; ;", "a", "A=1", "xa=1", " = ", "b=a=1", "   "})
        EXPECT_EQ(find_cookie(header, "a"), std::nullopt) << header;
}

} // namespace
} // namespace breakwater::http
