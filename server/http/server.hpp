#pragma once

#include "base/clock.hpp"
#include "http/access.hpp"
#include "http/metrics.hpp"
#include "http/router.hpp"
#include "http/work.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace breakwater::http {

/// Every bound of the HTTP door.
struct server_options {
    std::string host = "127.0.0.1"; ///< an address, or a name that resolves to one
    std::uint16_t port = 8000;      ///< 0: any free one, `server::port` says which
    /// `/fleet`: clients find everything behind it. It is taken off where a proxy passes it on.
    std::string base_path;
    std::size_t threads = 2; ///< I/O threads, an io_context and an acceptor (SO_REUSEPORT) each
    std::size_t max_connections = 10'000;
    /// From one client: an IPv4 address, an IPv6 /64; 0: a quarter of all. Loopback and trusted proxies have
    /// none.
    std::size_t max_connections_per_client = 0;
    std::size_t max_header_bytes =
        16U << 10; ///< request line and fields together: 431 (414 where the target alone is too long)
    std::size_t max_target_bytes = 8U << 10;
    std::size_t max_body_bytes = 1U << 20; ///< 413
    /// Of all bodies that are held at once; `body_budget` has who is refused (503) when it gets tight.
    std::size_t max_bodies_bytes = std::size_t{128} << 20;
    std::chrono::seconds header_timeout{10}; ///< from the first byte of a request to the end of its header
    std::chrono::seconds body_timeout{30};
    std::chrono::seconds write_timeout{30};    ///< for each piece written
    std::chrono::seconds idle_timeout{75};     ///< between requests
    std::chrono::seconds shutdown_timeout{10}; ///< for what was taken in
    websocket_limits websocket{};
    std::size_t gzip_from_bytes = 1024;    ///< answers of at least this size are compressed where accepted
    std::vector<std::string> cors_origins; ///< `*` or origins
    std::vector<std::string>
        trusted_proxies;              ///< addresses or CIDR blocks whose X-Forwarded-For or Forwarded counts
    std::string tls_certificate_file; ///< PEM chain; empty: no TLS
    std::string tls_key_file;
};

/// Listens, and answers through the table. One object, started once.
class server {
public:
    struct parts {
        const http::router& router;
        const access_policy& access;
        const breakwater::clock& clock;
        random_source& random; ///< for request ids
        http::metrics& metrics;
        work_pools& pools;
    };

    /// Binds and listens; `bad_state` with the reason where it can't (port taken, no such address, bad
    /// certificate).
    static result<std::unique_ptr<server>> listen(const server_options& chosen, const parts& with);
    virtual ~server() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// Serves on its own threads; returns at once.
    virtual void start() = 0;
    /// Takes no more connections or requests, finishes what it took in (at most `shutdown_timeout`), joins.
    /// Idempotent.
    virtual void stop() = 0;
    /// Reads certificate and key anew: new connections get them, live ones go on. Keeps the old ones on
    /// failure.
    virtual result<void> reload_tls() = 0;
};

} // namespace breakwater::http
