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

/// The settings and limits of the HTTP server.
struct server_options {
    std::string host = "127.0.0.1"; ///< an address, or a name that resolves to one
    std::uint16_t port = 8000;      ///< 0: any free port, see `server::port`
    /// The prefix of all paths for clients, such as `/fleet`. Removed from a path if the proxy forwards it.
    std::string base_path;
    std::size_t threads = 2; ///< I/O threads, each with an io_context and an acceptor (SO_REUSEPORT)
    std::size_t max_connections = 10'000;
    /// Per client (an IPv4 address or an IPv6 /64); 0: a quarter of the total. Loopback clients and trusted
    /// proxies have no such limit.
    std::size_t max_connections_per_client = 0;
    std::size_t max_header_bytes =
        16U << 10; ///< request line and fields; exceeded: 431, or 414 for the target alone
    std::size_t max_target_bytes = 8U << 10;
    std::size_t max_body_bytes = 1U << 20; ///< exceeded: 413
    /// For all bodies in memory; `body_budget` decides which bodies are refused (503) when memory is short.
    std::size_t max_bodies_bytes = std::size_t{128} << 20;
    std::chrono::seconds header_timeout{10}; ///< from the first byte of a request to the end of its header
    std::chrono::seconds body_timeout{30};
    std::chrono::seconds write_timeout{30};    ///< for each piece of up to 64 KiB
    std::chrono::seconds idle_timeout{75};     ///< between requests
    std::chrono::seconds shutdown_timeout{10}; ///< for requests in progress
    websocket_limits websocket{};
    std::size_t gzip_from_bytes = 1024;    ///< size of the smallest response to compress
    std::vector<std::string> cors_origins; ///< `*` or origins
    std::vector<std::string>
        trusted_proxies;              ///< addresses or CIDR blocks whose X-Forwarded-For or Forwarded is used
    std::string tls_certificate_file; ///< PEM chain; empty: no TLS
    std::string tls_key_file;
};

/// Listens and serves the routes of the table. Start an object once only.
class server {
public:
    struct dependencies {
        const http::router& router;
        const access_policy& access;
        const breakwater::clock& clock;
        random_source& random; ///< for request ids
        http::metrics& metrics;
        work_pools& pools;
    };

    /// Binds and listens. On failure returns `bad_state` with the reason (port in use, no such address,
    /// invalid certificate).
    static result<std::unique_ptr<server>> listen(const server_options& options, const dependencies& deps);
    virtual ~server() = default;

    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// Starts the I/O threads and returns at once.
    virtual void start() = 0;
    /// Stops accepting connections and requests, finishes requests in progress for at most
    /// `shutdown_timeout`, and joins the threads. Idempotent.
    virtual void stop() = 0;
    /// Reloads the certificate and the key for new connections. Keeps the current ones on failure.
    virtual result<void> reload_tls() = 0;
};

} // namespace breakwater::http
