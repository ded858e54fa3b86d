#include "http/query.hpp"

#include "http/percent.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

TEST(parse_query, splits_and_decodes_in_order) {
    EXPECT_EQ(parse_query(""), pairs{});
    EXPECT_EQ(parse_query("limit=5&since=2026-01-01T00%3A00%3A00%2B02:00"),
              (pairs{{"limit", "5"}, {"since", "2026-01-01T00:00:00+02:00"}}));
    EXPECT_EQ(parse_query("q=a+b%20c&q=2"), (pairs{{"q", "a b c"}, {"q", "2"}}));
    EXPECT_EQ(parse_query("flag&empty=&=x&a=b=c"),
              (pairs{{"flag", ""}, {"empty", ""}, {"", "x"}, {"a", "b=c"}}));
    EXPECT_EQ(parse_query("&&a=1&&"), (pairs{{"a", "1"}}));
    EXPECT_EQ(parse_query("n=%C3%BCber"), (pairs{{"n", "über"}}));
}

TEST(parse_query, refuses_malformed_encodings) {
    for (const char* invalid :
         {"a=%", "a=%4", "a=%zz", "%=1", "a=%00", "a=%ff", "a=%C3", "a=%ED%A0%80", "a=%C0%AF"})
        EXPECT_FALSE(parse_query(invalid)) << invalid;
}

TEST(parse_query, limits_the_number_of_pairs) {
    std::string query = "a=1";
    for (std::size_t i = 1; i < max_query_pairs; ++i)
        query += "&a=1";
    ASSERT_TRUE(parse_query(query));
    EXPECT_EQ(parse_query(query)->size(), max_query_pairs);
    EXPECT_FALSE(parse_query(query + "&a=1"));
}

TEST(is_utf8, checks_the_boundaries) {
    for (const char* valid : {"", "a", "\x7f", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                              "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        EXPECT_TRUE(is_utf8(valid)) << valid;
    for (const char* invalid :
         {"\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
          "\xf5\x80\x80\x80", "\xff", "a\xc3", "\xe2\x82", "\xc3\x28"})
        EXPECT_FALSE(is_utf8(invalid)) << invalid;
}

} // namespace
} // namespace breakwater::http
