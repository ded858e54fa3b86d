#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>

namespace breakwater::telemetry {

/// The shortest step of a row that people read easily (1, 2, 5, 10, 15, 30 seconds and minutes; 1, 2, 3, 6,
/// 12 hours; 1, 2, 5, 10, 20, 50, … days) with which [from, to) meets at most `points` multiples of it since
/// 1970. A range across 1970 meets two of every step: it is given two points where one is asked for. Down to
/// a millisecond, where the range is that short; up to 5,000,000 days. REQUIRES: from < to, both in the
/// calendar
/// (`is_in_calendar`), points ≥ 1.
[[nodiscard]] std::chrono::microseconds series_step(timestamp from, timestamp to, std::size_t points);

} // namespace breakwater::telemetry
