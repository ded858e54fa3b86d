#pragma once

#include "webhooks/transport.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace breakwater::webhooks {

// Internal to this module. Other modules use curl_transport.hpp, which does not expose libcurl.

struct curl_easy_deleter {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct curl_list_deleter {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// Options of an attempt.
struct transfer_options {
    bool allow_private = false; ///< also connect to addresses that are not public
    std::chrono::milliseconds timeout{};
    std::string ca_file{}; ///< trusted certificates; empty: those of the system
};

/// One attempt with libcurl: configures the transfer and evaluates its result. Not movable, since libcurl
/// keeps pointers to the members.
class curl_transfer {
public:
    /// Throws std::runtime_error if libcurl lacks an option or has no handle.
    curl_transfer(attempt delivery, transfer_options options);
    curl_transfer(const curl_transfer&) = delete;
    curl_transfer& operator=(const curl_transfer&) = delete;

    [[nodiscard]] CURL* handle() const noexcept { return handle_.get(); }
    [[nodiscard]] attempt_outcome outcome(CURLcode code) const;

private:
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
    static curl_socket_t on_connect(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;

    void configure();
    void add_header(const std::string& line);
    [[nodiscard]] std::string failure_of(CURLcode code) const;

    attempt delivery_;
    transfer_options options_;
    std::unique_ptr<curl_slist, curl_list_deleter> headers_;
    std::array<char, CURL_ERROR_SIZE> error_text_{};
    std::size_t header_bytes_ = 0;
    std::size_t body_bytes_ = 0;
    bool body_truncated_ = false;                     ///< the response body exceeded the limit
    bool connected_ = false;                          ///< to an allowed address
    std::optional<std::string> refused_address_{};    ///< the last address that was not allowed
    std::unique_ptr<CURL, curl_easy_deleter> handle_; ///< destroyed before the members that it refers to
};

} // namespace breakwater::webhooks
