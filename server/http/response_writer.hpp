#pragma once

#include "base/clock.hpp"
#include "http/cors.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::http {

/// The parts of a response header that do not come from the `response` itself.
struct response_frame {
    std::string_view date{}; ///< in the form of `format_http_date`
    std::string_view request_id{};
    std::string_view origin{}; ///< the request's Origin; empty: none
    std::optional<std::size_t>
        content_length{}; ///< none: chunked; in HTTP/1.0 the body ends with the connection
    bool secure = false;
    bool is_http_1_0 = false; ///< HTTP/1.0
    bool keep_alive = true;
};

/// Writes the header of every response into one buffer. The constant fields are one block of text.
class response_writer {
public:
    explicit response_writer(const cors_policy& cors) : cors_{cors} {}

    /// Appends the status line and the fields, including the empty line. Omits fields of the response that
    /// contain a control character, which prevents header injection.
    void append_header(const response& response, const response_frame& frame, std::string& out) const;

private:
    const cors_policy& cors_;
};

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
[[nodiscard]] std::string format_http_date(timestamp at);

} // namespace breakwater::http
