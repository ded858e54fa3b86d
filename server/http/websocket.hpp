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

/// Close codes that we send: RFC 6455 section 7.4.1, and from 4000 on our own.
enum class close_code : std::uint16_t {
    normal = 1000,
    going_away = 1001, ///< the server stops
    unsupported = 1003,
    policy = 1008,
    too_big = 1009,
    unauthenticated = 4401, ///< not, or no longer
    too_late = 4408,        ///< what had to be said first wasn't
    too_many = 4429,
};

/// An open WebSocket (RFC 6455), for who speaks through it. Belongs to the I/O thread it lives on.
class websocket {
public:
    /// Bytes, and what keeps them alive until they are sent.
    struct parts {
        std::vector<std::string_view> bytes;
        std::vector<std::shared_ptr<const void>> owners;
    };

    virtual ~websocket() = default;
    /// Nothing is being sent.
    [[nodiscard]] virtual bool is_ready() const noexcept = 0;
    /// Sends one text message. REQUIRES: `is_ready()`, and the parts together are UTF-8.
    virtual void send(parts message) = 0;
    /// Says goodbye behind what is being sent, and ends. The reason is at most 123 bytes.
    virtual void close(close_code code, std::string_view reason) = 0;
};

/// Who answers at the other end of a WebSocket. Called on its I/O thread; must not block and must not throw.
class websocket_listener {
public:
    virtual ~websocket_listener() = default;
    /// `with` lives until `closed`.
    virtual void opened(websocket& with) = 0;
    /// A whole text message, which passed as UTF-8.
    virtual void received(std::string_view text) = 0;
    /// A frame came that brings no message: a ping, a pong, or a piece without a byte. Each costs its reader
    /// some work, as messages do.
    virtual void fruitless() = 0;
    /// What was being sent is on its way: there is room for the next.
    virtual void sent() = 0;
    /// About once a second.
    virtual void tick(steady_point now) = 0;
    /// Nothing more will come, and nothing can be sent. The last call.
    virtual void closed() = 0;
};

/// Accepts a WebSocket at a route's address. `request` is what asked for it; its lane is where the listener
/// will live.
struct websocket_handler {
    std::move_only_function<std::unique_ptr<websocket_listener>(const request&) const> open;
};

struct websocket_limits {
    std::size_t max_message_bytes = 64U << 10;  ///< of one that comes in
    std::chrono::seconds handshake_timeout{10}; ///< also for the goodbye
    std::chrono::seconds idle_timeout{20};      ///< without a sign of life; halfway through it is pinged
};

/// Whether a GET of HTTP/1.1 asks for a WebSocket, as RFC 6455 section 4.2.1 has it; else what is to be said:
/// 426, or 400. That the fields of which there is one come once, the gate has seen to.
[[nodiscard]] std::optional<response> refuse_upgrade(const request& asked);

} // namespace breakwater::http
