#pragma once

#include "http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::http {

// The request validator checks every request before any other code reads it. Pure functions over bytes,
// without state or allocation except for the list of fields. They refuse everything that a proxy could
// interpret differently (request smuggling). The connection is then always closed, because the beginning of
// the next request is unknown.

struct request_limits {
    std::size_t max_header_bytes = 16U << 10;
    std::size_t max_target_bytes = 8U << 10;
    std::size_t max_fields = 100;
    std::size_t max_body_bytes = 1U << 20;
};

/// The result of the validation: accepted, or refused with a status and a fixed sentence.
struct verdict {
    unsigned status = 0; ///< 0: accepted
    std::string_view reason{};

    [[nodiscard]] bool refused() const noexcept { return status != 0; }
};

/// How the length of the body is determined (RFC 9112 section 6.3).
enum class framing : std::uint8_t { none, length, chunked };

/// A valid header. Its views point into the parsed bytes.
struct request_head {
    struct field {
        std::string_view name; ///< as sent
        std::string_view value;
    };

    std::string_view method_name;
    std::optional<http::method> method; ///< none: a well-formed but unknown method
    std::string_view target;            ///< as sent
    std::string_view path;              ///< from any form of the target; `*` for `OPTIONS *`
    std::string_view query;             ///< without the `?`
    std::string_view host;              ///< from an absolute-form target, otherwise the Host field
    std::vector<field> fields;
    framing body = framing::none;
    std::uint64_t content_length = 0;
    unsigned minor_version = 1; ///< of HTTP/1.x
    bool keep_alive = true;     ///< as the client requests
    bool expects_continue = false;
};

/// The progress of the search for the end of a header. Use a new one for each request.
struct head_search {
    std::size_t begin = 0;   ///< of the request line, after a skipped empty line
    std::size_t line = 0;    ///< where the incomplete line begins
    std::size_t scanned = 0; ///< number of bytes searched
    std::size_t end = 0;     ///< after the empty line that ends the header; 0: not found yet
};

/// Searches `received` for the end of the header. Each call must pass the bytes of the last call, extended by
/// the new ones. Refuses as early as possible: a bare LF, an invalid first byte of a method, 414, 431.
[[nodiscard]] verdict find_head(std::string_view received, const request_limits& limits,
                                head_search& search) noexcept;

/// Parses a complete header (`search.begin` to `search.end`) and overwrites all of `head`.
[[nodiscard]] verdict read_head(std::string_view bytes, const request_limits& limits, request_head& head);

} // namespace breakwater::http
