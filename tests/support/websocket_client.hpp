#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::test {

/// A WebSocket client that waits for each answer, ten seconds at most.
class websocket_client {
public:
    using fields = std::vector<std::pair<std::string, std::string>>;

    /// Asks for a WebSocket at that path, with these fields besides.
    explicit websocket_client(std::uint16_t port, std::string_view path = "/live", const fields& headers = {},
                              bool compress = false);
    ~websocket_client();
    websocket_client(websocket_client&&) noexcept;
    websocket_client(const websocket_client&) = delete;
    websocket_client& operator=(const websocket_client&) = delete;
    websocket_client& operator=(websocket_client&&) = delete;

    /// 101 where it is open; else what was answered, or 0 where nothing was.
    [[nodiscard]] int status() const noexcept;
    /// A field of the handshake's answer.
    [[nodiscard]] std::string header(std::string_view name) const;
    void send(std::string_view text);
    void send_binary(std::string_view bytes);
    /// The next message; nothing where the connection ended, or nothing came in time.
    std::optional<std::string> receive();
    /// After the end: the close code that the server said, or 1006 where it said none.
    [[nodiscard]] int close_code() const noexcept;
    /// Says goodbye and waits for the answer.
    void close();
    /// Breaks the connection without a word.
    void drop();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace breakwater::test
