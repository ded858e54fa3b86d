#pragma once

#include "base/clock.hpp"
#include "base/time_zone.hpp"
#include "domain/calendar_step.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace breakwater::telemetry {

/// The nominal length of the step, without clock changes: a month is a twelfth of a mean year of 365.2425
/// days.
[[nodiscard]] std::chrono::seconds usual_length(calendar_step step) noexcept;

/// The start times of the steps that [from, to) overlaps, in order, and as last element the end of the last
/// step. The first element is at or before `from`, the last at or after `to`. Nothing if the range overlaps
/// more than `max_steps` steps.
///
/// Steps follow the local clocks of the zone: a day with a clock change has 23 or 25 hours. A step whose
/// local start time does not exist starts at the clock change. A start time that exists twice means the first
/// occurrence, except that an hour that occurs twice is two steps. REQUIRES: from < to, both in the calendar.
[[nodiscard]] std::optional<std::vector<timestamp>>
step_bounds(const time_zone& zone, calendar_step step, timestamp from, timestamp to, std::size_t max_steps);

struct calendar_steps {
    calendar_step step;
    std::vector<timestamp> bounds; ///< from `step_bounds`
};

/// The shortest of 1, 2, 3, 6 and 12 hours, 1 day, 1 week, 1 and 3 months, 1, 2, 5, 10, 20, … years of which
/// [from, to) overlaps at most `points`. REQUIRES: as for `step_bounds`, and points ≥ 1.
[[nodiscard]] calendar_steps choose_calendar_steps(const time_zone& zone, timestamp from, timestamp to,
                                                   std::size_t points);

} // namespace breakwater::telemetry
