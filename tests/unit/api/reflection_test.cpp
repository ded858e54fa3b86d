#include "api/schema/reflect.hpp"
#include "unit/api/complaints.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace breakwater::api {

// What the layer can do beyond what today's requests ask of it.

struct rule_request {
    bool enabled = false;
    schema::integer<-5, 5> threshold;
    std::optional<schema::integer<0, 9>> times;
    std::optional<role> audience;
};
BOOST_DESCRIBE_STRUCT(rule_request, (), (enabled, threshold, times, audience))

struct half_described {
    bool one = false;
    bool two = false;
};
BOOST_DESCRIBE_STRUCT(half_described, (), (one))

struct wrongly_noted {
    bool one = false;
};
BOOST_DESCRIBE_STRUCT(wrongly_noted, (), (one))

namespace schema {

template <>
struct about<rule_request> {
    static constexpr std::string_view name = "RuleRequest";
    static constexpr std::string_view description = "A rule.";
    static constexpr std::string_view example = R"({"enabled":true,"threshold":1})";
    static constexpr std::array notes{field_note{"enabled", "On \"or\" off."},
                                      field_note{"threshold", "From where."},
                                      field_note{"times", "How often."}, field_note{"audience", "For whom."}};
};

template <>
struct about<half_described> {
    static constexpr std::array notes{field_note{"one", "First."}};
};

template <>
struct about<wrongly_noted> {
    static constexpr std::array notes{field_note{"two", "Not its name."}};
};

static_assert(completely_described<rule_request>());
static_assert(!completely_described<half_described>());
static_assert(!completely_described<wrongly_noted>());

} // namespace schema

namespace {

using schema::parse;
using testing::complaints;
using testing::lines;

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

TEST(reflection, keeps_numbers_and_booleans_apart_from_text) {
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

TEST(reflection, makes_the_schema_of_a_struct) {
    const auto made = schema::component_of<rule_request>(schema::direction::request);
    EXPECT_EQ(made.name, "RuleRequest");
    EXPECT_EQ(boost::json::parse(made.schema), boost::json::parse(R"({
        "type": "object", "title": "RuleRequest", "description": "A rule.",
        "properties": {
            "enabled": {"type": "boolean", "description": "On \"or\" off."},
            "threshold": {"type": "integer", "format": "int64", "minimum": -5, "maximum": 5,
                          "description": "From where."},
            "times": {"anyOf": [{"type": "integer", "format": "int64", "minimum": 0, "maximum": 9}, {"type": "null"}],
                      "description": "How often."},
            "audience": {"anyOf": [{"type": "string", "enum": ["user", "admin"]}, {"type": "null"}],
                         "description": "For whom."}},
        "required": ["enabled", "threshold"],
        "examples": [{"enabled": true, "threshold": 1}]})"));
}

} // namespace
} // namespace breakwater::api
