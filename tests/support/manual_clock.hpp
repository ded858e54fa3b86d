#pragma once

#include "base/clock.hpp"

#include <atomic>
#include <chrono>

namespace breakwater::test {

/// A clock that stands still until it is turned. Both of its faces turn together.
class manual_clock final : public clock {
public:
    explicit manual_clock(timestamp start = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 1 /
                                                                            15}}) noexcept
        : micros_{start.time_since_epoch().count()} {}

    [[nodiscard]] timestamp now() const noexcept override {
        return timestamp{std::chrono::microseconds{micros_.load()}};
    }
    [[nodiscard]] steady_point steady_now() const noexcept override {
        return steady_point{std::chrono::microseconds{micros_.load()}};
    }
    void advance(std::chrono::microseconds by) noexcept { micros_ += by.count(); }

private:
    std::atomic<std::chrono::microseconds::rep> micros_;
};

} // namespace breakwater::test
