#pragma once

#include "load/endpoint.hpp"
#include "load/histogram.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace breakwater::bench {

/// A run of WebSocket clients that subscribe to all events of all devices.
struct live_plan {
    endpoint server; ///< with the target `/live`
    std::string token;
    std::size_t subscribers = 100;
    std::size_t stalled = 0; ///< further clients that never read
    std::chrono::milliseconds warm_up{1000};
    std::chrono::milliseconds duration{5000};
};

struct live_result {
    std::uint64_t deliveries = 0; ///< readings received, summed over all subscribers
    std::uint64_t messages = 0;
    std::uint64_t gaps = 0;
    std::uint64_t ended = 0; ///< subscribers whose connection ended
    histogram delays;        ///< from `received_at` of a message's first reading to its arrival
    std::chrono::duration<double> measured{0};
    std::string first_problem;
};

/// Connects, subscribes, and counts the messages. Runs on the calling thread.
[[nodiscard]] live_result run_live(const live_plan& plan, const std::atomic<bool>& stop);

} // namespace breakwater::bench
