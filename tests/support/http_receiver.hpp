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

    /// Empty where there is none.
    [[nodiscard]] std::string field(std::string_view name) const;
};

/// Somebody who takes requests at a free port of 127.0.0.1, one connection and one request after the other,
/// and remembers them.
class http_receiver {
public:
    /// The bytes of the answer. Empty: there is none, and the connection stays open.
    using answers = std::function<std::string(const received_request&)>;

    explicit http_receiver(answers answer = nullptr); ///< without one: 204
    ~http_receiver();
    http_receiver(const http_receiver&) = delete;
    http_receiver& operator=(const http_receiver&) = delete;

    [[nodiscard]] static std::string answer_of(int status, std::string_view more_fields = {},
                                               std::string_view body = {});

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
    [[nodiscard]] std::string url(std::string_view path = "/hook") const;
    /// How many connections were made, whatever came over them.
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] std::vector<received_request> requests() const;
    /// Waits until so many requests came; false where they don't within 20 s.
    [[nodiscard]] bool wait_for(std::size_t count) const;

private:
    void loop();
    void serve(int connection);

    answers answer_;
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
