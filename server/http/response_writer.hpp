#pragma once

#include "base/clock.hpp"
#include "http/cors.hpp"
#include "http/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::http {

/// What the header of an answer says beside the response itself.
struct answer_frame {
    std::string_view date{}; ///< as `format_http_date` makes it
    std::string_view request_id{};
    std::string_view origin{}; ///< the request's Origin; empty: none
    std::optional<std::size_t>
        content_length{}; ///< none: chunked, or until the connection closes in HTTP/1.0
    bool secure = false;
    bool old_client = false; ///< HTTP/1.0
    bool keep_alive = true;
};

/// Writes the header of every answer, by hand into one buffer: what is the same each time is one constant
/// block.
class response_writer {
public:
    explicit response_writer(const cors_policy& cors) : cors_{cors} {}

    /// Status line and fields, up to and with the empty line. Fields of the response that hold a control
    /// character are left out, so that no handler can be made to write a header of somebody else's choosing.
    void append_header(const response& answer, const answer_frame& frame, std::string& out) const;

private:
    const cors_policy& cors_;
};

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
[[nodiscard]] std::string format_http_date(timestamp at);

} // namespace breakwater::http
