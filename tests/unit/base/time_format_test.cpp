#include "base/time_format.hpp"

#include "base/time.hpp"

#include <gtest/gtest.h>

namespace breakwater {
namespace {

std::optional<timestamp> read(std::string_view spelling, std::string_view text,
                              std::string_view zone = "UTC") {
    const auto format = time_format::parse(spelling, *time_zone::find(zone));
    return format ? format->read(text) : std::nullopt;
}

TEST(time_format, reads_texts_that_match_the_pattern) {
    const auto noon = parse_rfc3339("2026-01-15T12:00:00Z");
    EXPECT_EQ(read("%d.%m.%Y %H:%M", "15.01.2026 12:00"), noon);
    EXPECT_EQ(read("%m/%d/%y %I:%M:%S %p", "01/15/26 12:00:00 PM"), noon);
    EXPECT_EQ(read("%%z %F %H:%M", "%z 2026-01-15 13:00", "Europe/Warsaw"), noon);
    EXPECT_EQ(read("%d %b %Y %H:%M %z", "15 Jan 2026 13:00 +0100"), noon);
    EXPECT_EQ(read("%d %b %Y %H:%M %Ez", "15 Jan 2026 13:00 +01:00"), noon);
    EXPECT_EQ(read("seconds", "0"), parse_rfc3339("1970-01-01T00:00:00Z"));
    EXPECT_EQ(read("%Y%m%d%H%M%S", "20260115120000.250000"), parse_rfc3339("2026-01-15T12:00:00.25Z"));
    EXPECT_EQ(read("seconds", "1768478400"), noon);
    EXPECT_EQ(read("milliseconds", "1768478400000"), noon);
    EXPECT_EQ(read("microseconds", "1768478400000000"), noon);
    EXPECT_EQ(time_format{}.read("2026-01-15"), parse_rfc3339("2026-01-15T00:00:00Z"));
}

TEST(time_format, refuses_any_other_text) {
    for (const char* text : {"", "15.01.2026", "15.01.2026 12:00 ", "15.01.2026 12:00x", "31.02.2026 12:00",
                             "15.13.2026 12:00", "15.01.26000 12:00", "2026-01-15 12:00", "noon"})
        EXPECT_EQ(read("%d.%m.%Y %H:%M", text), std::nullopt) << text;
    EXPECT_EQ(read("seconds", "-1"), std::nullopt);
    EXPECT_EQ(read("%F %z", "2026-01-15 +9999"), std::nullopt);
}

TEST(time_format, applies_the_offset_of_the_zone) {
    constexpr auto pattern = "%Y-%m-%d %H:%M";
    EXPECT_EQ(read(pattern, "2026-07-15 12:00", "Europe/Warsaw"), parse_rfc3339("2026-07-15T10:00:00Z"));
    EXPECT_EQ(read(pattern, "2026-01-15 12:00", "Europe/Warsaw"), parse_rfc3339("2026-01-15T11:00:00Z"));
    EXPECT_EQ(read(pattern, "2026-03-29 02:30", "Europe/Warsaw"), std::nullopt) << "the clocks skipped it";
    EXPECT_EQ(read(pattern, "2026-10-25 02:30", "Europe/Warsaw"), parse_rfc3339("2026-10-25T00:30:00Z"))
        << "the first of two";
    EXPECT_EQ(read("%Y-%m-%d %H:%M %z", "2026-07-15 12:00 +0000", "Europe/Warsaw"),
              parse_rfc3339("2026-07-15T12:00:00Z"))
        << "the offset in the text has priority";
    EXPECT_EQ(read(pattern, "0001-01-01 00:00", "Asia/Tokyo"), std::nullopt);
    EXPECT_EQ(read(pattern, "9999-12-31 23:59", "America/New_York"), std::nullopt);
}

TEST(time_format, refuses_a_pattern_without_a_full_date) {
    for (const char* pattern : {"", "%H:%M", "%Y", "noon", "%d %m", "%F %T %Z", "%Y %j"})
        EXPECT_FALSE(time_format::parse(pattern, {})) << pattern;
    EXPECT_FALSE(time_format::parse("%Y-%m-%d" + std::string(100, ' '), {}));
}

} // namespace
} // namespace breakwater
