#include "unit/wire/complaints.hpp"
#include "wire/schema/reflect.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace breakwater::wire {

// Structs for features that the API does not use yet.

struct rule_request {
    bool enabled = false;
    wire::schema::integer<-5, 5> threshold;
    std::optional<wire::schema::integer<0, 9>> times;
    std::optional<role> audience;
};
BOOST_DESCRIBE_STRUCT(rule_request, (), (enabled, threshold, times, audience))

struct partly_described {
    bool one = false;
    bool two = false;
};
BOOST_DESCRIBE_STRUCT(partly_described, (), (one))

struct wrongly_documented {
    bool one = false;
};
BOOST_DESCRIBE_STRUCT(wrongly_documented, (), (one))

namespace schema {

template <>
struct about<rule_request> {
    static constexpr std::string_view name = "RuleRequest";
    static constexpr std::string_view description = "A rule.";
    static constexpr std::string_view example = R"({"enabled":true,"threshold":1})";
    static constexpr std::array notes{field_note{"enabled", "On \"or\" off."},
                                      field_note{"threshold", "The threshold."},
                                      field_note{"times", "The count."}, field_note{"audience", "The role."}};
};

template <>
struct about<partly_described> {
    static constexpr std::array notes{field_note{"one", "First."}};
};

template <>
struct about<wrongly_documented> {
    static constexpr std::array notes{field_note{"two", "Not its name."}};
};

static_assert(completely_described<rule_request>());
static_assert(!completely_described<partly_described>());
static_assert(!completely_described<wrongly_documented>());

} // namespace schema

namespace {

using testing::complaints;
using testing::lines;
using wire::schema::parse;

TEST(reflection, reads_numbers_and_booleans_from_a_body) {
    const auto parsed =
        parse<rule_request>(R"({"enabled":true,"threshold":-5,"times":9,"audience":"admin"})");
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->enabled);
    EXPECT_EQ(parsed->threshold.value, -5);
    EXPECT_EQ(parsed->times->value, 9);
    EXPECT_EQ(parsed->audience, role::admin);
    EXPECT_FALSE(parse<rule_request>(R"({"enabled":false,"threshold":5})")->enabled);
}

TEST(reflection, distinguishes_numbers_and_booleans_from_text) {
    EXPECT_EQ(
        complaints(parse<rule_request>(R"({"enabled":"true","threshold":"1","times":true,"audience":1})")),
        (lines{"body.enabled: Must be true or false.", "body.threshold: Must be a whole number.",
               "body.times: Must be a whole number.", "body.audience: Must be a string."}));
    EXPECT_EQ(complaints(parse<rule_request>(R"({"enabled":1,"threshold":1.5,"times":1e0})")),
              (lines{"body.enabled: Must be true or false.", "body.threshold: Must be a whole number.",
                     "body.times: Must be a whole number."}));
    EXPECT_EQ(
        complaints(parse<rule_request>(R"({"enabled":null,"threshold":6,"times":18446744073709551616})")),
        (lines{"body.enabled: Must be true or false.", "body.threshold: Must be from -5 to 5.",
               "body.times: Must be from 0 to 9."}));
}

TEST(reflection, generates_the_schema_of_a_struct) {
    const auto component = wire::schema::component_of<rule_request>(wire::schema::direction::request);
    EXPECT_EQ(component.name, "RuleRequest");
    EXPECT_EQ(boost::json::parse(component.schema), boost::json::parse(R"({
        "type": "object", "title": "RuleRequest", "description": "A rule.",
        "properties": {
            "enabled": {"type": "boolean", "description": "On \"or\" off."},
            "threshold": {"type": "integer", "format": "int64", "minimum": -5, "maximum": 5,
                          "description": "The threshold."},
            "times": {"anyOf": [{"type": "integer", "format": "int64", "minimum": 0, "maximum": 9}, {"type": "null"}],
                      "description": "The count."},
            "audience": {"anyOf": [{"type": "string", "enum": ["user", "admin"]}, {"type": "null"}],
                         "description": "The role."}},
        "required": ["enabled", "threshold"],
        "examples": [{"enabled": true, "threshold": 1}]})"));
}

} // namespace
} // namespace breakwater::wire
