#pragma once

#include <chrono>

namespace breakwater {

/// A UTC time with microsecond precision, for everything that is stored or shown.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// A point of a monotonic clock, for intervals and deadlines.
using steady_point = std::chrono::steady_clock::time_point;

/// Time is a parameter: everything that expires, throttles or repeats takes a `clock&`, and tests set one by
/// hand (`tests/support/manual_clock.hpp`). Any thread may call an implementation.
class clock {
public:
    virtual ~clock() = default;
    [[nodiscard]] virtual timestamp now() const noexcept = 0;
    [[nodiscard]] virtual steady_point steady_now() const noexcept = 0;
};

/// The clocks of the operating system.
class system_clock final : public clock {
public:
    [[nodiscard]] timestamp now() const noexcept override {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
    [[nodiscard]] steady_point steady_now() const noexcept override {
        return std::chrono::steady_clock::now();
    }
};

} // namespace breakwater
