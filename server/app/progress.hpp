#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::app {

/// A progress line on standard error, updated at most ten times a second. Does nothing if standard error is
/// not a terminal.
class progress_line {
public:
    progress_line(const clock& time, std::string_view label);
    /// Clears the line.
    ~progress_line();
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;

    void show(std::uint64_t done, std::uint64_t total);

private:
    const clock& clock_;
    const std::string label_;
    const bool visible_;
    bool shown_ = false;
    steady_point next_{};
};

/// Once constructed, SIGINT and SIGTERM no longer end the process but set `requested`, so that the command
/// can remove an incomplete file. REQUIRES: at most one per process.
class interruption {
public:
    interruption();
    [[nodiscard]] static bool requested() noexcept;
};

} // namespace breakwater::app
