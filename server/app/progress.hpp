#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace breakwater::app {

/// A line on standard error that tells how far a command is, some times a second; silent where that is no
/// terminal.
class progress_line {
public:
    progress_line(const clock& time, std::string_view what);
    /// Takes the line away.
    ~progress_line();
    progress_line(const progress_line&) = delete;
    progress_line& operator=(const progress_line&) = delete;

    void show(std::uint64_t done, std::uint64_t total);

private:
    const clock& clock_;
    const std::string what_;
    const bool visible_;
    bool shown_ = false;
    steady_point next_{};
};

/// From its making on, SIGINT and SIGTERM no longer end the process but are asked for, so that a half-written
/// file can be taken away. Make one at most.
class interruption {
public:
    interruption();
    [[nodiscard]] static bool asked() noexcept;
};

} // namespace breakwater::app
