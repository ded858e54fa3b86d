#pragma once

#include "webhooks/transport.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace breakwater::webhooks {

// For the sources of this room alone: libcurl stays behind curl_transport.hpp.

struct curl_easy_freed {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
};
struct curl_list_freed {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

/// What an attempt may do.
struct curl_terms {
    bool any_address = false; ///< not only public ones
    std::chrono::milliseconds timeout{};
    std::string ca_file{}; ///< empty: the system's authorities
};

/// One attempt with libcurl: what is asked of it, and what is made of its answer. Stays where it is, since
/// libcurl knows its members.
class curl_transfer {
public:
    /// Throws std::runtime_error where libcurl won't do as it is told.
    curl_transfer(attempt what, curl_terms terms);
    curl_transfer(const curl_transfer&) = delete;
    curl_transfer& operator=(const curl_transfer&) = delete;

    [[nodiscard]] CURL* handle() const noexcept { return handle_.get(); }
    [[nodiscard]] attempt_outcome outcome(CURLcode how) const;
    /// Its end needn't wait for a name that is still looked up.

private:
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
    static curl_socket_t on_connect(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;

    void configure();
    void add_header(const std::string& line);
    [[nodiscard]] std::string failure_of(CURLcode how) const;

    attempt what_;
    curl_terms terms_;
    std::unique_ptr<curl_slist, curl_list_freed> headers_;
    std::array<char, CURL_ERROR_SIZE> said_{};
    std::size_t header_bytes_ = 0;
    std::size_t body_bytes_ = 0;
    bool cut_ = false;                              ///< the answer's body was broken off
    bool connected_ = false;                        ///< to an address that passed
    std::optional<std::string> refused_{};          ///< an address that didn't
    std::unique_ptr<CURL, curl_easy_freed> handle_; ///< goes before what it refers to
};

} // namespace breakwater::webhooks
