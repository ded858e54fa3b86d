#include "base/time.hpp"
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

/// A refused one has no cells.
std::vector<read_record> records_of(const std::string& text) {
    std::istringstream from{text};
    csv_records records{from};
    std::vector<read_record> out;
    for (csv_records::record next;;) {
        const auto more = records.next(next);
        if (more && !*more)
            return out;
        out.push_back({next.line, more ? next.cells : cells{}});
    }
}

TEST(csv_records, takes_records_apart) {
    using all = std::vector<read_record>;
    EXPECT_EQ(records_of(""), all{});
    EXPECT_EQ(records_of("\n\r\n\n"), all{});
    EXPECT_EQ(records_of("a,b\r\n\n,\"c\",\n"), (all{{1, {"a", "b"}}, {3, {"", "c", ""}}}));
    EXPECT_EQ(records_of("\xef\xbb\xbf\"a\""), (all{{1, {"a"}}})) << "a byte order mark";
    EXPECT_EQ(records_of("\"a,\"\"b\"\"\r\nc\",d\ne"), (all{{1, {"a,\"b\"\r\nc", "d"}}, {3, {"e"}}}));
}

TEST(csv_records, refuses_a_record_and_goes_on) {
    using all = std::vector<read_record>;
    EXPECT_EQ(records_of("a\"b,c\nd"), (all{{1, {}}, {2, {"d"}}}));
    EXPECT_EQ(records_of("\"a\"b,c\nd"), (all{{1, {}}, {2, {"d"}}}));
    EXPECT_EQ(records_of("a\n\"b\nc"), (all{{1, {"a"}}, {2, {}}})) << "never closed";
    std::string endless = "\"";
    for (int line = 0; line < 1500; ++line)
        endless += "x\n";
    EXPECT_EQ(records_of(endless + "\"").front(), (read_record{1, {}})) << "bounded in lines";
    EXPECT_EQ(records_of(std::string(csv_records::longest_record + 1, 'x') + "\ny"),
              (all{{1, {}}, {2, {"y"}}}))
        << "and in bytes";
}

result<import_row> row_of(const cells& header, const cells& row,
                          std::string_view time_column = "device_timestamp") {
    const auto table = import_table::of(header, time_column);
    if (!table)
        return std::unexpected(table.error());
    return table->read(row);
}

std::string payload_of(const cells& header, const cells& row) {
    const auto read = row_of(header, row);
    return read ? read->what.payload : read.error().detail;
}

TEST(import_table, makes_a_payload_of_its_fields) {
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
    EXPECT_EQ(payload_of({"a"}, {"\xff"}), "{\"a\":\"\xef\xbf\xbd\"}");
}

TEST(import_table, reads_what_is_not_payload) {
    const auto read = row_of({"device_id", "at", "received_at", "simulated", "x"},
                             {"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11", "2026-01-15 12:00:00",
                              "2026-01-15T13:00:00+01:00", "true", "1"},
                             "at");
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_TRUE(read->has_device && read->has_arrival && read->what.simulated);
    EXPECT_EQ(read->what.device_id.to_string(), "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11");
    EXPECT_EQ(read->what.device_timestamp, parse_rfc3339("2026-01-15T12:00:00Z"));
    EXPECT_EQ(read->what.received_at, parse_rfc3339("2026-01-15T12:00:00Z"));
    const auto bare = row_of({"x"}, {"1"});
    ASSERT_TRUE(bare);
    EXPECT_FALSE(bare->has_device || bare->has_arrival || bare->what.simulated ||
                 bare->what.device_timestamp);
}

TEST(import_table, says_what_is_wrong_with_a_header) {
    EXPECT_EQ(payload_of({"x", "x"}, {}), "The column \"x\" is there twice.");
    EXPECT_EQ(payload_of({"simulated", "simulated"}, {}), "There are two columns \"simulated\".");
    EXPECT_EQ(payload_of({"x", ""}, {}), "Column 2 has no name.");
    EXPECT_EQ(payload_of({"id"}, {}), "There must be a column payload or columns for its fields.");
    EXPECT_EQ(payload_of({"payload", "x"}, {}),
              "There may be a column payload or columns for its fields, not both.");
    std::string deep = "a";
    for (int depth = 0; depth < 40; ++depth)
        deep += ".a";
    EXPECT_TRUE(payload_of({deep}, {}).ends_with("is nested too deeply."));
    EXPECT_EQ(payload_of(cells(5000, "x"), {}), "There are more than 4096 columns.");
    EXPECT_EQ(row_of({"x"}, {"1"}, "when").error().detail, "There is no column \"when\".");
}

TEST(import_table, says_what_is_wrong_with_a_row) {
    EXPECT_EQ(payload_of({"x"}, {"1", "2"}), "There are 2 columns instead of 1.");
    EXPECT_EQ(payload_of({"a", "a.b"}, {"1", "2"}), "\"a\" is a value and has fields, too.");
    EXPECT_EQ(payload_of({"payload"}, {"[]"}), "payload must be a JSON object.");
    EXPECT_TRUE(payload_of({"payload"}, {"{"}).starts_with("The payload: "));
    EXPECT_EQ(payload_of({"x", "simulated"}, {"1", "yes"}), "simulated must be true or false.");
    EXPECT_EQ(payload_of({"x", "received_at"}, {"1", "1768478400"}),
              "received_at must be an RFC 3339 date and time.");
    EXPECT_EQ(payload_of({"x", "device_id"}, {"1", "1"}), "device_id must be a UUID.");
    EXPECT_TRUE(
        payload_of({"x", "payload_rest"}, {"1", "{}"}).starts_with("payload_rest can't be read back"));
    EXPECT_EQ(payload_of({"x"}, {std::string(max_import_payload, 'x')}),
              "payload has more than 1000000 bytes.");
}

} // namespace
} // namespace breakwater::telemetry
