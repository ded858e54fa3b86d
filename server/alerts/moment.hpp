#pragma once

#include "base/clock.hpp"

#include <algorithm>

namespace breakwater::alerts {

/// Both clocks, read at the same time.
struct moment {
    timestamp wall;
    steady_point steady;

    /// Converts `at` to the steady clock, by which rules compare times. Never later than now, even if the
    /// wall clock was set back in the meantime.
    [[nodiscard]] steady_point steady_of(timestamp at) const noexcept {
        return std::min(steady, steady - (wall - at));
    }
    /// Converts `at` to the wall clock.
    [[nodiscard]] timestamp wall_of(steady_point at) const noexcept {
        return wall - std::chrono::floor<std::chrono::microseconds>(steady - at);
    }
};

[[nodiscard]] inline moment read(const clock& time) noexcept {
    return {.wall = time.now(), .steady = time.steady_now()};
}

} // namespace breakwater::alerts
