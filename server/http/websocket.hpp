#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::http {

/// The close codes that the server sends. Codes below 4000 are from RFC 6455 section 7.4.1. Codes from 4000
/// on are our own.
enum class close_code : std::uint16_t {
    normal = 1000,
    going_away = 1001, ///< the server is stopping
    unsupported = 1003,
    policy = 1008,
    too_big = 1009,
    try_again_later = 1013, ///< the server can't check the credential at the moment
    unauthenticated = 4401, ///< the credential is missing, invalid or revoked
    too_late = 4408,        ///< the required first message did not arrive in time
    too_many = 4429,        ///< too many live connections
};

/// An open WebSocket (RFC 6455). Use it on its I/O thread only.
class websocket {
public:
    /// The bytes of a message, in pieces, and the objects that keep these bytes alive until they are sent.
    struct parts {
        std::vector<std::string_view> bytes;
        std::vector<std::shared_ptr<const void>> owners;
    };

    virtual ~websocket() = default;
    /// Whether `send` may be called: the WebSocket is open and no message is being sent.
    [[nodiscard]] virtual bool is_ready() const noexcept = 0;
    /// Sends the parts as one text message. REQUIRES: `is_ready()`, and the parts together are valid UTF-8.
    virtual void send(parts message) = 0;
    /// Waits for the current message, sends a close frame, then closes. `reason`: at most 123 bytes.
    virtual void close(close_code code, std::string_view reason) = 0;
};

/// Receives the events of a WebSocket, on its I/O thread. Members must not block or throw.
class websocket_listener {
public:
    virtual ~websocket_listener() = default;
    /// The WebSocket is open. `connection` lives until `closed`.
    virtual void opened(websocket& connection) = 0;
    /// A complete text message in valid UTF-8.
    virtual void received(std::string_view text) = 0;
    /// A frame without message data was received: a ping, a pong or an empty fragment. Each such frame costs
    /// some work, so a rate limit should count it like a message.
    virtual void received_empty_frame() = 0;
    /// The last message was written. `send` may be called again.
    virtual void sent() = 0;
    /// Called about once a second.
    virtual void tick(steady_point now) = 0;
    /// The WebSocket is closed. This is the last call.
    virtual void closed() = 0;
};

/// Accepts WebSockets on a route. The server calls the listener only on the I/O thread of the handshake
/// request.
struct websocket_handler {
    std::move_only_function<std::unique_ptr<websocket_listener>(const request&) const> open;
};

struct websocket_limits {
    std::size_t max_message_bytes = 64U << 10;  ///< of a received message
    std::chrono::seconds handshake_timeout{10}; ///< for the opening and the closing handshake
    std::chrono::seconds idle_timeout{20}; ///< without received bytes; after half of it, the server pings
};

/// Validates the WebSocket handshake of a GET in HTTP/1.1 (RFC 6455 section 4.2.1). Returns nothing if the
/// handshake is valid, otherwise the error response, 426 or 400. The request validator has already refused
/// repeated fields that may occur only once.
[[nodiscard]] std::optional<response> refuse_upgrade(const request& request);

} // namespace breakwater::http
