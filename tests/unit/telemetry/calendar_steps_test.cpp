#include "telemetry/calendar_steps.hpp"

#include "base/calendar.hpp"
#include "base/time.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono;
using enum calendar_unit;

timestamp at(std::string_view text) {
    return parse_rfc3339(text).value();
}

time_zone zone(std::string_view name) {
    return time_zone::find(name).value();
}

std::vector<std::string> bounds(std::string_view zone_name, calendar_step step, std::string_view from,
                                std::string_view to) {
    std::vector<std::string> out;
    const auto times = step_bounds(zone(zone_name), step, at(from), at(to), 2000).value();
    for (const timestamp time : times)
        out.push_back(format_rfc3339(time));
    return out;
}

using texts = std::vector<std::string>;

TEST(calendar_steps, have_days_of_23_and_25_hours) {
    EXPECT_EQ(bounds("Europe/Warsaw", {day}, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z"),
              (texts{"2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z",
                     "2026-10-26T23:00:00Z"}));
    EXPECT_EQ(bounds("Europe/Warsaw", {day}, "2026-03-28T23:00:00Z", "2026-03-30T22:00:00Z"),
              (texts{"2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"}));
}

TEST(calendar_steps, follow_zones_with_offsets_of_half_hours) {
    EXPECT_EQ(bounds("Asia/Kolkata", {day}, "2026-01-15T00:00:00Z", "2026-01-15T18:30:00Z"),
              (texts{"2026-01-14T18:30:00Z", "2026-01-15T18:30:00Z"}));
    EXPECT_EQ(bounds("Asia/Kathmandu", {hour}, "2026-01-15T00:00:00Z", "2026-01-15T01:00:00Z"),
              (texts{"2026-01-14T23:15:00Z", "2026-01-15T00:15:00Z", "2026-01-15T01:15:00Z"}));
}

TEST(calendar_steps, begin_weeks_on_monday_and_months_on_the_first) {
    EXPECT_EQ(bounds("Europe/Warsaw", {week}, "2026-10-21T00:00:00Z", "2026-10-27T00:00:00Z"),
              (texts{"2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", "2026-11-01T23:00:00Z"}));
    EXPECT_EQ(bounds("America/New_York", {month}, "2026-02-10T00:00:00Z", "2026-04-01T04:00:00Z"),
              (texts{"2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z"}));
    EXPECT_EQ(bounds("UTC", {month, 3}, "2026-02-10T00:00:00Z", "2026-02-11T00:00:00Z"),
              (texts{"2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"}));
    EXPECT_EQ(bounds("UTC", {year}, "1969-12-31T23:59:59Z", "1970-01-01T00:00:01Z"),
              (texts{"1969-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1971-01-01T00:00:00Z"}));
}

TEST(calendar_steps, count_an_hour_that_occurs_twice_as_two_steps) {
    EXPECT_EQ(bounds("Europe/Warsaw", {hour}, "2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z"),
              (texts{"2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z",
                     "2026-10-25T03:00:00Z"}));
    EXPECT_EQ(bounds("Europe/Warsaw", {hour, 6}, "2026-10-24T22:00:00Z", "2026-10-25T11:00:00Z"),
              (texts{"2026-10-24T22:00:00Z", "2026-10-25T05:00:00Z", "2026-10-25T11:00:00Z"}))
        << "seven hours pass between midnight and six";
    EXPECT_EQ(bounds("Europe/Warsaw", {hour, 2}, "2026-03-28T23:00:00Z", "2026-03-29T04:00:00Z"),
              (texts{"2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z",
                     "2026-03-29T04:00:00Z"}))
        << "two o'clock does not exist: its step starts at three";
}

TEST(calendar_steps, handle_days_that_start_late_never_or_twice) {
    // Clocks went forward from midnight to 1:00 on 2018-11-04.
    EXPECT_EQ(bounds("America/Sao_Paulo", {day}, "2018-11-04T00:00:00Z", "2018-11-05T02:00:00Z"),
              (texts{"2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"}));
    // 2011-12-30 did not exist: the zone crossed the date line.
    EXPECT_EQ(bounds("Pacific/Apia", {day}, "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z"),
              (texts{"2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"}));
    // Clocks went back by an hour at 0:01 on 2006-10-29, into the day before.
    EXPECT_EQ(bounds("America/St_Johns", {day}, "2006-10-28T12:00:00Z", "2006-10-30T03:30:00Z"),
              (texts{"2006-10-28T02:30:00Z", "2006-10-29T02:30:00Z", "2006-10-30T03:30:00Z"}));
}

TEST(calendar_steps, are_nothing_if_there_are_too_many) {
    EXPECT_TRUE(step_bounds(time_zone{}, {day}, at("2026-01-01T00:00:00Z"), at("2026-01-11T00:00:00Z"), 10));
    EXPECT_FALSE(step_bounds(time_zone{}, {day}, at("2026-01-01T00:00:00Z"), at("2026-01-11T00:00:01Z"), 10));
    EXPECT_FALSE(step_bounds(zone("Europe/Warsaw"), {hour}, first_timestamp, last_timestamp, 2000));
}

TEST(calendar_steps, are_chosen_by_the_number_of_points) {
    const auto step_for = [](std::string_view from, std::string_view to, std::size_t points) {
        return choose_calendar_steps(zone("Europe/Warsaw"), at(from), at(to), points).step;
    };
    EXPECT_EQ(step_for("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 500), (calendar_step{hour}));
    EXPECT_EQ(step_for("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", 100), (calendar_step{hour, 12}));
    EXPECT_EQ(step_for("2026-01-01T00:00:00Z", "2026-07-01T00:00:00Z", 200), (calendar_step{day}));
    EXPECT_EQ(step_for("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 60), (calendar_step{week}));
    EXPECT_EQ(step_for("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 13), (calendar_step{month}));
    EXPECT_EQ(step_for("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 5), (calendar_step{month, 3}));
    EXPECT_EQ(step_for("1900-01-01T00:00:00Z", "2100-01-01T00:00:00Z", 30), (calendar_step{year, 10}));
    const auto all = choose_calendar_steps(zone("Europe/Warsaw"), first_timestamp, last_timestamp, 1);
    EXPECT_EQ(all.bounds.size(), 2U);
}

TEST(calendar_steps, cover_any_range_in_any_zone_in_order) {
    const std::vector<time_zone> zones{time_zone{},
                                       zone("Europe/Warsaw"),
                                       zone("America/St_Johns"),
                                       zone("Asia/Kolkata"),
                                       zone("America/Sao_Paulo"),
                                       zone("Pacific/Apia"),
                                       zone("Antarctica/Troll"),
                                       zone("Africa/Casablanca")};
    EXPECT_TRUE(rc::check("any range", [&zones] {
        const std::int64_t first = first_timestamp.time_since_epoch().count();
        const std::int64_t end = last_timestamp.time_since_epoch().count();
        const timestamp from{microseconds{
            *rc::gen::oneOf(rc::gen::inRange(first, end),
                            rc::gen::inRange<std::int64_t>(-2'000'000'000'000'000, 2'000'000'000'000'000))}};
        const timestamp to =
            shifted(from, microseconds{*rc::gen::oneOf(rc::gen::inRange<std::int64_t>(1, 100'000'000'000'000),
                                                       rc::gen::inRange<std::int64_t>(1, end - first))});
        if (from >= to)
            return;
        const time_zone& zone_used = zones[*rc::gen::inRange<std::size_t>(0, zones.size())];
        const auto points = *rc::gen::inRange<std::size_t>(1, 500);
        const auto [step, starts] = choose_calendar_steps(zone_used, from, to, points);
        RC_ASSERT(starts.size() >= 2U && starts.size() <= points + 1);
        RC_ASSERT(starts.front() <= from && starts[1] > from);
        RC_ASSERT(starts.back() >= to && starts[starts.size() - 2] < to);
        const auto longest = usual_length(step) + days{step.unit == year ? 2 * step.count : 3};
        for (std::size_t i = 1; i < starts.size(); ++i) {
            RC_ASSERT(starts[i] > starts[i - 1]);
            RC_ASSERT(starts[i] - starts[i - 1] <= longest);
        }
    }));
}

} // namespace
} // namespace breakwater::telemetry
