#include "http/forwarded.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

std::optional<std::string> read(std::string_view field) {
    std::vector<forwarded_element> elements;
    if (!read_forwarded(field, elements))
        return std::nullopt;
    std::string out;
    for (const forwarded_element& element : elements)
        out += element.from.value_or("-") + ' ' + element.proto.value_or("-") + '|';
    return out;
}

// RFC 7239 section 4, including its examples
TEST(forwarded, is_parsed_according_to_its_grammar) {
    EXPECT_EQ(read(R"(for="_gazonk")"), "_gazonk -|");
    EXPECT_EQ(read(R"(For="[2001:db8:cafe::17]:4711")"), "[2001:db8:cafe::17]:4711 -|");
    EXPECT_EQ(read("for=192.0.2.60;proto=http;by=203.0.113.43"), "192.0.2.60 http|");
    EXPECT_EQ(read("for=192.0.2.43, for=198.51.100.17"), "192.0.2.43 -|198.51.100.17 -|");
    EXPECT_EQ(read(R"(host="a, b";proto=https , for=unknown)"), "- https|unknown -|");
    EXPECT_EQ(read(R"(for="a\"b;c,d")"), "a\"b;c,d -|");
    EXPECT_EQ(read("for=a;;proto=b;, ,for=c"), "a b|c -|");
    EXPECT_EQ(read("secret=x;for=a"), "a -|") << "extensions are ignored (section 5.5)";
    EXPECT_EQ(read(""), "");
}

TEST(forwarded, is_refused_if_it_is_ambiguous) {
    for (const char* invalid :
         {"for", "for=", "for=\"a", "for=\"a\\", "for=\"a\"b", "for=[::1]", "for=1.2.3.4:80", "for=a for=b",
          "for =a", "for= a", "=a", "for=a;for=b", "FOR=a;for=a", "proto=http;proto=https", "by=a;by=b",
          "host=a;host=b", "for=\"\x01\""})
        EXPECT_EQ(read(invalid), std::nullopt) << invalid;
}

} // namespace
} // namespace breakwater::http
