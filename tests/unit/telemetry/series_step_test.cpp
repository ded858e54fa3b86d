#include "telemetry/series_step.hpp"

#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono;

TEST(series_step, is_the_shortest_that_fits) {
    const timestamp from = *parse_rfc3339("2026-03-01T00:00:00Z");
    EXPECT_EQ(series_step(from, from + hours{1}, 60), minutes{1});
    EXPECT_EQ(series_step(from, from + hours{1}, 59), minutes{2});
    EXPECT_EQ(series_step(from + seconds{1}, from + hours{1} + seconds{1}, 60), minutes{2})
        << "it meets 61 minutes";
    EXPECT_EQ(series_step(from, from + hours{24}, 500), minutes{5});
    EXPECT_EQ(series_step(from, from + days{365}, 500), days{1});
    EXPECT_EQ(series_step(from, from + days{3650}, 500), days{10});
    EXPECT_EQ(series_step(from, from + microseconds{10}, 500), milliseconds{1});
}

TEST(series_step, never_gives_more_than_the_points) {
    EXPECT_TRUE(rc::check("any range", [] {
        const auto from =
            timestamp{} + seconds{*rc::gen::inRange<std::int64_t>(-4'000'000'000, 4'000'000'000)};
        const auto to = from + microseconds{*rc::gen::inRange<std::int64_t>(1, 4'000'000'000'000'000)};
        const auto points = *rc::gen::inRange<std::size_t>(1, 2000);
        const auto step = series_step(from, to, points);
        std::int64_t met = 0;
        const auto first = floor<microseconds>(from.time_since_epoch());
        const std::int64_t low = first / step - (first % step < microseconds::zero() ? 1 : 0);
        const auto last = to.time_since_epoch() - microseconds{1};
        met = last / step - (last % step < microseconds::zero() ? 1 : 0) - low + 1;
        RC_ASSERT(met >= 1 && met <= static_cast<std::int64_t>(points));
    }));
}

} // namespace
} // namespace breakwater::telemetry
