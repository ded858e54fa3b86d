#pragma once

#include "base/clock.hpp"
#include "net/asio.hpp"
#include "net/connection_limits.hpp"
#include "net/peer_certificate.hpp"
#include "net/transport.hpp"

#include <optional>
#include <string>

namespace breakwater::net {

/// An accepted connection. With TLS, the handshake is complete.
struct connection {
    transport stream;
    std::string peer_address;                    ///< as `format_ip` writes it; empty: unknown
    std::optional<peer_certificate> certificate; ///< of the peer, if TLS asked for one
};

/// The server side of a protocol, such as HTTP, on one I/O thread of a listener. Each I/O thread has its own
/// object and is the only one to call it, so the members need no locks.
class protocol {
public:
    virtual ~protocol() = default;
    /// Serves a connection from its first byte to its last. The connection keeps its slot of the connection
    /// limits until the task ends. Connections that were in their TLS handshake at `begin_stop` may still
    /// arrive after it. An exception ends the connection, and the worker logs it.
    [[nodiscard]] virtual task<void> serve(connection accepted) = 0;
    /// Called about once a second, with `worker::coarse_now`, for example to check deadlines.
    virtual void tick(steady_point now) = 0;
    /// The server is stopping (`worker::is_stopping` returns true). Open connections should end soon. After
    /// the shutdown timeout of the listener, the thread ends without them.
    virtual void begin_stop() = 0;
    /// Called when the worker is destroyed. Must destroy the coroutines of `serve` that wait for something
    /// outside the thread's io_context; the worker destroys the others.
    virtual void abandon() = 0;
    /// What the worker sends to a client that got no slot, before it closes the connection. Empty: it closes
    /// at once. Not called with TLS.
    [[nodiscard]] virtual std::string refusal(connection_limits::refusal reason) = 0;
};

} // namespace breakwater::net
