#pragma once

#include "load/endpoint.hpp"
#include "load/response_reader.hpp"

#include <expected>
#include <string>
#include <string_view>

namespace breakwater::bench {

/// The bytes of a request; with a body it is JSON, with a token it is a Bearer's.
[[nodiscard]] std::string http_request(std::string_view method, std::string_view host,
                                       std::string_view target, std::string_view token,
                                       std::string_view body);

/// Speaks to the API, a call at a time, over one kept connection: for what must be there before the load
/// begins.
class api_client {
public:
    explicit api_client(endpoint to) : to_{std::move(to)} {}
    api_client(const api_client&) = delete;
    api_client& operator=(const api_client&) = delete;
    ~api_client();

    /// The body of an answer with a 2xx status. Waits as Retry-After says where the server is too busy (429,
    /// 503), a few times; everything else is an error, told in a sentence.
    [[nodiscard]] std::expected<std::string, std::string>
    call(std::string_view method, std::string_view target, std::string_view token, std::string_view body);

private:
    [[nodiscard]] std::expected<void, std::string> exchange(const std::string& request);
    void close();

    endpoint to_;
    int fd_ = -1;
    response_reader answer_;
};

} // namespace breakwater::bench
