#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>

namespace breakwater::app {

/// Takes SIGTERM, SIGINT and SIGHUP out of every thread's way and hands them to whoever waits. Make it before
/// the first thread. SIGPIPE is ignored: a peer that went away is an error of its socket, not of the process.
class signal_waiter {
public:
    enum class what : std::uint8_t { nothing, stop, reload };

    signal_waiter();
    /// The next signal, or `nothing` once `timeout` has passed.
    [[nodiscard]] what wait(std::chrono::steady_clock::duration timeout);

private:
    sigset_t set_{};
};

} // namespace breakwater::app
