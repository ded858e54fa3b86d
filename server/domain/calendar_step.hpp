#pragma once

#include <cstdint>

namespace breakwater {

enum class calendar_unit : std::uint8_t { hour, day, week, month, year };

/// A step in local calendar time: a number of units. Steps of hours start at multiples since midnight, weeks
/// on Monday (ISO 8601), steps of several months or years at multiples since year 0.
struct calendar_step {
    calendar_unit unit = calendar_unit::day;
    /// Hours: a divisor of 24. Days and weeks: 1. Months: a divisor of 12. Years: at most 10,000.
    std::int64_t count = 1;

    friend bool operator==(const calendar_step&, const calendar_step&) = default;
};

} // namespace breakwater
