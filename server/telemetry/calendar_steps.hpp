#pragma once

#include "base/clock.hpp"
#include "base/time_zone.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace breakwater::telemetry {

enum class calendar_unit : std::uint8_t { hour, day, week, month, year };

/// A step of local calendars: so many units. Those of hours begin at multiples since midnight, a week on
/// Monday (ISO 8601), several months or years at multiples since year 0.
struct calendar_step {
    calendar_unit unit = calendar_unit::day;
    /// Of hours a divisor of 24, of days and weeks 1, of months a divisor of 12, of years at most 10,000.
    std::int64_t count = 1;

    friend bool operator==(const calendar_step&, const calendar_step&) = default;
};

/// How long the step is, where nothing shortens or lengthens it: a month is a twelfth of a mean year of
/// 365.2425 days.
[[nodiscard]] std::chrono::seconds usual_length(calendar_step step) noexcept;

/// Where the steps that [from, to) meets begin, in order: the first at `from` or before it, and at last where
/// the step behind them would begin, which is at `to` or after it. Nothing where there are more than `most`
/// of them.
///
/// Steps follow the local clocks of the zone: a day has 23 or 25 hours where they are changed. A local time
/// that doesn't exist begins where the clocks jump over it, one that exists twice at the first of the two; an
/// hour that comes twice is two hours. REQUIRES: from < to, both in the calendar.
[[nodiscard]] std::optional<std::vector<timestamp>>
step_bounds(const time_zone& zone, calendar_step step, timestamp from, timestamp to, std::size_t most);

struct calendar_steps {
    calendar_step step;
    std::vector<timestamp> bounds; ///< as `step_bounds`
};

/// The shortest of 1, 2, 3, 6 and 12 hours, a day, a week, 1 and 3 months, 1, 2, 5, 10, 20, … years of which
/// [from, to) meets at most `points`. REQUIRES: as above, points ≥ 1.
[[nodiscard]] calendar_steps choose_calendar_steps(const time_zone& zone, timestamp from, timestamp to,
                                                   std::size_t points);

} // namespace breakwater::telemetry
