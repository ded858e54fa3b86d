#include "base/json_text.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

std::string nested(std::size_t depth, std::string_view inner = "") {
    return std::string(depth, '[') + std::string{inner} + std::string(depth, ']');
}

struct accepted {
    std::string_view name;
    std::string_view text;
    std::string_view compact;
};

class accepted_json : public testing::TestWithParam<accepted> {};

TEST_P(accepted_json, keeps_its_spelling_without_white_space) {
    const auto document = read_json(GetParam().text);
    ASSERT_TRUE(document) << document.error().detail;
    EXPECT_EQ(document->text, GetParam().compact);
    const auto again = read_json(document->text);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->text, document->text);
}

INSTANTIATE_TEST_SUITE_P(
    table, accepted_json,
    testing::Values(
        accepted{"null_literal", " null\n", "null"}, accepted{"true_literal", "true", "true"},
        accepted{"false_literal", "\t\r\n false ", "false"}, accepted{"zero", "0", "0"},
        accepted{"negative_zero", "-0", "-0"}, accepted{"negative_zero_point", "-0.0e-0", "-0.0e-0"},
        accepted{"spelling_of_numbers", "[1.0, 1.50, 1E5, 1e+05 ,-3.5]", "[1.0,1.50,1E5,1e+05,-3.5]"},
        accepted{"more_digits_than_a_double", "12345678901234567890.12345678901234567890",
                 "12345678901234567890.12345678901234567890"},
        accepted{"largest_double", "1.7976931348623157e308", "1.7976931348623157e308"},
        accepted{"largest_double_spelled_small", "0.0017976931348623157e311", "0.0017976931348623157e311"},
        accepted{"too_small_is_nearly_zero", "1e-400", "1e-400"},
        accepted{"zero_with_any_exponent", "0.000e99999999999999999999", "0.000e99999999999999999999"},
        accepted{"empty_array", "[ ]", "[]"}, accepted{"empty_object", "{ \n }", "{}"},
        accepted{"empty_name", R"({"" : 1})", R"({"":1})"},
        accepted{"nested", R"( { "a" : [ 1 , { "b" : [ ] } ] , "c" : { } } )",
                 R"({"a":[1,{"b":[]}],"c":{}})"},
        accepted{"white_space_in_strings_stays", R"([" a  b "])", R"([" a  b "])"},
        accepted{"every_escape", R"("\"\\\/\b\f\n\r\t\u00e9")", R"("\"\\\/\b\f\n\r\t\u00e9")"},
        accepted{"surrogate_pair", R"("\ud83d\ude00")", R"("\ud83d\ude00")"},
        accepted{"two_to_four_bytes",
                 "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
                 "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""},
        accepted{"same_name_in_other_objects", R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})",
                 R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})"},
        accepted{"delete_character", "\"\x7f\"", "\"\x7f\""}),
    [](const auto& row) { return std::string{row.param.name}; });

struct refused {
    std::string_view name;
    std::string_view text;
    std::string_view at;     ///< the byte in the error
    std::string_view reason; ///< a part of the error
};

class refused_json : public testing::TestWithParam<refused> {};

TEST_P(refused_json, reports_the_position_and_the_reason) {
    const auto document = read_json(GetParam().text);
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().code, errc::malformed);
    EXPECT_NE(document.error().detail.find("at byte " + std::string{GetParam().at} + ": "), std::string::npos)
        << document.error().detail;
    EXPECT_NE(document.error().detail.find(GetParam().reason), std::string::npos) << document.error().detail;
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    table, refused_json,
    testing::Values(
        refused{"nothing", "", "0", "ends"}, refused{"only_space", "  ", "2", "ends"},
        refused{"two_values", "1 2", "2", "after the value"},
        refused{"object_and_more", "{}{}", "2", "after the value"},
        refused{"comma_after", "[],", "2", "after the value"},
        refused{"nul_after", "1\0"sv, "1", "after the value"},
        refused{"byte_order_mark", "\xef\xbb\xbf{}", "0", "value is expected"},
        refused{"not_a_number", "NaN", "0", "value is expected"},
        refused{"infinity", "[Infinity]", "1", "value is expected"},
        refused{"negative_infinity", "-Infinity", "0", "digit"},
        refused{"plus", "+1", "0", "value is expected"},
        refused{"capital_literal", "True", "0", "value is expected"},
        refused{"literal_cut", "nul", "0", "value is expected"},
        refused{"literal_longer", "nulls", "4", "after the value"},
        refused{"leading_zero", "01", "0", "leading zeros"},
        refused{"leading_zeros", "[-00.5]", "1", "leading zeros"},
        refused{"hexadecimal", "0x10", "1", "after the value"},
        refused{"no_digit_before_point", ".5", "0", "value is expected"},
        refused{"no_digit_after_point", "[5.]", "1", "decimal point"},
        refused{"no_exponent", "5e+", "0", "exponent"}, refused{"beyond_double", "1e400", "0", "range"},
        refused{"just_beyond", "[1.7976931348623159e308]", "1", "range"},
        refused{"beyond_without_exponent", "-0.1e310", "0", "range"},
        refused{"endless_exponent", "1e99999999999999999999999999", "0", "range"},
        refused{"comma_first", "[,1]", "1", "value is expected"},
        refused{"comma_last", "[1,]", "3", "value is expected"},
        refused{"comma_last_in_object", R"({"a":1,})", "7", "name"},
        refused{"no_comma", "[1 2]", "3", "comma"}, refused{"no_colon", R"({"a" 1})", "5", "colon"},
        refused{"no_value", R"({"a":})", "5", "value is expected"},
        refused{"bare_name", "{a:1}", "1", "name"}, refused{"single_quotes", "{'a':1}", "1", "name"},
        refused{"number_as_name", "{1:1}", "1", "name"}, refused{"wrong_closing", "[1}", "2", "bracket"},
        refused{"wrong_closing_of_object", R"({"a":1])", "6", "brace"},
        refused{"comment", "[1/**/]", "2", "comma"}, refused{"closing_only", "]", "0", "value is expected"},
        refused{"open_array", "[1", "2", "within an array"},
        refused{"open_object", R"({"a":1)", "6", "within an object"},
        refused{"form_feed_is_no_space", "\f1", "0", "value is expected"},
        refused{"no_break_space",
                "\xc2\xa0"
                "1",
                "0", "value is expected"},
        refused{"open_string", R"(["abc)", "1", "not closed"},
        refused{"quote_escaped", R"("abc\")", "0", "not closed"},
        refused{"line_break_in_string", "\"a\nb\"", "2", "control"},
        refused{"nul_in_string", "\"\0\""sv, "1", "control"},
        refused{"control_late_in_string", "\"0123456789\x1f\"", "11", "control"},
        refused{"unknown_escape", R"("\x41")", "1", "unknown escape"},
        refused{"capital_u", R"("\U0041")", "1", "unknown escape"},
        refused{"short_unicode", R"("\u41")", "1", "four hexadecimal"},
        refused{"signed_unicode", R"("\u-041")", "1", "four hexadecimal"},
        refused{"lone_high", R"("\ud83d")", "1", "surrogate"},
        refused{"lone_low", R"("a\ude00")", "2", "surrogate"},
        refused{"two_highs", R"("\ud83d\ud83d")", "1", "surrogate"},
        refused{"high_and_letter", R"("\ud83dA")", "1", "surrogate"},
        refused{"overlong_slash", "\"\xc0\xaf\"", "1", "UTF-8"},
        refused{"overlong_three", "\"\xe0\x80\xaf\"", "1", "UTF-8"},
        refused{"overlong_four", "\"\xf0\x80\x80\xaf\"", "1", "UTF-8"},
        refused{"encoded_surrogate", "\"\xed\xa0\x80\"", "1", "UTF-8"},
        refused{"past_last_character", "\"\xf4\x90\x80\x80\"", "1", "UTF-8"},
        refused{"latin_1", "\"caf\xe9\"", "4", "UTF-8"},
        refused{"lone_continuation", "\"12345678\x80\"", "9", "UTF-8"},
        refused{"sequence_cut_by_quote", "\"\xe2\x82\"", "1", "UTF-8"},
        refused{"same_name", R"({"a":1,"b":2,"a":3})", "13", R"("a" occurs twice)"},
        refused{"same_name_by_escape", R"({"a":1,"\u0061":2})", "7", "twice"},
        refused{"same_name_by_two_escapes", R"({"\u00e9":1,"\u00E9":2})", "12", "twice"},
        refused{"same_name_by_bytes_and_escape", "{\"\xc3\xa9\":1,\"\\u00e9\":2}", "8", "twice"},
        refused{"same_name_by_surrogates", "{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\ude00\":2}", "10", "twice"},
        refused{"same_name_below", R"([{"x":{"a":1,"a":1}}])", "13", "twice"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(json_text, allows_nesting_only_up_to_the_limit) {
    EXPECT_TRUE(read_json(nested(32)));
    EXPECT_TRUE(read_json(nested(31, "{}")));
    EXPECT_FALSE(read_json(nested(33)));
    EXPECT_FALSE(read_json(nested(32, "{}")));
    EXPECT_TRUE(read_json(nested(32, "1")));
    EXPECT_TRUE(read_json("1", 0));
    EXPECT_FALSE(read_json("[]", 0));
    // Closing reduces the depth: consecutive arrays do not add up.
    EXPECT_TRUE(read_json("[" + nested(31) + "," + nested(31) + "]"));
}

TEST(json_text, refuses_a_million_brackets_without_a_deep_call_stack) {
    EXPECT_FALSE(read_json(std::string(1'000'000, '[')));
    EXPECT_TRUE(read_json(nested(1'000'000), 1'000'000));
}

std::string object_of(std::size_t count, std::string_view last) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i)
        text += "\"k" + std::to_string(i) + "\":0,";
    return text + "\"" + std::string{last} + "\":0}";
}

TEST(json_text, finds_a_duplicate_among_any_number_of_names) {
    for (const std::size_t count : {1U, 15U, 16U, 17U, 18U, 100U, 5000U}) {
        EXPECT_TRUE(read_json(object_of(count, "other"))) << count;
        EXPECT_FALSE(read_json(object_of(count, "k0"))) << count;
        EXPECT_FALSE(read_json(object_of(count, "\\u006b" + std::to_string(count - 1)))) << count;
        EXPECT_FALSE(read_json("[" + object_of(count, "x") + "," + object_of(count, "k0") + "]")) << count;
    }
}

TEST(json_text, reports_the_second_of_two_equal_names_among_many) {
    const std::string text = object_of(40, "k7");
    const auto document = read_json(text);
    ASSERT_FALSE(document);
    EXPECT_NE(document.error().detail.find("at byte " + std::to_string(text.rfind("\"k7\"")) + ":"),
              std::string::npos)
        << document.error().detail;
}

TEST(json_text, shortens_a_long_name_in_the_error) {
    const std::string name(100'000, 'n');
    const auto document = read_json("{\"" + name + "\":1,\"" + name + "\":2}");
    ASSERT_FALSE(document);
    EXPECT_LT(document.error().detail.size(), 250U);
}

TEST(json_text, lists_the_top_level_members) {
    const auto document = read_json(
        R"( { "a" : 1 , "s":"x y", "o" : { "a" : [ 1, 2 ] } , "l":[ ], "t" :true,"n":null,"\u0065":-2.50e1 } )");
    ASSERT_TRUE(document);
    EXPECT_EQ(document->kind, json_kind::object);
    const std::vector<std::tuple<std::string, json_kind, std::string_view>> expected{
        {"a", json_kind::number, "1"},
        {"s", json_kind::string, "\"x y\""},
        {"o", json_kind::object, R"({"a":[1,2]})"},
        {"l", json_kind::array, "[]"},
        {"t", json_kind::boolean, "true"},
        {"n", json_kind::null, "null"},
        {"e", json_kind::number, "-2.50e1"}};
    ASSERT_EQ(document->members.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto& member = document->members[i];
        EXPECT_EQ(member.key, std::get<0>(expected[i]));
        EXPECT_EQ(member.kind, std::get<1>(expected[i])) << member.key;
        EXPECT_EQ(document->value(member), std::get<2>(expected[i])) << member.key;
        EXPECT_EQ(document->find(member.key), &member);
    }
    EXPECT_EQ(document->find("missing"), nullptr);
}

TEST(json_text, reports_the_kind_of_the_document) {
    EXPECT_EQ(read_json("[1]")->kind, json_kind::array);
    EXPECT_TRUE(read_json(R"([{"a":1}])")->members.empty());
    EXPECT_EQ(read_json("\"x\"")->kind, json_kind::string);
    EXPECT_EQ(read_json("-1")->kind, json_kind::number);
}

TEST(json_text, refuses_every_truncated_text) {
    const std::string whole =
        "{\"a\":[1,-2.5e+3,true,null],\"\\ud83d\\ude00\":\"caf\xc3\xa9 \\n\",\"o\":{\"x\":{}}}";
    ASSERT_TRUE(read_json(whole));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        // A separate copy, so that a sanitizer detects a read past the end.
        const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_FALSE(read_json({cut.data(), cut.size()})) << length;
    }
}

TEST(json_text, survives_any_byte_at_any_position) {
    const std::string whole = R"({"a":[1,-2.5e+3,true],"\u00e9":"x"})";
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int byte = 0; byte < 256; ++byte) {
            std::string changed = whole;
            changed[at] = static_cast<char>(byte);
            if (const auto document = read_json(changed)) {
                const auto again = read_json(document->text);
                ASSERT_TRUE(again) << changed;
                EXPECT_EQ(again->text, document->text);
            }
        }
}

std::string as_json_string(std::string_view value) {
    std::string out;
    append_json_string(out, value);
    return out;
}

TEST(json_string, escapes_what_json_requires_and_what_affects_a_terminal) {
    EXPECT_EQ(as_json_string(""), R"("")");
    EXPECT_EQ(as_json_string("plain text, long enough for words"), R"("plain text, long enough for words")");
    EXPECT_EQ(as_json_string("\"\\/"), R"("\"\\/")");
    EXPECT_EQ(as_json_string("\b\f\n\r\t"), R"("\b\f\n\r\t")");
    EXPECT_EQ(as_json_string("a\0b\x1b[31m"sv), R"("a\u0000b\u001b[31m")");
    EXPECT_EQ(as_json_string("1234567\x7f"), R"("1234567\u007f")");
    EXPECT_EQ(as_json_string("\xc2\x9b"), R"("\u009b")");
    EXPECT_EQ(as_json_string("\xc2\xa0\xe2\x82\xac\xf0\x9f\x98\x80"),
              "\"\xc2\xa0\xe2\x82\xac\xf0\x9f\x98\x80\"");
}

TEST(json_string, replaces_invalid_utf_8) {
    const std::string mark = "\xef\xbf\xbd";
    EXPECT_EQ(as_json_string("a\xff"), "\"a" + mark + "\"");
    EXPECT_EQ(as_json_string("\xe2\x82"), "\"" + mark + "\"");
    EXPECT_EQ(as_json_string("\xe2\x82x"), "\"" + mark + "x\"");
    EXPECT_EQ(as_json_string("\xc0\xaf"), "\"" + mark + mark + "\"");
    EXPECT_EQ(as_json_string("\xed\xa0\x80"), "\"" + mark + mark + mark + "\"");
    EXPECT_EQ(as_json_string("\xf0\x9f\x98"), "\"" + mark + "\"");
}

TEST(check_json, checks_only_the_grammar) {
    for (const char* json : {R"([{"a":1,"a":2}])", R"(["\ud800"])", "[1e999, -1e999999999999999999999]", "[]",
                             "0", R"({"a":{"b":[true,false,null," "]}})"})
        EXPECT_TRUE(check_json(json)) << json;
    EXPECT_TRUE(check_json(std::string(1000, '[') + std::string(1000, ']')));
    for (const char* text :
         {"", "[1,]", "[,1]", "[1 2]", "[{},{]", "[nul]", "[01]", "[1]]", "[\"\x01\"]", "[\"\xff\"]",
          "[\"\\x\"]", "[\"\\u12\"]", "{\"a\"}", "{a:1}", "[1.]", "[NaN]", "['a']", "[1] x"})
        EXPECT_EQ(check_json(text).error().code, errc::malformed) << text;
    EXPECT_FALSE(check_json(std::string(5'000'000, '[')));
}

TEST(json_string, of_any_bytes_is_valid_json) {
    std::string every;
    for (int round = 0; round < 3; ++round)
        for (int byte = 0; byte < 256; ++byte)
            every += static_cast<char>(byte * (2 * round + 1));
    EXPECT_TRUE(read_json(as_json_string(every)));
    for (std::size_t length = 0; length < every.size(); ++length)
        EXPECT_TRUE(read_json(as_json_string(std::string_view{every}.substr(length))));
}

TEST(json_string, unescapes_to_its_text) {
    EXPECT_EQ(unescape_json_string(R"("")"), "");
    EXPECT_EQ(unescape_json_string(R"("plain")"), "plain");
    EXPECT_EQ(unescape_json_string(R"("\"\\\/\b\f\n\r\t|")"), "\"\\/\b\f\n\r\t|");
    EXPECT_EQ(unescape_json_string(R"("\u0041\u00e9\u20ac\ud83d\ude00")"),
              "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    EXPECT_EQ(unescape_json_string(R"("\uDBFF\uDFFF")"), "\xf4\x8f\xbf\xbf");
    EXPECT_EQ(unescape_json_string(R"("\u0000")"), "\0"sv);
    EXPECT_EQ(unescape_json_string(as_json_string("\x01 \"mixed\" \n \xc3\xa9")),
              "\x01 \"mixed\" \n \xc3\xa9");
}

} // namespace
} // namespace breakwater
