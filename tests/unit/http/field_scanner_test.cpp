#include "http/field_scanner.hpp"

#include <gtest/gtest.h>

namespace breakwater::http {
namespace {

// RFC 9110 section 8.3.1, and 5.6.6 on parameters
TEST(media_type, may_have_parameters) {
    for (const char* valid :
         {"application/json", "Application/JSON", " application/json ", "application/json;charset=utf-8",
          "application/json ; CHARSET=\"UTF-8\"", "application/json; charset=\"u\\tf-8\"",
          "application/json; version=1", "application/json; profile=\"https://a.example/x; charset=latin1\"",
          "application/json; a=b; charset=utf-8; c=d", "application/json;", "application/json; ; a=b;"})
        EXPECT_TRUE(is_utf8_media_type(valid, "application/json")) << valid;
    for (const char* invalid :
         {"", "application", "application/", "/json", "application/jsonp", "application/json, text/plain",
          "application/json text", "application/json; charset=latin1", "application/json; charset=utf-16",
          "application/json; charset=utf-8; charset=latin1", "application/json; charset",
          "application/json; =b", "application/json; charset = utf-8", "application/json; a=\"",
          "application/json; a=\"b\\\"", "application/json; a=b c", "text/json", "application/x-ndjson"})
        EXPECT_FALSE(is_utf8_media_type(invalid, "application/json")) << invalid;
}

// RFC 9110 section 8.8.3.2: weak comparison treats `W/"1"` and `"1"` as equal; section 13.1.2 uses it
TEST(entity_tags, are_compared_weakly) {
    for (const char* matching :
         {"W/\"1\"", "\"1\"", "*", " \"1\" ", "\"0\", \"1\"", "\"0\",W/\"1\"", "\"0\",,\"1\"",
          "\"a,b\", \"1\"", "W/\"0\" , W/\"1\" , \"2\"", "\"1\", nonsense"}) {
        EXPECT_TRUE(matches_entity_tag(matching, "W/\"1\"")) << matching;
        EXPECT_TRUE(matches_entity_tag(matching, "\"1\"")) << matching;
    }
    for (const char* other : {"", "\"0\"", "W/\"0\"", "1", "w/\"1\"", "\"1", "\"0\" \"1\"", "*, \"1\"",
                              "\"1, 1\"", "nonsense, \"1\"", "W/", "\"\x01\", \"1\""})
        EXPECT_FALSE(matches_entity_tag(other, "W/\"1\"")) << other;
    EXPECT_TRUE(matches_entity_tag("\"a,b\"", "W/\"a,b\"")) << "a tag may contain a comma";
}

// RFC 9110 section 12.4.2
TEST(weights, have_three_decimals) {
    EXPECT_EQ(parse_weight(""), 1000);
    EXPECT_EQ(parse_weight(";q=1"), 1000);
    EXPECT_EQ(parse_weight(" ; Q=1.000"), 1000);
    EXPECT_EQ(parse_weight(";q=0."), 0);
    EXPECT_EQ(parse_weight(";q=0.5"), 500);
    EXPECT_EQ(parse_weight("; q=0.001"), 1);
    for (const char* invalid : {";", ";q", ";q=", ";q=2", ";q=-1", ";q=0.0001", ";q=1.001", ";q=.5", ";q=05",
                                ";q=x", ";level=1", "q=1", ";q=0.5;q=1"})
        EXPECT_EQ(parse_weight(invalid), std::nullopt) << invalid;
}

} // namespace
} // namespace breakwater::http
