#pragma once

#include "core/types.hpp"

namespace breakwater::desktop {

/// The state of a device, from its status and the age of its last reading.
enum class Freshness {
    Fresh,
    Late,   ///< no reading for more than its interval
    Silent, ///< no reading for more than three intervals
    Never,  ///< no reading yet, or its time is not loaded yet
    Blocked,
    Unknown ///< the server can't be reached
};

constexpr int silentAfterIntervals = 3;

/// `interval`: expected time between readings, in seconds.
inline Freshness freshnessOf(const Device& device, int interval, const QDateTime& now) {
    if (device.isBlocked())
        return Freshness::Blocked;
    if (!device.lastReadingAt.isValid())
        return Freshness::Never;
    const qint64 age = device.lastReadingAt.secsTo(now);
    if (age <= interval)
        return Freshness::Fresh;
    return age <= qint64{interval} * silentAfterIntervals ? Freshness::Late : Freshness::Silent;
}

} // namespace breakwater::desktop
