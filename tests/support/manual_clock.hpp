#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <chrono>

namespace breakwater::test {

/// A clock that only moves when the test advances it. `advance` moves the wall clock and the steady clock.
class manual_clock final : public clock {
public:
    explicit manual_clock(timestamp start = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 /
                                                                            15}}) noexcept
        : micros_{start.time_since_epoch().count()} {}

    [[nodiscard]] timestamp now() const noexcept override {
        return timestamp{std::chrono::microseconds{micros_.load() + ahead_.load()}};
    }
    [[nodiscard]] steady_point steady_now() const noexcept override {
        return steady_point{std::chrono::microseconds{micros_.load()}};
    }
    void advance(std::chrono::microseconds by) noexcept { micros_ += by.count(); }
    /// Moves only the wall clock; backwards if `by` is negative.
    void set_wall(std::chrono::microseconds by) noexcept { ahead_ += by.count(); }

private:
    std::atomic<std::chrono::microseconds::rep> micros_;
    std::atomic<std::chrono::microseconds::rep> ahead_{0}; ///< wall clock minus steady clock
};

} // namespace breakwater::test
