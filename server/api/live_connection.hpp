#pragma once

#include "http/message.hpp"
#include "http/websocket.hpp"
#include "live/hub.hpp"

#include <memory>

namespace breakwater::api {

/// Binds a live session of the hub to the WebSocket that the request opens. Called on I/O threads. REQUIRES:
/// the hub outlives the WebSocket.
[[nodiscard]] std::unique_ptr<http::websocket_listener> open_live(live::hub& hub,
                                                                  const http::request& request);

} // namespace breakwater::api
