#include "telemetry/series_step.hpp"

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

constexpr std::int64_t multiple_before(timestamp at, microseconds step) noexcept {
    const microseconds since = at.time_since_epoch();
    return since / step - (since % step < microseconds::zero() ? 1 : 0);
}

bool fits(timestamp from, timestamp to, microseconds step, std::size_t points) noexcept {
    const std::int64_t buckets =
        multiple_before(to - microseconds{1}, step) - multiple_before(from, step) + 1;
    return buckets <= static_cast<std::int64_t>(points);
}

} // namespace

microseconds series_step(timestamp from, timestamp to, std::size_t points) {
    for (const microseconds step : short_steps)
        if (fits(from, to, step, points))
            return step;
    // 2, 5, 10, 20, 50, … days.
    for (std::int64_t ten = 1;; ten *= 10)
        for (const std::int64_t of : {1, 2, 5})
            if (const microseconds step = days{ten * of}; fits(from, to, step, points))
                return step;
}

} // namespace breakwater::telemetry
