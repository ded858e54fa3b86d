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

/// Counters of the HTTP door, written without locks by the I/O threads.
class metrics {
public:
    /// REQUIRES: `routes` outlives this.
    explicit metrics(const router& routes);
    ~metrics();

    /// One answered request. `index` as `router::match` gives it; `unrouted` where none matched.
    void answered(std::size_t index, unsigned status, std::chrono::nanoseconds took) noexcept;
    void connection_opened() noexcept { ++live_connections_; }
    void connection_closed() noexcept { --live_connections_; }
    void connection_refused() noexcept { ++refused_connections_; } ///< over the cap
    /// One client (address or network) has as many as it may.
    void connection_refused_by_client() noexcept { ++connections_refused_by_client_; }
    void request_turned_away() noexcept { ++turned_away_; } ///< by the gate
    void body_refused() noexcept { ++refused_bodies_; }     ///< by the budget of bytes
    /// Whose bytes `append_to` shows from then on. Before the first request.
    void watch(const body_budget& bodies) { bodies_ = bodies; }

    static constexpr std::size_t unrouted = static_cast<std::size_t>(-1);

    /// Prometheus text format 0.0.4.
    void append_to(std::string& out) const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
    std::atomic<std::int64_t> live_connections_{0};
    std::atomic<std::uint64_t> refused_connections_{0};
    std::atomic<std::uint64_t> connections_refused_by_client_{0};
    std::atomic<std::uint64_t> turned_away_{0};
    std::atomic<std::uint64_t> refused_bodies_{0};
    std::optional<body_budget> bodies_;
};

} // namespace breakwater::http
