#include "domain/field_name.hpp"

#include "domain/alert_rule.hpp"
#include "support/field_vectors.hpp"

#include <rapidcheck.h>

namespace breakwater {
namespace {

namespace json = boost::json;

field_path path_of(const json::value& steps) {
    field_path out;
    for (const json::value& step : steps.as_array())
        if (step.is_string())
            out.emplace_back(std::string{step.as_string()});
        else
            out.emplace_back(step.to_number<std::size_t>());
    return out;
}

TEST(field_name, maps_one_to_one_to_a_path) {
    const auto vectors = test::field_vectors();
    for (const json::value& vector : vectors.at("names").as_array()) {
        const std::string name{vector.at("name").as_string()};
        EXPECT_EQ(write_field_name(path_of(vector.at("path"))), name);
        const auto read = parse_field_name(name);
        ASSERT_TRUE(read) << name << ": " << read.error().detail;
        EXPECT_EQ(*read, path_of(vector.at("path"))) << name;
    }
}

TEST(field_name, that_is_invalid_is_refused_with_its_position) {
    const auto vectors = test::field_vectors();
    for (const json::value& vector : vectors.at("not_names").as_array()) {
        const std::string text{vector.at("text").as_string()};
        const auto read = parse_field_name(text);
        ASSERT_FALSE(read) << text;
        EXPECT_TRUE(
            read.error().detail.starts_with("At byte " + std::to_string(vector.at("at").as_int64()) + ": "))
            << text << ": " << read.error().detail;
    }
    EXPECT_EQ(parse_field_name("a[63]").value().size(), 2U);
    EXPECT_EQ(parse_field_name("a[64]").error().code, errc::too_large) << "a bound, not the grammar";
}

TEST(field_name, lists_are_split_at_unescaped_commas) {
    const auto vectors = test::field_vectors();
    for (const json::value& vector : vectors.at("lists").as_array()) {
        const std::string text{vector.at("text").as_string()};
        std::vector<std::string_view> names;
        for (const json::value& name : vector.at("names").as_array())
            names.emplace_back(name.as_string());
        EXPECT_EQ(split_field_names(text), names) << text;
    }
}

TEST(field_name, round_trips_for_any_keys) {
    const auto key = rc::gen::container<std::string>(
        rc::gen::oneOf(rc::gen::element('\\', '.', ',', '[', ']', 'e', '0'), rc::gen::arbitrary<char>()));
    const auto step =
        rc::gen::oneOf(rc::gen::map(key, [](std::string text) { return field_step{std::move(text)}; }),
                       rc::gen::map(rc::gen::inRange<std::size_t>(0, max_array_values),
                                    [](std::size_t index) { return field_step{index}; }));
    EXPECT_TRUE(rc::check("a path survives writing and parsing", [&] {
        field_path path{*key};
        for (field_step& each : *rc::gen::resize(8, rc::gen::container<std::vector<field_step>>(step)))
            path.push_back(std::move(each));
        const std::string name = write_field_name(path);
        RC_ASSERT(parse_field_name(name).value() == path);
        RC_ASSERT(split_field_names(name + "," + name) == (std::vector<std::string_view>{name, name}));
    }));
    EXPECT_TRUE(rc::check("an accepted text is the only spelling of its path", [&] {
        const std::string text = *key;
        if (const auto path = parse_field_name(text))
            RC_ASSERT(write_field_name(*path) == text);
    }));
}

TEST(field_name, that_no_reading_can_have_is_refused_in_a_rule) {
    const auto refusal = [](std::string field) {
        const auto checked =
            check(alert_rule{.name = "x", .when = field_condition{.field = std::move(field)}});
        return checked ? std::string{} : checked.error().detail;
    };
    EXPECT_EQ(refusal("m.a\\.b"), "");
    EXPECT_EQ(refusal("\\e"), "");
    EXPECT_EQ(refusal("arr[64]"),
              "field is not a valid field name. At byte 3: only the first 64 values in an array have names.");
    EXPECT_TRUE(refusal("x,y").starts_with("field is not a valid field name. At byte 1: "));
    EXPECT_TRUE(refusal("").starts_with("field is not a valid field name. At byte 0: "));
    EXPECT_EQ(refusal(std::string(max_rule_field_length, 'a')), "");
    EXPECT_EQ(refusal(std::string(max_rule_field_length + 1, 'a')), "field must have at most 200 bytes.");
}

} // namespace
} // namespace breakwater
