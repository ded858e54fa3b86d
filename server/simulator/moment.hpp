#pragma once

#include "base/clock.hpp"

#include <cstdint>

namespace breakwater::simulator {

/// A time, split into the quantities that the profiles depend on. All devices are at 48° north and use UTC.
struct moment {
    explicit moment(timestamp at);

    timestamp at;
    double seconds;   ///< since the epoch
    std::int64_t day; ///< since the epoch
    double hour;      ///< of the day, [0, 24)
    double season;    ///< -1 on the coldest days of January, 1 on the warmest days of July
    double sun;       ///< sine of the sun's elevation; 0 while it is below the horizon
    bool weekend;

    /// A bell curve over the day: 1 at the hour `centre`, and continuous across midnight. `width`: the
    /// standard deviation in hours.
    [[nodiscard]] double bell(double centre, double width) const;
    /// About 1 between two hours of the day and about 0 outside, with smooth edges.
    [[nodiscard]] double between(double from, double to) const;
    /// A cosine over the day with its maximum at `peak_hour`.
    [[nodiscard]] double daily(double peak_hour) const;
};

} // namespace breakwater::simulator
