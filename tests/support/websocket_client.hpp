#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::test {

/// A blocking WebSocket client with a timeout of ten seconds.
class websocket_client {
public:
    using fields = std::vector<std::pair<std::string, std::string>>;

    /// Requests a WebSocket at `path`, with additional header fields.
    explicit websocket_client(std::uint16_t port, std::string_view path = "/live", const fields& headers = {},
                              bool compress = false);
    ~websocket_client();
    websocket_client(websocket_client&&) noexcept;
    websocket_client(const websocket_client&) = delete;
    websocket_client& operator=(const websocket_client&) = delete;
    websocket_client& operator=(websocket_client&&) = delete;

    /// The status of the handshake: 101 if the connection is open, 0 without a response.
    [[nodiscard]] int status() const noexcept;
    /// A header field of the response to the handshake.
    [[nodiscard]] std::string header(std::string_view name) const;
    void send(std::string_view text);
    void send_binary(std::string_view bytes);
    /// The next message; empty if the connection ended or after the timeout.
    std::optional<std::string> receive();
    /// After the end: the close code of the server, or 1006 if it sent none.
    [[nodiscard]] int close_code() const noexcept;
    /// Closes the connection and waits for the reply.
    void close();
    /// Closes the socket without a close frame.
    void drop();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::test
