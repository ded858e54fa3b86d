#pragma once

#include "http/net.hpp"
#include "http/transport.hpp"
#include "http/websocket.hpp"

#include <memory>

namespace breakwater::http {

/// A connection that has become a WebSocket, from the handshake's answer to the end.
class websocket_session {
public:
    /// Takes the connection. `asked` is only read here.
    static std::shared_ptr<websocket_session> make(transport io, const request& asked,
                                                   std::unique_ptr<websocket_listener> listener,
                                                   const websocket_limits& limits);
    virtual ~websocket_session() = default;

    /// Ends when the connection has, and the listener has heard of it.
    [[nodiscard]] virtual task<void> run() = 0;
    virtual void tick(steady_point now) = 0;
    /// The server stops.
    virtual void begin_stop() = 0;
};

} // namespace breakwater::http
