#include "base/time.hpp"
#include "base/time_format.hpp"
#include "telemetry/csv.hpp"
#include "telemetry/csv_records.hpp"
#include "telemetry/import_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace breakwater::telemetry {
namespace {

using cells = std::vector<std::string>;

struct read_record {
    std::uint64_t line;
    cells content;
    bool operator==(const read_record&) const = default;
};

/// A refused record has no cells.
std::vector<read_record> records_of(const std::string& text, std::optional<char> separator = ',') {
    std::istringstream input{text};
    csv_records records{input, separator};
    std::vector<read_record> out;
    for (csv_records::record next;;) {
        const auto more = records.next(next);
        if (more && !*more)
            return out;
        out.push_back({next.line, more ? next.cells : cells{}});
    }
}

TEST(csv_records, splits_text_into_records) {
    using all = std::vector<read_record>;
    EXPECT_EQ(records_of(""), all{});
    EXPECT_EQ(records_of("\n\r\n\n"), all{});
    EXPECT_EQ(records_of("a,b\r\n\n,\"c\",\n"), (all{{1, {"a", "b"}}, {3, {"", "c", ""}}}));
    EXPECT_EQ(records_of("\xef\xbb\xbf\"a\""), (all{{1, {"a"}}})) << "a byte order mark";
    EXPECT_EQ(records_of("\"a,\"\"b\"\"\r\nc\",d\ne"), (all{{1, {"a,\"b\"\r\nc", "d"}}, {3, {"e"}}}));
}

TEST(csv_records, accepts_the_line_endings_of_all_systems) {
    using all = std::vector<read_record>;
    EXPECT_EQ(records_of("a,b\rc,\"d\re\"\r\rf"), (all{{1, {"a", "b"}}, {2, {"c", "d\re"}}, {5, {"f"}}}));
}

TEST(csv_records, detects_the_separator_from_the_header) {
    using all = std::vector<read_record>;
    EXPECT_EQ(records_of("a;b\n1,5;2", std::nullopt), (all{{1, {"a", "b"}}, {2, {"1,5", "2"}}}));
    EXPECT_EQ(records_of("a\tb\n1,5\t\"x\ty\"", std::nullopt), (all{{1, {"a", "b"}}, {2, {"1,5", "x\ty"}}}));
    EXPECT_EQ(records_of("\"a;b;c\",d\n1,2", std::nullopt), (all{{1, {"a;b;c", "d"}}, {2, {"1", "2"}}}));
    EXPECT_EQ(records_of("a\n1,2", std::nullopt), (all{{1, {"a"}}, {2, {"1", "2"}}}));
    EXPECT_EQ(records_of("a,b;c", ';'), (all{{1, {"a,b", "c"}}}));
}

TEST(csv_records, refuses_single_records_that_are_not_utf8) {
    std::istringstream input{"name\nZ\xfc"
                             "rich\nL\xc3\xb3"
                             "dz\n\"a\n\xff\"\n"};
    csv_records records{input};
    csv_records::record next;
    ASSERT_TRUE(records.next(next));
    EXPECT_EQ(records.next(next).error().detail, "Byte 2 is not UTF-8.");
    EXPECT_EQ(next.line, 2U);
    ASSERT_TRUE(records.next(next));
    EXPECT_EQ(next.cells, cells{"L\xc3\xb3"
                                "dz"});
    EXPECT_FALSE(records.next(next));
    EXPECT_EQ(next.line, 4U);
    EXPECT_FALSE(*records.next(next));
    std::istringstream wide{std::string("\xff\xfe"
                                        "a\0",
                                        4)};
    EXPECT_EQ(csv_records{wide}.next(next).error().detail, "The file is UTF-16; save it as UTF-8.");
}

TEST(csv_records, continues_after_a_refused_record) {
    using all = std::vector<read_record>;
    EXPECT_EQ(records_of("a\"b,c\nd"), (all{{1, {}}, {2, {"d"}}}));
    EXPECT_EQ(records_of("\"a\"b,c\nd"), (all{{1, {}}, {2, {"d"}}}));
    EXPECT_EQ(records_of("a\n\"b\nc"), (all{{1, {"a"}}, {2, {}}})) << "never closed";
    std::string lines_text;
    for (int line = 0; line < 1500; ++line)
        lines_text += "1,2\n";
    EXPECT_EQ(records_of("\"" + lines_text + "\",b\nc"), (all{{1, {lines_text, "b"}}, {1502, {"c"}}}));
    std::string long_text;
    while (long_text.size() <= csv_records::max_record_size)
        long_text += lines_text;
    const auto records = records_of("a,\"" + long_text + long_text + "\"\nc");
    ASSERT_EQ(records.size(), 2U) << "quoted lines are not records";
    EXPECT_EQ(records[0], (read_record{1, {}})) << "the record is too long";
    EXPECT_EQ(records[1].content, cells{"c"});
    EXPECT_EQ(records_of(std::string(csv_records::max_record_size + 1, 'x') + "\ny"),
              (all{{1, {}}, {2, {"y"}}}))
        << "and so is an unquoted one";
}

result<import_row> row_of(const cells& header, const cells& row, table_style style = {}) {
    const auto table = import_table::of(header, std::move(style));
    if (!table)
        return std::unexpected(table.error());
    return table->read(row);
}

std::string payload_of(const cells& header, const cells& row) {
    const auto read = row_of(header, row);
    return read ? read->reading.payload : read.error().detail;
}

TEST(import_table, builds_the_payload_from_its_fields) {
    EXPECT_EQ(payload_of({"m.t", "m.u.v", "n", "m.w"}, {"1.50", "true", "x", "-3"}),
              R"({"m":{"t":1.50,"u":{"v":true},"w":-3},"n":"x"})");
    EXPECT_EQ(payload_of({"m.t", "m.u.v", "n"}, {"", "", "null"}), R"({"n":null})");
    EXPECT_EQ(payload_of({"m.t"}, {""}), "{}");
    EXPECT_EQ(payload_of({"a", "b", "c", "d", "e"}, {"[1,2]", "{\"x\":1}", "[1", "007", "1e999"}),
              R"({"a":[1,2],"b":{"x":1},"c":"[1","d":"007","e":"1e999"})");
    EXPECT_EQ(payload_of({"a", "b", "c"}, {"'=1", "'x", "'-5"}), R"({"a":"=1","b":"'x","c":"-5"})");
    EXPECT_EQ(payload_of({"payload.id", "payload.x"}, {"1", "2"}), R"({"id":1,"payload":{"x":2}})");
    EXPECT_EQ(payload_of({"payload", "id"}, {R"({"a": 1})", "9"}), R"({"a":1})");
    EXPECT_EQ(payload_of({"a", "a.b"}, {"", "2"}), R"({"a":{"b":2}})");
}

TEST(import_table, parses_field_names) {
    EXPECT_EQ(payload_of({"m.a\\.b", "x\\,y", "\\e", "br\\[0\\]"}, {"1", "2", "3", "4"}),
              R"({"m":{"a.b":1},"x,y":2,"":3,"br[0]":4})");
    EXPECT_EQ(payload_of({"a[1]", "a[0].t", "a[3][0]"}, {"2", "1", "4"}), R"({"a":[{"t":1},2,null,[4]]})");
    EXPECT_EQ(payload_of({"a[0]", "a[1]", "a[2]", "b"}, {"", "", "", "1"}), R"({"b":1})");
    EXPECT_EQ(payload_of({"a[0]", "a[1]", "a"}, {"", "", "[1]"}), R"({"a":[1]})")
        << "a long array in one column";
    EXPECT_EQ(payload_of({"a[0]", "a[1]", "a.b"}, {"", "", "1"}), R"({"a":{"b":1}})");
    EXPECT_EQ(payload_of({"Wind [m/s]", "T, °C", "a..b", "c."}, {"1", "2", "3", "4"}),
              R"({"Wind [m/s]":1,"T, °C":2,"a..b":3,"c.":4})")
        << "names of foreign tables are used as keys";
    EXPECT_EQ(payload_of({"payload.payload.id", "payload.id", "payload.a"}, {"1", "2", "3"}),
              R"({"payload":{"id":1,"a":3},"id":2})");
}

/// Any payload that a device may send survives the export and the import.
TEST(import_table, reads_what_the_export_wrote) {
    for (const std::string payload :
         {R"({"m":{"a.b":1},"arr":[1,2],"x,y":3,"":4,"br[0]":5})", R"({"":{"":[[1],[2,[3]]]},"a":{"":"x"}})",
          R"({"id":1,"payload":{"id":2,"payload":{"id":3}},"simulated":4,"message_id":"x","payload_rest":5})",
          R"({"\\":1,"\\e":2,".":3,",":4,"[":5,"]":6,"e":7,"=1+1":8})", R"({"a":[{"b":[]},{},[],"x"]})"}) {
        reading row;
        row.payload = payload;
        csv_columns columns;
        columns.add_fields(payload);
        std::string text;
        columns.append_header(text);
        ASSERT_TRUE(columns.append_row(text, row));
        std::istringstream input{text};
        csv_records records{input};
        csv_records::record header;
        csv_records::record first;
        ASSERT_TRUE(records.next(header).value() && records.next(first).value());
        EXPECT_EQ(payload_of(header.cells, first.cells), payload) << text;
    }
}

TEST(import_table, reads_the_members_besides_the_payload) {
    const auto read = row_of({"device_id", "at", "received_at", "simulated", "x"},
                             {"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11", "2026-01-15 12:00:00",
                              "2026-01-15T13:00:00+01:00", "true", "1"},
                             {.time_columns = {"at"}});
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_TRUE(read->has_device && read->has_arrival && read->reading.simulated);
    EXPECT_EQ(read->reading.device_id.to_string(), "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11");
    EXPECT_EQ(read->reading.device_timestamp, parse_rfc3339("2026-01-15T12:00:00Z"));
    EXPECT_EQ(read->reading.received_at, parse_rfc3339("2026-01-15T12:00:00Z"));
    const auto bare = row_of({"x"}, {"1"});
    ASSERT_TRUE(bare);
    EXPECT_FALSE(bare->has_device || bare->has_arrival || bare->reading.simulated ||
                 bare->reading.device_timestamp);
}

TEST(import_table, reads_times_in_the_given_format) {
    const auto measured = [](const cells& header, const cells& row, table_style style) {
        const auto read = row_of(header, row, std::move(style));
        return read ? read->reading.device_timestamp : std::nullopt;
    };
    const auto noon = parse_rfc3339("2026-01-15T12:00:00Z");
    EXPECT_EQ(measured({"device_timestamp", "x"}, {"1768478400", "1"}, {}), noon);
    EXPECT_EQ(measured({"device_timestamp", "x"}, {"1768478400000", "1"}, {}), noon);
    const auto german = time_format::parse("%d.%m.%Y %H:%M:%S", *time_zone::find("Europe/Berlin"));
    ASSERT_TRUE(german);
    EXPECT_EQ(measured({"Datum", "x", "Zeit"}, {"15.01.2026", "1", "13:00:00"},
                       {.time_columns = {"Datum", "Zeit"}, .times = *german}),
              noon);
    EXPECT_EQ(measured({"Datum", "x", "Zeit"}, {"", "1", ""}, {.time_columns = {"Datum", "Zeit"}}),
              std::nullopt);
}

TEST(import_table, reads_decimal_commas_if_enabled) {
    const auto payload = [](const std::string& cell) {
        return row_of({"x"}, {cell}, {.decimal_comma = true})->reading.payload;
    };
    EXPECT_EQ(payload("-3,50"), R"({"x":-3.50})");
    EXPECT_EQ(payload("1,5e3"), R"({"x":1.5e3})");
    EXPECT_EQ(payload("7"), R"({"x":7})");
    EXPECT_EQ(payload("1.234,5"), R"({"x":"1.234,5"})") << "an ambiguous number stays text";
    EXPECT_EQ(payload("a,b"), R"({"x":"a,b"})");
    EXPECT_EQ(payload(",5"), R"({"x":",5"})");
    EXPECT_EQ(payload_of({"x"}, {"3,5"}), R"({"x":"3,5"})");
}

TEST(import_table, reads_exports_of_unusual_payloads) {
    EXPECT_EQ(payload_of({"id", "payload_size"}, {"1", "2"}), "{}");
    EXPECT_EQ(row_of({"x", "message_id"}, {"1", "m-1"})->reading.message_id, "m-1");
}

TEST(import_table, describes_errors_in_the_header) {
    EXPECT_EQ(payload_of({"x", "x"}, {}), "The column \"x\" appears twice.");
    EXPECT_EQ(payload_of({"simulated", "simulated"}, {}), "The column \"simulated\" appears twice.");
    EXPECT_EQ(payload_of({"x", ""}, {}), "Column 2 has no name.");
    EXPECT_EQ(payload_of({"id"}, {}), "A payload column, or columns for its fields, is required.");
    EXPECT_EQ(payload_of({"payload", "x"}, {}),
              "Both a payload column and columns for its fields are present; keep one of them.");
    std::string deep = "a";
    for (int depth = 0; depth < 40; ++depth)
        deep += ".a";
    EXPECT_EQ(payload_of({deep}, {}),
              "The column name \"" + deep + "\" is not valid. At byte 64: a name has at most 32 steps.");
    EXPECT_EQ(payload_of({"a[64]"}, {}),
              "The column name \"a[64]\" is not valid. At byte 1: only the first 64 "
              "values in an array have names.");
    EXPECT_EQ(payload_of(cells(5000, "x"), {}), "There are more than 4096 columns.");
    EXPECT_EQ(row_of({"x"}, {"1"}, {.time_columns = {"when"}}).error().detail,
              "There is no column \"when\".");
    EXPECT_EQ(row_of({"x", "day"}, {"1", ""}, {.time_columns = {"day", "time"}}).error().detail,
              "There is no column \"time\".");
}

TEST(import_table, describes_errors_in_a_row) {
    EXPECT_EQ(payload_of({"x"}, {"1", "2"}), "The row has 2 cells instead of 1.");
    EXPECT_EQ(payload_of({"a", "a.b"}, {"1", "2"}), "\"a\" has both a value and fields.");
    EXPECT_EQ(payload_of({"a", "a[0]"}, {"1", "2"}), "\"a\" has both a value and fields.");
    EXPECT_EQ(payload_of({"a.b", "a[0]"}, {"1", "2"}), "\"a\" has both a value and fields.");
    EXPECT_EQ(payload_of({"payload"}, {"[]"}), "payload must be a JSON object.");
    EXPECT_TRUE(payload_of({"payload"}, {"{"}).starts_with("The payload: "));
    EXPECT_EQ(payload_of({"x", "simulated"}, {"1", "yes"}), "simulated must be true or false.");
    EXPECT_EQ(payload_of({"x", "received_at"}, {"1", "noon"}),
              "received_at must be an RFC 3339 date and time.");
    EXPECT_EQ(payload_of({"x", "device_timestamp"}, {"1", "noon"}),
              "\"noon\" is not a time in the format expected in device_timestamp.");
    EXPECT_EQ(payload_of({"x", "message_id"}, {"1", "a\nb"}),
              "message_id must be one line of at most 64 characters.");
    EXPECT_EQ(payload_of({"x", "message_id"}, {"1", std::string(65, 'm')}),
              "message_id must be one line of at most 64 characters.");
    EXPECT_EQ(payload_of({"x", "device_id"}, {"1", "1"}), "device_id must be a UUID.");
    EXPECT_TRUE(payload_of({"x", "payload_rest"}, {"1", "{}"}).starts_with("payload_rest can't be imported"));
    EXPECT_EQ(payload_of({"x"}, {std::string(max_import_payload, 'x')}),
              "payload has more than 1000000 bytes.");
}

} // namespace
} // namespace breakwater::telemetry
