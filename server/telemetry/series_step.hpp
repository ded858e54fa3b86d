#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>

namespace breakwater::telemetry {

/// The shortest step of a row that people read easily (1, 2, 5, 10, 15, 30 seconds and minutes; 1, 2, 3, 6,
/// 12 hours; days) with which [from, to) meets at most `points` multiples of it since 1970. Down to a
/// millisecond, where the range is that short. REQUIRES: from < to, points ≥ 1.
[[nodiscard]] std::chrono::microseconds series_step(timestamp from, timestamp to, std::size_t points);

} // namespace breakwater::telemetry
