#pragma once

#include "http/net.hpp"
#include "http/websocket.hpp"
#include "net/transport.hpp"

#include <memory>

namespace breakwater::http {

/// A connection that was upgraded to a WebSocket, from the response to the handshake on.
class websocket_session {
public:
    /// Takes over the connection. Does not keep a reference to `request`.
    static std::shared_ptr<websocket_session> create(net::transport io, const request& request,
                                                     std::unique_ptr<websocket_listener> listener,
                                                     const websocket_limits& limits);
    virtual ~websocket_session() = default;

    /// Ends when the connection is closed and the listener was notified.
    [[nodiscard]] virtual task<void> run() = 0;
    /// Called about once a second.
    virtual void tick(steady_point now) = 0;
    /// Starts to close the WebSocket, because the server stops.
    virtual void begin_stop() = 0;
};

} // namespace breakwater::http
