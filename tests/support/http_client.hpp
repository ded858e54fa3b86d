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
    http_fields fields; ///< in their order, names as sent
    std::string body;   ///< without chunks, still compressed where it is
    bool chunked = false;

    /// The first field of that name, whatever its case; empty where there is none.
    [[nodiscard]] std::string field(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;
    /// Throws with the body where it is no JSON.
    [[nodiscard]] boost::json::value json() const;
    /// A member of the JSON body by JSON pointer: `text("/errors/0/msg")`. Throws where it is missing or of
    /// another kind.
    [[nodiscard]] std::string text(std::string_view pointer) const;
    [[nodiscard]] std::int64_t number(std::string_view pointer) const;
};

/// The peer has closed the connection, or reset it.
struct connection_closed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One TCP connection to 127.0.0.1, over which bytes or requests go. Blocking; gives up after `patience`
/// without a byte.
class http_connection {
public:
    explicit http_connection(std::uint16_t port, std::chrono::seconds patience = std::chrono::seconds{20});
    ~http_connection();
    http_connection(http_connection&& other) noexcept
        : socket_{std::exchange(other.socket_, -1)}, unread_{std::move(other.unread_)} {}
    http_connection& operator=(http_connection&& other) noexcept;

    /// Bytes as they are. Throws `connection_closed`.
    void send(std::string_view bytes);
    /// A whole request: adds Host, and Content-Length where there is a body (or an empty one is passed).
    void send_request(std::string_view method, std::string_view target, const http_fields& fields = {},
                      std::optional<std::string_view> body = std::nullopt);
    /// The next response; 100 (Continue) is skipped. `to_head`: the answer to a HEAD, which has no body.
    http_response receive(bool to_head = false);
    http_response request(std::string_view method, std::string_view target, const http_fields& fields = {},
                          std::optional<std::string_view> body = std::nullopt);
    /// Says that nothing more is sent.
    void finish_sending() const;
    /// All bytes until the peer closes.
    std::string receive_all();
    /// Whether the peer closes, with nothing more sent, within the patience.
    bool closes();

private:
    bool fill(); ///< reads some more; false at the end

    int socket_ = -1;
    std::string unread_;
};

/// What a gzip body holds.
std::string gunzip(std::string_view compressed);

} // namespace breakwater::test
