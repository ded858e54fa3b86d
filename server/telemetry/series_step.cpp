#include "telemetry/series_step.hpp"

#include "base/calendar.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace breakwater::telemetry {

namespace {

using namespace std::chrono;

constexpr std::array<microseconds, 27> short_steps{milliseconds{1},   milliseconds{2},   milliseconds{5},
                                                   milliseconds{10},  milliseconds{20},  milliseconds{50},
                                                   milliseconds{100}, milliseconds{200}, milliseconds{500},
                                                   seconds{1},        seconds{2},        seconds{5},
                                                   seconds{10},       seconds{15},       seconds{30},
                                                   minutes{1},        minutes{2},        minutes{5},
                                                   minutes{10},       minutes{15},       minutes{30},
                                                   hours{1},          hours{2},          hours{3},
                                                   hours{6},          hours{12},         days{1}};
constexpr std::int64_t max_power_of_ten = 1'000'000; ///< days
constexpr days longest_step{5 * max_power_of_ten};
static_assert(first_timestamp.time_since_epoch() >= -longest_step &&
                  last_timestamp.time_since_epoch() < longest_step,
              "any range in the calendar overlaps at most two of the longest steps");

bool fits(timestamp from, timestamp to, microseconds step, std::int64_t points) noexcept {
    const timestamp last = to - microseconds{1};
    return (rounded_down(last, step) - rounded_down(from, step)) / step < points;
}

} // namespace

microseconds series_step(timestamp from, timestamp to, std::size_t points) {
    constexpr timestamp begin_of_1970{};
    const std::size_t min_points = from < begin_of_1970 && to > begin_of_1970 ? 2 : 1;
    const auto max_points = static_cast<std::int64_t>(std::max(points, min_points));
    for (const microseconds step : short_steps)
        if (fits(from, to, step, max_points))
            return step;
    // 2, 5, 10, 20, 50, … days.
    for (std::int64_t ten = 1; ten <= max_power_of_ten; ten *= 10)
        for (const std::int64_t factor : {1, 2, 5})
            if (const microseconds step = days{ten * factor}; fits(from, to, step, max_points))
                return step;
    return longest_step; // not reached: it fits any range in the calendar
}

} // namespace breakwater::telemetry
