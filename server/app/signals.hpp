#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>

namespace breakwater::app {

/// Blocks SIGTERM, SIGINT and SIGHUP in all threads and delivers them through `wait`. REQUIRES: constructed
/// before the first thread. Ignores SIGPIPE: a closed connection is an error of its socket, not of the
/// process.
class signal_waiter {
public:
    enum class request : std::uint8_t { none, stop, reload };

    signal_waiter();
    /// Waits for the next signal; `none` after `timeout`.
    [[nodiscard]] request wait(std::chrono::steady_clock::duration timeout);

private:
    sigset_t set_{};
};

} // namespace breakwater::app
