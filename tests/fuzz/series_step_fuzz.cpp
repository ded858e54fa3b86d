// The steps of a series: for any range there are at most as many as requested.

#include "base/calendar.hpp"
#include "fuzz.hpp"
#include "telemetry/calendar_steps.hpp"
#include "telemetry/series_step.hpp"

#include <algorithm>
#include <array>
#include <functional>

using namespace breakwater;
using fuzz::require;
using std::chrono::microseconds;

namespace {

std::int64_t interval_count(timestamp from, timestamp to, microseconds step) {
    return (rounded_down(to - microseconds{1}, step) - rounded_down(from, step)) / step + 1;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input{data, size};
    const auto any_time = [&] {
        return clamped_to_calendar(timestamp{microseconds{input.ConsumeIntegral<std::int64_t>()}});
    };
    const timestamp from = any_time();
    const timestamp to = input.ConsumeBool()
                             ? any_time()
                             : shifted(from, microseconds{input.ConsumeIntegral<std::uint32_t>()});
    const auto points = input.ConsumeIntegralInRange<std::int64_t>(1, 2000);
    if (from >= to)
        return 0;
    const microseconds step = telemetry::series_step(from, to, static_cast<std::size_t>(points));
    require(step > microseconds::zero(), "a step is above zero");
    const bool across_1970 = from < timestamp{} && to > timestamp{};
    require(interval_count(from, to, step) <= std::max<std::int64_t>(points, across_1970 ? 2 : 1),
            "there are at most `points` intervals");
    require(telemetry::series_step(from, to, static_cast<std::size_t>(points) + 1) <= step,
            "more points never give a longer step");

    static const std::array zones{time_zone{}, time_zone::find("Europe/Warsaw").value(),
                                  time_zone::find("America/St_Johns").value(),
                                  time_zone::find("Pacific/Apia").value()};
    const time_zone& zone = zones[input.ConsumeIntegralInRange<std::size_t>(0, zones.size() - 1)];
    const auto calendar = telemetry::choose_calendar_steps(zone, from, to, static_cast<std::size_t>(points));
    const auto& bounds = calendar.bounds;
    require(bounds.size() >= 2 && bounds.size() <= static_cast<std::size_t>(points) + 1,
            "there are at most `points` steps");
    require(bounds.front() <= from && bounds[1] > from && bounds.back() >= to &&
                bounds[bounds.size() - 2] < to,
            "the steps cover the range, and each overlaps it");
    require(std::ranges::adjacent_find(bounds, std::greater_equal<>{}) == bounds.end(),
            "each step begins after the one before");
    return 0;
}
