#pragma once

#include "http/body_budget.hpp"
#include "net/connection_counters.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

class router;

/// The counters of the HTTP module. The I/O threads update them without locks.
class metrics {
public:
    /// REQUIRES: `routes` outlives this.
    explicit metrics(const router& routes);
    ~metrics();

    /// Counts one response. `index`: from `router::match`, or `unrouted` if no route matched.
    void record_response(std::size_t index, unsigned status, std::chrono::nanoseconds duration) noexcept;
    /// For the listener, which counts the connections.
    [[nodiscard]] net::connection_counters& connections() noexcept { return connections_; }
    void request_refused() noexcept { ++refused_requests_; } ///< by the request validator
    void body_refused() noexcept { ++refused_bodies_; }      ///< by the body budget
    /// Sets the budget whose bytes `append_to` reports. Call before the first request.
    void set_body_budget(const body_budget& bodies) { bodies_ = bodies; }

    static constexpr std::size_t unrouted = static_cast<std::size_t>(-1);

    /// Prometheus text format 0.0.4.
    void append_to(std::string& out) const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
    net::connection_counters connections_;
    std::atomic<std::uint64_t> refused_requests_{0};
    std::atomic<std::uint64_t> refused_bodies_{0};
    std::optional<body_budget> bodies_;
};

} // namespace breakwater::http
