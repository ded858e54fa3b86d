#pragma once

#include "core/types.hpp"

namespace breakwater::desktop {

/// How a device is doing, from its status and how long ago it was heard.
enum class Freshness {
    Fresh,
    Late,   ///< for more than its interval
    Silent, ///< for more than three times that
    Never,  ///< nothing was heard, or it isn't known yet
    Blocked,
    Unknown ///< nothing was heard of any device for a while: the server can't be reached
};

constexpr int silentAfterIntervals = 3;

/// `interval`: how often it is to speak, in seconds.
inline Freshness freshnessOf(const Device& device, int interval, const QDateTime& now) {
    if (device.isBlocked())
        return Freshness::Blocked;
    if (!device.lastReadingAt.isValid())
        return Freshness::Never;
    const qint64 silence = device.lastReadingAt.secsTo(now);
    if (silence <= interval)
        return Freshness::Fresh;
    return silence <= qint64{interval} * silentAfterIntervals ? Freshness::Late : Freshness::Silent;
}

} // namespace breakwater::desktop
