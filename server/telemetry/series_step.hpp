#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>

namespace breakwater::telemetry {

/// The shortest easily readable step with which [from, to) overlaps at most `points` intervals. Intervals
/// start at multiples of the step since 1970. Steps: 1, 2, 5, 10, 20, 50, 100, 200, 500 ms; 1, 2, 5, 10, 15,
/// 30 s and min; 1, 2, 3, 6, 12 h; 1, 2, 5, 10, 20, 50, … up to 5,000,000 days. A range across 1970 overlaps
/// two intervals of any step: for `points` 1 it gets two. REQUIRES: from < to, both in the calendar
/// (`is_in_calendar`), points ≥ 1.
[[nodiscard]] std::chrono::microseconds series_step(timestamp from, timestamp to, std::size_t points);

} // namespace breakwater::telemetry
