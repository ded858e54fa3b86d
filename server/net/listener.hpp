#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "net/connection_counters.hpp"
#include "net/connection_limits.hpp"
#include "net/protocol.hpp"
#include "net/tls_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::net {

class worker;

struct listener_options {
    std::string thread_name = "net";      ///< of the I/O threads: at most 15 bytes
    std::string host = "127.0.0.1";       ///< an address, or a name that resolves to one
    std::uint16_t port = 0;               ///< 0: any free port, see `listener::port`
    std::size_t threads = 2;              ///< I/O threads; 0: one
    std::size_t max_connections = 10'000; ///< at least 1
    /// Per client (an IPv4 address or an IPv6 /64); 0: a quarter of the total. Does not apply to addresses
    /// for which `is_shared` returns true.
    std::size_t max_connections_per_client = 0;
    connection_limits::shared_addresses is_shared = [](const ip_bytes&) { return false; };
    std::optional<tls_options> tls;             ///< none: plain TCP
    std::chrono::seconds handshake_timeout{10}; ///< of TLS
    std::chrono::seconds shutdown_timeout{10};  ///< for connections that are still open, see `stop`
};

/// A port that serves one protocol. Each I/O thread has an io_context, an acceptor (SO_REUSEPORT) and a
/// protocol object. Call `start` once only. `start` and `stop` may be called on any thread.
class listener {
public:
    struct dependencies {
        const breakwater::clock& clock;
        connection_counters& counters;
    };
    /// Creates the protocol object of an I/O thread. Called before the thread starts. The worker outlives the
    /// protocol object.
    using protocol_factory = std::function<std::unique_ptr<protocol>(worker& worker)>;

    /// Binds and listens. On failure returns `bad_state` with the reason (port in use, no such address,
    /// invalid certificate).
    static result<std::unique_ptr<listener>> listen(listener_options options, const dependencies& deps,
                                                    const protocol_factory& make_protocol);
    ~listener() { stop(); }
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    /// Starts the I/O threads and returns at once.
    void start();
    /// Stops accepting connections, waits for the open ones for at most `shutdown_timeout`, and joins the
    /// threads. The executors of the threads exist until the listener is destroyed. Idempotent.
    void stop();
    /// Reloads the certificates and the key for new connections. Keeps the current ones on failure.
    [[nodiscard]] result<void> reload_tls();

private:
    listener(std::shared_ptr<tls_store> tls, std::vector<std::shared_ptr<worker>> workers);

    const std::shared_ptr<tls_store> tls_; ///< null: plain TCP
    const std::vector<std::shared_ptr<worker>> workers_;
    const std::uint16_t port_;
    mutex stop_mutex_;
    bool stopped_ GUARDED_BY(stop_mutex_) = false;
};

} // namespace breakwater::net
