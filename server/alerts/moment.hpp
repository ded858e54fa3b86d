#pragma once

#include "base/clock.hpp"

#include <algorithm>

namespace breakwater::alerts {

/// Both faces of a clock, read together.
struct moment {
    timestamp wall;
    steady_point steady;

    /// When it was `at`, on the clock that is never set: what rules compare. Nothing is later than now,
    /// whatever a wall clock says that was set back since.
    [[nodiscard]] steady_point steady_of(timestamp at) const noexcept {
        return std::min(steady, steady - (wall - at));
    }
    /// The reverse.
    [[nodiscard]] timestamp wall_of(steady_point at) const noexcept {
        return wall - std::chrono::floor<std::chrono::microseconds>(steady - at);
    }
};

[[nodiscard]] inline moment read(const clock& time) noexcept {
    return {.wall = time.now(), .steady = time.steady_now()};
}

} // namespace breakwater::alerts
