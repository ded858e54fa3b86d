#include "base/time.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

using namespace std::chrono;

timestamp at(int y, unsigned m, unsigned d, microseconds in_day = microseconds{0}) {
    return timestamp{sys_days{year{y} / month{m} / day{d}}} + in_day;
}

TEST(rfc3339, is_written_in_utc_with_six_decimals_or_none) {
    EXPECT_EQ(format_rfc3339(at(2026, 11, 23, hours{21} + minutes{32} + seconds{47} + milliseconds{120})),
              "2026-11-23T21:32:47.120000Z");
    EXPECT_EQ(format_rfc3339(at(2026, 1, 2, microseconds{1})), "2026-01-02T00:00:00.000001Z");
    EXPECT_EQ(format_rfc3339(at(1970, 1, 1)), "1970-01-01T00:00:00Z");
    EXPECT_EQ(format_rfc3339(at(1969, 12, 31, hours{23} + microseconds{999'999})),
              "1969-12-31T23:00:00.999999Z");
    EXPECT_EQ(format_rfc3339(at(1, 1, 1)), "0001-01-01T00:00:00Z");
    std::string line = "at ";
    append_rfc3339(line, at(9999, 12, 31));
    EXPECT_EQ(line, "at 9999-12-31T00:00:00Z");
}

struct spelling {
    std::string_view text;
    timestamp expected;
};

TEST(rfc3339, is_read_in_every_spelling_of_the_contract) {
    const timestamp noon = at(2026, 1, 15, hours{12});
    for (const auto& [text, expected] : std::initializer_list<spelling>{
             {"2026-01-15T12:00:00Z", noon},
             {"2026-01-15t12:00:00z", noon},
             {"2026-01-15 12:00:00Z", noon},
             {"2026-01-15T12:00:00", noon},
             {"2026-01-15T12:00:00+00:00", noon},
             {"2026-01-15T12:00:00-00:00", noon},
             {"2026-01-15T14:30:00+02:30", noon},
             {"2026-01-15T01:00:00-11:00", noon},
             {"2026-01-16T00:59:00+12:59", noon},
             {"2026-01-15T12:00:00.5Z", noon + milliseconds{500}},
             {"2026-01-15T12:00:00.000001", noon + microseconds{1}},
             {"2026-01-15T12:00:00.123456789123Z", noon + microseconds{123'456}},
             {"2024-02-29T00:00:00Z", at(2024, 2, 29)},
             {"2016-12-31T23:59:60Z", at(2017, 1, 1)},
             {"0001-01-01T00:00:00Z", at(1, 1, 1)},
             {"9999-12-31T23:59:59.999999Z", at(9999, 12, 31, hours{24} - microseconds{1})},
         }) {
        const auto read = parse_rfc3339(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(*read, expected) << text;
    }
}

TEST(rfc3339, refuses_everything_else) {
    for (const std::string_view text : {
             "",
             "Z",
             "2026-01-15",
             "2026-01-15T12:00Z",
             "2026-01-15T12:00:00 Z",
             " 2026-01-15T12:00:00Z",
             "2026-01-15T12:00:00Z ",
             "2026-1-15T12:00:00Z",
             "26-01-15T12:00:00Z",
             "2026-13-01T00:00:00Z",
             "2026-00-01T00:00:00Z",
             "2026-01-00T00:00:00Z",
             "2026-02-29T00:00:00Z",
             "2026-04-31T00:00:00Z",
             "2026-01-15T24:00:00Z",
             "2026-01-15T12:60:00Z",
             "2026-01-15T12:00:61Z",
             "2026-01-15T12:00:00.Z",
             "2026-01-15T12:00:00,5Z",
             "2026-01-15T12:00:00+2:00",
             "2026-01-15T12:00:00+0200",
             "2026-01-15T12:00:00+24:00",
             "2026-01-15T12:00:00+00:60",
             "2026-01-15T12:00:00ZZ",
             "2026-01-15T12:00:00+",
             "2026-01-15X12:00:00Z",
             "2026/01/15T12:00:00Z",
             "-026-01-15T12:00:00Z",
             "+026-01-15T12:00:00Z",
             "2026-01-15T12:00:0 Z",
             "0000-01-01T00:00:00Z",
             "0001-01-01T00:00:00+00:01",
             "9999-12-31T23:59:60Z",
             "9999-12-31T23:59:59-00:01",
             "1700000000",
             "now",
         })
        EXPECT_FALSE(parse_rfc3339(text)) << text;
}

TEST(lenient_time, reads_the_formats_of_people_and_other_systems) {
    const timestamp noon = at(2026, 1, 15, hours{12});
    const timestamp midnight = at(2026, 11, 24);
    for (const auto& [text, expected] : std::initializer_list<spelling>{
             {"2026-01-15T12:00:00Z", noon},
             {"2026-11-24", midnight},
             {"2026-11-24 00:00", midnight},
             {"2026-11-24T00:00Z", midnight},
             {"2026-11-24 01:00+0100", midnight},
             {"2026-11-24 01:00 +01", midnight},
             {"2026-11-24T01:00:00+0100", midnight},
             {"2026-11-23T14:30:00-0930", midnight},
             {"2026-01-15 12:00:00 Z", noon},
             {"2026-01-15 12:00:00,25", noon + milliseconds{250}},
             {"1768478400", noon},
             {"1768478400000", noon},
             {"1768478400000000", noon},
             {"1768478400000000999", noon},
             {"1768478400.25", noon + milliseconds{250}},
             {"1768478400250.5", noon + microseconds{250'500}},
             {"99999999999", at(5138, 11, 16, hours{9} + minutes{46} + seconds{39})},
             {"100000000000", at(1973, 3, 3, hours{9} + minutes{46} + seconds{40})},
         }) {
        const auto read = parse_lenient_time(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(*read, expected) << text;
    }
    for (const std::string_view text : {"",
                                        "2026",
                                        "20261124",
                                        "2026-11",
                                        "2026-11-24T",
                                        "2026-11-24 00",
                                        "2026-11-24 00:0",
                                        "24.11.2026",
                                        "2026-11-24 01:00+1",
                                        "2026-11-24 01:00+010",
                                        "2026-11-24 01:00+01:",
                                        "2026-11-24+01:00",
                                        "2026-11-24 01:00  +01:00",
                                        "1768478400.",
                                        "1768478400.2.5",
                                        "1.768478e9",
                                        "+1768478400",
                                        "9999999999999999999",
                                        "99999999999999999999",
                                        "0000000000000000000000001",
                                        "now"})
        EXPECT_FALSE(parse_lenient_time(text)) << text;
}

TEST(lenient_time, reads_numbers_as_time_since_1970) {
    const timestamp noon = at(2026, 1, 15, hours{12});
    EXPECT_EQ(parse_unix_time("1768478400.0000019"), noon + microseconds{1});
    EXPECT_EQ(parse_unix_time("1768478400", epoch_unit::seconds), noon);
    EXPECT_EQ(parse_unix_time("1768478400", epoch_unit::milliseconds),
              at(1970, 1, 21, hours{11} + minutes{14} + seconds{38} + milliseconds{400}));
    EXPECT_EQ(parse_unix_time("1768478400000000", epoch_unit::microseconds), noon);
    EXPECT_FALSE(parse_unix_time("1768478400000", epoch_unit::seconds)) << "beyond the year 9999";
    for (const std::string_view text : {"", "0", "5", "99999999", "-1768478400", "1e12", ".5", "176847840x"})
        EXPECT_FALSE(parse_unix_time(text)) << text;
}

TEST(rfc3339, round_trips) {
    for (const timestamp moment :
         {at(1970, 1, 1), at(2026, 6, 30, hours{23} + microseconds{7}), at(1900, 2, 28), at(2400, 2, 29)})
        EXPECT_EQ(parse_rfc3339(format_rfc3339(moment)), moment);
}

TEST(rfc3339, refuses_a_text_truncated_before_the_end_of_the_seconds) {
    const std::string whole = "2026-01-15T12:00:00";
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(parse_rfc3339(std::string_view{whole}.substr(0, length))) << length;
}

} // namespace
} // namespace breakwater
