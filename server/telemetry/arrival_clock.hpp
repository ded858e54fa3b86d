#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <chrono>

namespace breakwater::telemetry {

/// Arrival times from the wall clock. They do not go back for a correction of up to 1 s (NTP), so that later
/// readings sort later. A larger step back is followed: somebody set the clock on purpose. Any thread may
/// call.
class arrival_clock {
public:
    explicit arrival_clock(const clock& time) : clock_{time} {}

    timestamp now() noexcept {
        const timestamp wall = clock_.now();
        timestamp last = last_.load(std::memory_order_relaxed);
        do {
            if (wall <= last && last - wall <= std::chrono::seconds{1})
                return last;
        } while (!last_.compare_exchange_weak(last, wall, std::memory_order_relaxed));
        return wall;
    }

private:
    const clock& clock_;
    std::atomic<timestamp> last_{timestamp::min()};
};

} // namespace breakwater::telemetry
