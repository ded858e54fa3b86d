#include "telemetry/csv.hpp"

#include "domain/field_name.hpp"
#include "support/field_vectors.hpp"
#include "telemetry/payload_fields.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace breakwater::telemetry {
namespace {

using namespace std::string_view_literals;

std::string cell(std::string_view text) {
    std::string out;
    append_csv_cell(out, text);
    return out;
}

std::string text_cell(std::string_view text) {
    std::string out;
    append_csv_text(out, text);
    return out;
}

TEST(csv_cell, is_quoted_if_necessary) {
    EXPECT_EQ(cell(""), "");
    EXPECT_EQ(cell("plain text"), "plain text");
    EXPECT_EQ(cell("a,b"), R"("a,b")");
    EXPECT_EQ(cell("a\"b\""), R"("a""b""")");
    EXPECT_EQ(cell("a\r\nb"), "\"a\r\nb\"");
    EXPECT_EQ(cell("a;b"), R"("a;b")");
    EXPECT_EQ(cell(" a"), R"(" a")");
    EXPECT_EQ(cell("a "), R"("a ")");
    EXPECT_EQ(cell("a\0b\0"sv), "a\ufffdb\ufffd");
    EXPECT_EQ(cell("caf\xc3\xa9"), "caf\xc3\xa9");
}

TEST(csv_text, never_starts_a_formula) {
    for (const std::string_view prefix :
         {"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"}) {
        const std::string text = std::string{prefix} + "1+1";
        const std::string created = text_cell(text);
        EXPECT_TRUE(created == "'" + text || created == "\"'" + text + "\"") << created;
    }
    EXPECT_EQ(text_cell(R"x(=HYPERLINK("http://x","y"))x"), R"x("'=HYPERLINK(""http://x"",""y"")")x");
    EXPECT_EQ(text_cell("1=1"), "1=1");
    EXPECT_EQ(text_cell("\uff21"), "\uff21") << "a letter of the same Unicode block";
}

std::vector<std::string> fields(std::string_view payload, long_arrays arrays = long_arrays::first_values) {
    std::vector<std::string> out;
    const auto add = [&](const payload_field& field) {
        out.push_back(std::string{field.name} + "|" + std::to_string(static_cast<int>(field.kind)) + "|" +
                      std::string{field.value});
    };
    for_each_field(payload, add, arrays);
    return out;
}

TEST(payload_fields, are_the_leaves_in_order) {
    EXPECT_EQ(fields("{}"), std::vector<std::string>{});
    EXPECT_EQ(fields(R"({"a":1,"b":{"c":"x","d":{"e":null}},"f":[1,{"g":[2]}],"h":{},"i":true})"),
              (std::vector<std::string>{"a|2|1", R"(b.c|3|"x")", "b.d.e|0|null", "f[0]|2|1", "f[1].g[0]|2|2",
                                        "h|5|{}", "i|1|true"}));
    EXPECT_EQ(
        fields(R"({"a":{"b":{"c":-1.5e3}},"d":"}],{\"","e":["]","}"]})"),
        (std::vector<std::string>{"a.b.c|2|-1.5e3", R"(d|3|"}],{\"")", R"(e[0]|3|"]")", R"(e[1]|3|"}")"}));
    EXPECT_EQ(fields(R"({"":{"":1}})"), std::vector<std::string>{"\\e.\\e|2|1"});
}

TEST(payload_fields, have_different_names_for_similar_paths) {
    EXPECT_EQ(fields(R"({"a.b":1,"a":{"b":2},"\u0061":3})"),
              (std::vector<std::string>{R"(a\.b|2|1)", "a.b|2|2", "a|2|3"}));
}

TEST(payload_fields, have_the_names_of_the_shared_test_vectors) {
    const auto vectors = test::field_vectors();
    for (const auto& vector : vectors.at("payloads").as_array()) {
        std::vector<std::string> actual;
        const auto add = [&](const payload_field& field) {
            if (field.value != "{}" && field.value != "[]")
                actual.push_back(std::string{field.name} + " " + std::string{field.value});
        };
        for_each_field(boost::json::serialize(vector.at("payload")), add);
        std::vector<std::string> expected;
        for (const auto& field : vector.at("fields").as_array())
            expected.push_back(std::string{field.at(0).as_string()} + " " +
                               boost::json::serialize(field.at(1)));
        EXPECT_EQ(actual, expected);
    }
}

/// The fields of the payload that were visited for a selection of `names`, as `name value`.
std::vector<std::string> selected_fields(std::string_view payload, const std::vector<std::string>& names) {
    field_selection selection;
    for (const std::string& name : names)
        selection.add(name);
    std::vector<std::string> out;
    for_each_field(payload, selection, [&](const payload_field& field) {
        out.push_back(std::string{field.name} + " " + std::string{field.value});
    });
    return out;
}

TEST(payload_fields, of_a_selection_are_visited_without_the_others) {
    const std::string payload = R"({"a":1,"b":{"c":"}{\"","d":{"e":null},"f":2},"g":{"a":3},"":4})";
    using list = std::vector<std::string>;
    EXPECT_EQ(selected_fields(payload, {"b.d.e"}), (list{"b.d.e null"}));
    EXPECT_EQ(selected_fields(payload, {"b.f", "a", "b.f", "b.d.e"}), (list{"a 1", "b.d.e null", "b.f 2"}));
    EXPECT_EQ(selected_fields(payload, {"\\e", "g.a"}), (list{"g.a 3", "\\e 4"}));
    EXPECT_EQ(selected_fields(payload, {"b.x", "x", "c", "", "a["}), list{});
    EXPECT_EQ(selected_fields(payload, {}), list{});
    EXPECT_EQ(selected_fields(R"({"a":{"b":1}})", {"a"}), list{}) << "an object is no leaf";
    EXPECT_EQ(selected_fields(R"({"\u0061":{"\u0062":1}})", {"a.b"}), (list{"a.b 1"}));
}

TEST(payload_fields, within_an_array_are_visited_with_those_selected) {
    const std::string payload = R"({"x":[9],"a":[{"b":1,"c":[2]},3],"y":4})";
    EXPECT_EQ(selected_fields(payload, {"a[0].c[0]"}),
              (std::vector<std::string>{"a[0].b 1", "a[0].c[0] 2", "a[1] 3"}));
}

TEST(payload_fields, of_a_selection_have_the_values_of_the_shared_test_vectors) {
    const auto vectors = test::field_vectors();
    for (const auto& vector : vectors.at("payloads").as_array())
        for (const auto& field : vector.at("fields").as_array()) {
            const std::string name{field.at(0).as_string()};
            EXPECT_THAT(selected_fields(boost::json::serialize(vector.at("payload")), {name}),
                        testing::Contains(name + " " + boost::json::serialize(field.at(1))));
        }
}

TEST(payload_fields, of_a_long_array_are_the_first_values_or_the_whole_array) {
    std::string array = "[[]";
    for (int n = 1; n < 10'000; ++n)
        array += R"(,"],[)" + std::to_string(n) + "\"";
    array += "]";
    const std::string payload = R"({"w":)" + array + R"(,"after":1})";
    const auto first = fields(payload);
    ASSERT_EQ(first.size(), max_array_values + 1);
    EXPECT_EQ(first[63], R"(w[63]|3|"],[63")");
    EXPECT_EQ(first[64], "after|2|1");
    EXPECT_EQ(fields(payload, long_arrays::whole), (std::vector<std::string>{"w|4|" + array, "after|2|1"}));
    EXPECT_EQ(fields(R"({"w":[1,[2]]})", long_arrays::whole),
              (std::vector<std::string>{"w[0]|2|1", "w[1][0]|2|2"}));
    EXPECT_EQ(fields(R"({"w":[{"a":"x"},{"a":true}]})", long_arrays::whole).size(), 2U);
    for (const std::string array_text :
         {R"([1,null])", R"(["x",""])", R"(["7","8"])", R"([1,[]])", R"([{"a":{}}])", R"(["\u0041"])"})
        EXPECT_EQ(fields(R"({"w":)" + array_text + "}", long_arrays::whole), std::vector{"w|4|" + array_text})
            << "unchanged";
}

TEST(payload_fields, of_malformed_text_are_safe_to_visit) {
    const std::string whole = R"({"a":1,"b":{"c":"x\"","d":{"e":null}},"f":[1,{"g":[2]}],"h":{}})";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::vector<char> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_LE(fields({cut.data(), cut.size()}).size(), 6U);
    }
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const char byte : {'"', '\\', '{', '}', '[', ']', ',', ':', 'x', '\0'}) {
            std::string changed = whole;
            changed[at] = byte;
            EXPECT_LE(fields(changed).size(), 20U) << changed;
        }
    std::string deep;
    for (int i = 0; i < 1000; ++i)
        deep += R"({"a":)";
    EXPECT_TRUE(fields(deep).empty());
}

class csv_columns_test : public testing::Test {
protected:
    static reading row_of(std::string payload) {
        reading row;
        row.id = 7;
        row.device_id = *uuid::parse("00112233-4455-4677-8899-aabbccddeeff");
        row.received_at = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 / 15}};
        row.payload = std::move(payload);
        return row;
    }
    /// The columns of the payload fields only.
    static std::string header(const csv_columns& columns) {
        std::string out;
        columns.append_header(out);
        const std::string fixed = "id,device_id,device_timestamp,received_at,simulated,payload_size";
        EXPECT_TRUE(out.starts_with(fixed) && out.ends_with("\r\n")) << out;
        return out.substr(fixed.size(), out.size() - fixed.size() - 2);
    }
    static std::string cells(csv_columns& columns, const std::string& payload) {
        std::string out;
        EXPECT_TRUE(columns.append_row(out, row_of(payload)));
        const std::string fixed = "7,00112233-4455-4677-8899-aabbccddeeff,,2026-01-15T00:00:00Z,false," +
                                  std::to_string(payload.size());
        EXPECT_TRUE(out.starts_with(fixed) && out.ends_with("\r\n")) << out;
        return out.substr(fixed.size(), out.size() - fixed.size() - 2);
    }
};

TEST_F(csv_columns_test, have_the_order_of_first_appearance) {
    csv_columns columns;
    columns.add_fields(R"({"status":"ok","metrics":{"t":1}})");
    columns.add_fields(R"({"metrics":{"h":2,"t":1},"extra":[1]})");
    columns.add_fields(R"({"extra":[1,"a"]})");
    EXPECT_EQ(header(columns), ",status,metrics.t,metrics.h,extra[0],extra[1]");
    EXPECT_EQ(cells(columns, R"({"extra":[1,"a"],"metrics":{"h":-2.50}})"), ",,,-2.50,1,a");
    EXPECT_EQ(cells(columns, R"({})"), ",,,,,");
}

TEST_F(csv_columns_test, show_every_kind_of_value) {
    csv_columns columns;
    const std::string payload =
        R"({"n":null,"b":false,"i":-3.5,"e":1E5,"s":"a \u00e9\n","f":"=1+1","m":"-5","a":[],"o":{}})";
    columns.add_fields(payload);
    EXPECT_EQ(header(columns), ",n,b,i,e,s,f,m,a,o");
    EXPECT_EQ(cells(columns, payload), ",,false,-3.5,1E5,\"a \xc3\xa9\n\",'=1+1,'-5,[],{}");
}

TEST_F(csv_columns_test, have_safe_and_distinct_names) {
    csv_columns columns;
    columns.add_fields(
        R"({"=cmd":1,"id":2,"a.b":3,"a":{"b":4},"payload.id":5,"x,y":6,"payload_rest":7,"received_at":8})");
    EXPECT_EQ(header(columns),
              R"(,'=cmd,payload.id,a\.b,a.b,payload\.id,"x\,y",payload.payload_rest,payload.received_at)");
    csv_columns nested;
    nested.add_fields(R"({"payload":{"id":1,"a":2,"payload":{"id":3}},"id":4})");
    EXPECT_EQ(header(nested), ",payload.payload.id,payload.a,payload.payload.payload.id,payload.id");
    EXPECT_EQ(cells(nested, R"({"id":4,"payload":{"id":1}})"), ",1,,,4");
}

TEST_F(csv_columns_test, past_the_limit_share_one_column_as_json) {
    csv_columns columns{2};
    columns.add_fields(R"({"a":1,"b":{"c":2}})");
    EXPECT_EQ(header(columns), ",a,b.c");
    columns.add_fields(R"({"d":3})");
    EXPECT_EQ(columns.fields(), 2U);
    EXPECT_EQ(header(columns), ",a,b.c,payload_rest");
    const std::string payload = R"({"d":"x","b":{"c":2,"e":[1]}})";
    EXPECT_EQ(cells(columns, payload), R"(,,2,"{""d"":""x"",""b.e[0]"":1}")");
    EXPECT_EQ(cells(columns, R"({"a":1})"), ",1,,");
}

TEST_F(csv_columns_test, refuse_a_row_with_an_unknown_field) {
    csv_columns columns;
    columns.add_fields(R"({"a":1})");
    std::string out = "before";
    EXPECT_FALSE(columns.append_row(out, row_of(R"({"a":1,"b":2})")));
    EXPECT_EQ(out, "before");
}

TEST_F(csv_columns_test, start_with_the_members_of_the_reading) {
    csv_columns columns;
    reading row = row_of("{}");
    row.device_timestamp = row.received_at - std::chrono::milliseconds{1500};
    row.simulated = true;
    std::string out;
    ASSERT_TRUE(columns.append_row(out, row));
    EXPECT_EQ(
        out,
        "7,00112233-4455-4677-8899-aabbccddeeff,2026-01-14T23:59:58.500000Z,2026-01-15T00:00:00Z,true,2\r\n");
}

} // namespace
} // namespace breakwater::telemetry
