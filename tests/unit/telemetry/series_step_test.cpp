#include "telemetry/series_step.hpp"

#include "base/calendar.hpp"
#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono;

TEST(series_step, is_the_shortest_step_that_fits) {
    const timestamp from = *parse_rfc3339("2026-03-01T00:00:00Z");
    EXPECT_EQ(series_step(from, from + hours{1}, 60), minutes{1});
    EXPECT_EQ(series_step(from, from + hours{1}, 59), minutes{2});
    EXPECT_EQ(series_step(from + seconds{1}, from + hours{1} + seconds{1}, 60), minutes{2})
        << "the range overlaps 61 minutes";
    EXPECT_EQ(series_step(from, from + hours{24}, 500), minutes{5});
    EXPECT_EQ(series_step(from, from + days{365}, 500), days{1});
    EXPECT_EQ(series_step(from, from + days{3650}, 500), days{10});
    EXPECT_EQ(series_step(from, from + microseconds{10}, 500), milliseconds{1});
}

TEST(series_step, never_exceeds_the_points) {
    EXPECT_TRUE(rc::check("any range", [] {
        const std::int64_t first = first_timestamp.time_since_epoch().count();
        const std::int64_t end = last_timestamp.time_since_epoch().count();
        const auto from = timestamp{microseconds{*rc::gen::inRange(first, end)}};
        const auto max_length = end - from.time_since_epoch().count();
        const auto length = *rc::gen::oneOf(
            rc::gen::inRange<std::int64_t>(1, max_length + 1),
            rc::gen::inRange<std::int64_t>(1, std::min(max_length, std::int64_t{1'000'000'000}) + 1));
        const auto to = from + microseconds{length};
        const auto points = *rc::gen::inRange<std::size_t>(1, 2000);
        const auto step = series_step(from, to, points);
        RC_ASSERT(step > microseconds::zero());
        const std::int64_t low = floor_divide(from.time_since_epoch().count(), step.count());
        const std::int64_t high = floor_divide(to.time_since_epoch().count() - 1, step.count());
        const bool across_1970 = low < 0 && high >= 0;
        const auto allowed = static_cast<std::int64_t>(std::max<std::size_t>(points, across_1970 ? 2 : 1));
        RC_ASSERT(high - low + 1 <= allowed);
    }));
}

TEST(series_step, allows_two_intervals_across_1970_for_one_point) {
    const timestamp from = *parse_rfc3339("1900-01-01T00:00:00Z");
    const timestamp to = *parse_rfc3339("2100-01-01T00:00:00Z");
    EXPECT_EQ(series_step(from, to, 1), days{50'000});
    EXPECT_EQ(series_step(from, to, 2), days{50'000});
    EXPECT_EQ(series_step(timestamp{} - microseconds{1}, timestamp{} + microseconds{1}, 1), milliseconds{1});
    EXPECT_EQ(series_step(timestamp{} - microseconds{1}, timestamp{}, 1), milliseconds{1})
        << "entirely before 1970";
    EXPECT_EQ(series_step(timestamp{}, timestamp{} + days{1}, 1), days{1}) << "entirely after 1970";
}

TEST(series_step, covers_the_whole_calendar) {
    EXPECT_EQ(series_step(first_timestamp, last_timestamp, 1), days{5'000'000});
    EXPECT_EQ(series_step(first_timestamp, last_timestamp, 2), days{5'000'000});
    EXPECT_EQ(series_step(first_timestamp, last_timestamp, 2000), days{2000});
    EXPECT_EQ(series_step(first_timestamp, first_timestamp + microseconds{1}, 1), milliseconds{1});
    EXPECT_EQ(series_step(last_timestamp - microseconds{1}, last_timestamp, 1), milliseconds{1});
}

} // namespace
} // namespace breakwater::telemetry
