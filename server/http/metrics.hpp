#pragma once

#include "http/body_budget.hpp"

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
    void connection_opened() noexcept { ++live_connections_; }
    void connection_closed() noexcept { --live_connections_; }
    void connection_refused() noexcept { ++refused_connections_; } ///< over the total limit
    /// Over the limit of one client (address or network).
    void connection_refused_by_client() noexcept { ++connections_refused_by_client_; }
    void request_rejected() noexcept { ++rejected_requests_; } ///< by the request validator
    void body_refused() noexcept { ++refused_bodies_; }        ///< by the body budget
    /// Sets the budget whose bytes `append_to` reports. Call before the first request.
    void set_body_budget(const body_budget& bodies) { bodies_ = bodies; }

    static constexpr std::size_t unrouted = static_cast<std::size_t>(-1);

    /// Prometheus text format 0.0.4.
    void append_to(std::string& out) const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
    std::atomic<std::int64_t> live_connections_{0};
    std::atomic<std::uint64_t> refused_connections_{0};
    std::atomic<std::uint64_t> connections_refused_by_client_{0};
    std::atomic<std::uint64_t> rejected_requests_{0};
    std::atomic<std::uint64_t> refused_bodies_{0};
    std::optional<body_budget> bodies_;
};

} // namespace breakwater::http
