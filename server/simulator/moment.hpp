#pragma once

#include "base/clock.hpp"

#include <cstdint>

namespace breakwater::simulator {

/// A time, taken apart into what daily life goes by. Devices live at 48° north and keep UTC.
struct moment {
    explicit moment(timestamp at);

    timestamp at;
    double seconds;   ///< since the epoch
    std::int64_t day; ///< since the epoch
    double hour;      ///< of the day, [0, 24)
    double season;    ///< -1 in the coldest days of January, 1 in the hottest of July
    double sun;       ///< sine of its elevation; 0 while it is down
    bool weekend;

    /// A bell over the clock face: 1 at `centre`, and continuous across midnight.
    [[nodiscard]] double bell(double centre, double width) const;
    /// About 1 between two hours of a day and about 0 outside, with soft shoulders.
    [[nodiscard]] double between(double from, double to) const;
    /// A cosine over the day with its top at `hour_of_top`.
    [[nodiscard]] double daily(double hour_of_top) const;
};

} // namespace breakwater::simulator
