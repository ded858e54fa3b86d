#pragma once

#include <chrono>

namespace breakwater {

/// A point of civil time in UTC, to the microsecond: what is stored and shown.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// A point of a clock that is never set back: what intervals and deadlines are measured with.
using steady_point = std::chrono::steady_clock::time_point;

/// Time is a parameter. Everything that expires, throttles or repeats takes a `clock&`; tests turn one by
/// hand
/// (`tests/support/manual_clock.hpp`). Implementations may be called from any thread.
class clock {
public:
    virtual ~clock() = default;
    [[nodiscard]] virtual timestamp now() const noexcept = 0;
    [[nodiscard]] virtual steady_point steady_now() const noexcept = 0;
};

/// The machine's clocks.
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
