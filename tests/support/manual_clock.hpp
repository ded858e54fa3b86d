#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <chrono>

namespace breakwater::test {

/// A clock that stands still until it is turned. Both of its faces turn together, unless the wall clock is
/// set.
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
    /// Sets the wall clock, and it alone: back where `by` is less than 0.
    void set_wall(std::chrono::microseconds by) noexcept { ahead_ += by.count(); }

private:
    std::atomic<std::chrono::microseconds::rep> micros_;
    std::atomic<std::chrono::microseconds::rep> ahead_{0}; ///< of the wall clock to the steady one
};

} // namespace breakwater::test
