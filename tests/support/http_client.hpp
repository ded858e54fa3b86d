#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::test {

using http_fields = std::vector<std::pair<std::string, std::string>>;

struct http_response {
    int status = 0;
    http_fields fields; ///< in their order, with names as sent
    std::string body;   ///< without chunk framing; not decompressed
    bool chunked = false;

    /// The first field with this name, ignoring case; empty if there is none.
    [[nodiscard]] std::string field(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    /// Throws if the body is not JSON.
    [[nodiscard]] boost::json::value json() const;
    /// A member of the JSON body by JSON pointer: `text("/errors/0/msg")`. Throws if it is missing or has
    /// another type.
    [[nodiscard]] std::string text(std::string_view pointer) const;
    [[nodiscard]] std::int64_t number(std::string_view pointer) const;
};

/// The peer has closed the connection, or reset it.
struct connection_closed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A blocking TCP connection to 127.0.0.1 for bytes or requests. Throws after `timeout` without a byte.
class http_connection {
public:
    explicit http_connection(std::uint16_t port, std::chrono::seconds timeout = std::chrono::seconds{20});
    ~http_connection();
    http_connection(http_connection&& other) noexcept
        : socket_{std::exchange(other.socket_, -1)}, unread_{std::move(other.unread_)} {}
    http_connection& operator=(http_connection&& other) noexcept;

    /// Sends bytes unchanged. Throws `connection_closed`.
    void send(std::string_view bytes);
    /// Sends a request. Adds Host, and Content-Length if there is a body (also an empty one).
    void send_request(std::string_view method, std::string_view target, const http_fields& fields = {},
                      std::optional<std::string_view> body = std::nullopt);
    /// Receives the next response and skips 100 (Continue). `to_head`: a response to HEAD, which has no body.
    http_response receive(bool to_head = false);
    http_response request(std::string_view method, std::string_view target, const http_fields& fields = {},
                          std::optional<std::string_view> body = std::nullopt);
    /// Shuts down the sending side.
    void finish_sending() const;
    /// Receives all bytes until the peer closes.
    std::string receive_all();
    /// Whether the peer closes within the timeout without sending anything.
    bool closes();

private:
    bool fill(); ///< reads more bytes; false at the end

    int socket_ = -1;
    std::string unread_;
};

/// Decompresses a gzip body.
std::string gunzip(std::string_view compressed);

} // namespace breakwater::test
