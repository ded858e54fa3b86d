#include "telemetry/calendar_steps.hpp"

#include "base/calendar.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace breakwater::telemetry {

namespace {

using namespace std::chrono;

/// Local time as a wall clock shows it, counted as if it were UTC.
using wall_time = sys_time<microseconds>;

constexpr days monday_before_1970{3}; ///< 1 January 1970 was a Thursday

std::int64_t months_since_year_0(wall_time at) noexcept {
    const year_month_day date{floor<days>(at)};
    return std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) - 1;
}

std::int64_t months_in(calendar_step step) noexcept {
    return step.unit == calendar_unit::year ? 12 * step.count : step.count;
}

/// The number of the step that contains a wall time.
std::int64_t number_of(calendar_step step, wall_time at) noexcept {
    const std::int64_t since = at.time_since_epoch().count();
    switch (step.unit) {
    case calendar_unit::hour: return floor_divide(since, microseconds{hours{step.count}}.count());
    case calendar_unit::day: return floor_divide(since, microseconds{days{1}}.count());
    case calendar_unit::week:
        return floor_divide(since + microseconds{monday_before_1970}.count(), microseconds{days{7}}.count());
    case calendar_unit::month:
    case calendar_unit::year: break;
    }
    return floor_divide(months_since_year_0(at), months_in(step));
}

/// The wall time at which the step with that number starts.
wall_time begin_of(calendar_step step, std::int64_t number) noexcept {
    switch (step.unit) {
    case calendar_unit::hour: return wall_time{hours{step.count} * number};
    case calendar_unit::day: return wall_time{days{number}};
    case calendar_unit::week: return wall_time{days{7} * number - monday_before_1970};
    case calendar_unit::month:
    case calendar_unit::year: break;
    }
    const std::int64_t month_number = number * months_in(step);
    const std::int64_t year_number = floor_divide(month_number, 12);
    return sys_days{year{static_cast<int>(year_number)} /
                    month{static_cast<unsigned>(month_number - year_number * 12) + 1} / day{1}};
}

/// Collects the bounds in order.
class bound_list {
public:
    bound_list(timestamp from, timestamp to, std::size_t max_steps, timestamp first)
        : from_{from}, to_{to}, max_steps_{max_steps}, bounds_{first} {}

    /// Returns false once the range is covered or has too many steps.
    bool add(timestamp at) {
        const timestamp bound = clamped_to_calendar(at);
        if (bound <= from_)
            bounds_.front() = bound;
        else if (bound > bounds_.back())
            bounds_.push_back(bound);
        return bounds_.back() < to_ && bounds_.size() <= max_steps_ + 1;
    }
    [[nodiscard]] std::optional<std::vector<timestamp>> take() && {
        if (bounds_.size() > max_steps_ + 1)
            return std::nullopt;
        return std::move(bounds_);
    }

private:
    const timestamp from_;
    const timestamp to_;
    const std::size_t max_steps_;
    std::vector<timestamp> bounds_;
};

} // namespace

seconds usual_length(calendar_step step) noexcept {
    switch (step.unit) {
    case calendar_unit::hour: return hours{step.count};
    case calendar_unit::day: return days{step.count};
    case calendar_unit::week: return weeks{step.count};
    case calendar_unit::month: return months{step.count};
    case calendar_unit::year: break;
    }
    return years{step.count};
}

std::optional<std::vector<timestamp>> step_bounds(const time_zone& zone, calendar_step step, timestamp from,
                                                  timestamp to, std::size_t max_steps) {
    // Starts two days before the step that contains `from`, to include clock changes around its start.
    constexpr days lead{2};
    const wall_time first_step = begin_of(step, number_of(step, from + zone.at(from).utc_offset));
    const timestamp start = shifted(first_step, -lead);
    // When clocks are set back, an hour can start again. A day, week, month or year continues.
    const bool may_repeat = step.unit == calendar_unit::hour;

    bound_list bounds{from, to, max_steps, start};
    time_zone::offset_period period = zone.at(start);
    std::int64_t current = number_of(step, start + period.utc_offset);
    for (;;) {
        const bool is_last = period.end >= last_timestamp;
        for (;; ++current) {
            const timestamp next_start = begin_of(step, current + 1) - period.utc_offset;
            if (next_start >= period.end && !is_last)
                break;
            if (!bounds.add(next_start))
                return std::move(bounds).take();
        }
        const wall_time before = period.end - microseconds{1} + period.utc_offset;
        period = zone.at(period.end);
        const wall_time after = period.begin + period.utc_offset;
        const std::int64_t number = number_of(step, after);
        const bool is_new_step = may_repeat
                                     ? number != number_of(step, before) || begin_of(step, number) == after
                                     : number > current;
        if (is_new_step && !bounds.add(period.begin))
            return std::move(bounds).take();
        current = may_repeat ? number : std::max(current, number);
    }
}

calendar_steps choose_calendar_steps(const time_zone& zone, timestamp from, timestamp to,
                                     std::size_t points) {
    using enum calendar_unit;
    constexpr std::array<calendar_step, 9> short_steps{{{hour, 1},
                                                        {hour, 2},
                                                        {hour, 3},
                                                        {hour, 6},
                                                        {hour, 12},
                                                        {day, 1},
                                                        {week, 1},
                                                        {month, 1},
                                                        {month, 3}}};
    for (const calendar_step step : short_steps)
        if (auto bounds = step_bounds(zone, step, from, to, points))
            return {step, std::move(*bounds)};
    for (std::int64_t ten = 1; ten < 10'000; ten *= 10)
        for (const std::int64_t factor : {1, 2, 5}) {
            const calendar_step step{year, factor * ten};
            if (auto bounds = step_bounds(zone, step, from, to, points))
                return {step, std::move(*bounds)};
        }
    return {{year, 10'000}, {first_timestamp, last_timestamp}}; // the whole calendar
}

} // namespace breakwater::telemetry
