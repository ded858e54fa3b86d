#include "telemetry/calendar_steps.hpp"

#include "base/calendar.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace breakwater::telemetry {

namespace {

using namespace std::chrono;

/// What a clock on the wall shows, counted as if it were UTC.
using wall_time = sys_time<microseconds>;

constexpr days monday_before_1970{3}; ///< 1 January 1970 was a Thursday

std::int64_t months_since_year_0(wall_time at) noexcept {
    const year_month_day date{floor<days>(at)};
    return std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) - 1;
}

std::int64_t months_in(calendar_step step) noexcept {
    return step.unit == calendar_unit::year ? 12 * step.count : step.count;
}

/// The number of the step that a time on the wall lies in.
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

/// What the wall shows when the step of that number begins.
wall_time begin_of(calendar_step step, std::int64_t number) noexcept {
    switch (step.unit) {
    case calendar_unit::hour: return wall_time{hours{step.count} * number};
    case calendar_unit::day: return wall_time{days{number}};
    case calendar_unit::week: return wall_time{days{7} * number - monday_before_1970};
    case calendar_unit::month:
    case calendar_unit::year: break;
    }
    const std::int64_t of = number * months_in(step);
    const std::int64_t in = floor_divide(of, 12);
    return sys_days{year{static_cast<int>(in)} / month{static_cast<unsigned>(of - in * 12) + 1} / day{1}};
}

/// Finds the bounds one after the other.
class bound_list {
public:
    bound_list(timestamp from, timestamp to, std::size_t most, timestamp earliest)
        : from_{from}, to_{to}, most_{most}, found_{earliest} {}

    /// False where no more are wanted.
    bool add(timestamp at) {
        const timestamp bound = clamped_to_calendar(at);
        if (bound <= from_)
            found_.front() = bound;
        else if (bound > found_.back())
            found_.push_back(bound);
        return found_.back() < to_ && found_.size() <= most_ + 1;
    }
    [[nodiscard]] std::optional<std::vector<timestamp>> take() && {
        if (found_.size() > most_ + 1)
            return std::nullopt;
        return std::move(found_);
    }

private:
    const timestamp from_;
    const timestamp to_;
    const std::size_t most_;
    std::vector<timestamp> found_;
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
                                                  timestamp to, std::size_t most) {
    // From a little before the step that holds `from`, so that clocks that were changed about then are seen.
    constexpr days lead{2};
    const wall_time holds_from = begin_of(step, number_of(step, from + zone.at(from).ahead));
    const timestamp start = shifted(holds_from, -lead);
    // The same hour may come twice; the same day, week, month or year doesn't: once begun, it goes on.
    const bool may_repeat = step.unit == calendar_unit::hour;

    bound_list bounds{from, to, most, start};
    time_zone::stretch now = zone.at(start);
    std::int64_t current = number_of(step, start + now.ahead);
    for (;;) {
        const bool is_last = now.end >= last_timestamp;
        for (;; ++current) {
            const timestamp begins = begin_of(step, current + 1) - now.ahead;
            if (begins >= now.end && !is_last)
                break;
            if (!bounds.add(begins))
                return std::move(bounds).take();
        }
        const wall_time before = now.end - microseconds{1} + now.ahead;
        now = zone.at(now.end);
        const wall_time after = now.begin + now.ahead;
        const std::int64_t number = number_of(step, after);
        const bool begins_here = may_repeat
                                     ? number != number_of(step, before) || begin_of(step, number) == after
                                     : number > current;
        if (begins_here && !bounds.add(now.begin))
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
        for (const std::int64_t of : {1, 2, 5}) {
            const calendar_step step{year, of * ten};
            if (auto bounds = step_bounds(zone, step, from, to, points))
                return {step, std::move(*bounds)};
        }
    return {{year, 10'000}, {first_timestamp, last_timestamp}}; // the whole calendar
}

} // namespace breakwater::telemetry
