#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace breakwater::test {

struct received_request {
    std::string line;                ///< `POST /hook HTTP/1.1`
    std::vector<std::string> fields; ///< `Name: value`
    std::string body;

    /// Empty if there is no such field.
    [[nodiscard]] std::string field(std::string_view name) const;
};

/// An HTTP server on a free port of 127.0.0.1 that records requests. Handles one connection with one request
/// at a time.
class http_receiver {
public:
    /// Returns the bytes of the response. Empty: no response, and the connection stays open.
    using handler = std::function<std::string(const received_request&)>;

    explicit http_receiver(handler respond = nullptr); ///< default: responds 204
    ~http_receiver();
    http_receiver(const http_receiver&) = delete;
    http_receiver& operator=(const http_receiver&) = delete;

    [[nodiscard]] static std::string make_response(int status, std::string_view more_fields = {},
                                                   std::string_view body = {});

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string url(std::string_view path = "/hook") const;
    /// The number of accepted connections.
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] std::vector<received_request> requests() const;
    /// Waits up to 20 s for that many requests.
    [[nodiscard]] bool wait_for(std::size_t count) const;

private:
    void loop();
    void serve(int connection);

    handler respond_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    mutable std::condition_variable more_;
    std::size_t connections_ = 0;
    std::vector<received_request> requests_;
    std::vector<int> open_; ///< unanswered connections
    std::thread thread_;
};

} // namespace breakwater::test
