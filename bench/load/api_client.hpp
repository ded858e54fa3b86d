#pragma once

#include "load/endpoint.hpp"
#include "load/response_reader.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace breakwater::bench {

/// The bytes of a request. A body is sent as JSON, a token as a Bearer token; each may be empty.
[[nodiscard]] std::string http_request(std::string_view method, std::string_view host,
                                       std::string_view target, std::string_view token,
                                       std::string_view body);

/// Calls the API, one request at a time, over one keep-alive connection. For the preparations before a load
/// run.
class api_client {
public:
    explicit api_client(endpoint server) : server_{std::move(server)} {}
    api_client(const api_client&) = delete;
    api_client& operator=(const api_client&) = delete;
    ~api_client();

    /// Returns the body of a 2xx response. If the server is too busy (429, 503), waits for Retry-After (one
    /// to five seconds) and tries again, up to 20 attempts. Any other outcome is an error, a sentence.
    [[nodiscard]] std::expected<std::string, std::string>
    call(std::string_view method, std::string_view target, std::string_view token, std::string_view body);

private:
    [[nodiscard]] std::expected<void, std::string> exchange(const std::string& request);
    void close();

    endpoint server_;
    int fd_ = -1;
    response_reader response_;
};

} // namespace breakwater::bench
