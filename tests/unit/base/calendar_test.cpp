#include "base/calendar.hpp"

#include "base/time.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace breakwater {
namespace {

using namespace std::chrono;

constexpr timestamp epoch{};

TEST(calendar, ends_where_rfc3339_does) {
    EXPECT_EQ(format_rfc3339(first_timestamp), "0001-01-01T00:00:00Z");
    EXPECT_EQ(format_rfc3339(last_timestamp), "9999-12-31T23:59:59.999999Z");
    EXPECT_TRUE(is_in_calendar(first_timestamp));
    EXPECT_TRUE(is_in_calendar(last_timestamp));
    EXPECT_FALSE(is_in_calendar(first_timestamp - microseconds{1}));
    EXPECT_FALSE(is_in_calendar(last_timestamp + microseconds{1}));
}

TEST(calendar, times_outside_are_formatted_as_the_nearest_end) {
    EXPECT_EQ(format_rfc3339(timestamp::min()), "0001-01-01T00:00:00Z");
    EXPECT_EQ(format_rfc3339(timestamp::max()), "9999-12-31T23:59:59.999999Z");
}

TEST(calendar, shifting_never_leaves_it_or_overflows) {
    EXPECT_EQ(shifted(epoch, -microseconds{1}), epoch - microseconds{1});
    EXPECT_EQ(shifted(first_timestamp, -days{1}), first_timestamp);
    EXPECT_EQ(shifted(last_timestamp, days{1}), last_timestamp);
    for (const timestamp at : {timestamp::min(), first_timestamp, epoch, last_timestamp, timestamp::max()}) {
        EXPECT_TRUE(is_in_calendar(shifted(at, microseconds::min()))) << at.time_since_epoch().count();
        EXPECT_TRUE(is_in_calendar(shifted(at, microseconds::max()))) << at.time_since_epoch().count();
    }
    EXPECT_EQ(shifted(timestamp::min(), microseconds::min()), first_timestamp);
    EXPECT_EQ(shifted(timestamp::max(), microseconds::max()), last_timestamp);
}

TEST(calendar, any_number_of_seconds_converts_to_a_time_in_it) {
    EXPECT_EQ(from_unix_seconds(0), epoch);
    EXPECT_EQ(from_unix_seconds(-1), epoch - seconds{1});
    EXPECT_EQ(from_unix_seconds(253'402'300'799), floor<seconds>(last_timestamp));
    EXPECT_EQ(from_unix_seconds(253'402'300'800), last_timestamp);
    EXPECT_EQ(from_unix_seconds(-62'135'596'800), first_timestamp);
    EXPECT_EQ(from_unix_seconds(-62'135'596'801), first_timestamp);
    EXPECT_EQ(from_unix_seconds(std::numeric_limits<std::int64_t>::max()), last_timestamp);
    EXPECT_EQ(from_unix_seconds(std::numeric_limits<std::int64_t>::min()), first_timestamp);
}

TEST(calendar, rounds_towards_the_past) {
    EXPECT_EQ(rounded_down(epoch - microseconds{1}, days{1}), epoch - days{1});
    EXPECT_EQ(rounded_down(epoch - days{1}, days{1}), epoch - days{1});
    EXPECT_EQ(rounded_down(epoch + days{1} - microseconds{1}, days{1}), epoch);
    EXPECT_EQ(rounded_down(first_timestamp, days{100'000'000}), epoch - days{100'000'000});
    EXPECT_EQ(floor_divide(-7, 7), -1);
    EXPECT_EQ(floor_divide(-8, 7), -2);
    EXPECT_EQ(floor_divide(6, 7), 0);
}

} // namespace
} // namespace breakwater
