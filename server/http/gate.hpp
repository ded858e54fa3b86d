#pragma once

#include "http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::http {

// The strict gate: every request passes it before anything else looks at a byte. Pure functions over bytes,
// no state, no allocation beyond the list of fields. Where a lenient reading would be possible, and a proxy
// in front could read otherwise (request smuggling), it refuses; the connection is always closed then, for
// nobody can say where the next request begins.

struct gate_limits {
    std::size_t max_header_bytes = 16U << 10;
    std::size_t max_target_bytes = 8U << 10;
    std::size_t max_fields = 100;
    std::size_t max_body_bytes = 1U << 20;
};

/// What the gate says: pass, or a status and a fixed sentence.
struct verdict {
    unsigned status = 0;
    std::string_view reason{};

    [[nodiscard]] bool refused() const noexcept { return status != 0; }
};

/// How the end of the body is known (RFC 9112 section 6.3).
enum class framing : std::uint8_t { none, length, chunked };

/// A header that passed; its views point into the bytes it was read from.
struct request_head {
    struct field {
        std::string_view name; ///< as sent
        std::string_view value;
    };

    std::string_view method_name;
    std::optional<http::method> method; ///< none: a well-formed method that this server doesn't know
    std::string_view target;            ///< as sent
    std::string_view path;              ///< of the target, in any of its forms; `*` of `OPTIONS *`
    std::string_view query;             ///< without the `?`
    std::string_view host;              ///< of the absolute form, where that is used, else the Host field
    std::vector<field> fields;
    framing body = framing::none;
    std::uint64_t content_length = 0;
    unsigned minor_version = 1; ///< of HTTP/1.x
    bool keep_alive = true;     ///< what the client asks for
    bool expects_continue = false;
};

/// How far the search for the end of a header came; starts anew for each request.
struct head_search {
    std::size_t begin = 0;   ///< of the request line: an empty line before it is skipped
    std::size_t line = 0;    ///< where the unfinished line begins
    std::size_t scanned = 0; ///< bytes looked at
    std::size_t end = 0;     ///< past the empty line that ends the header; 0: not there yet
};

/// Looks for the end of the header in what arrived so far, which is the same bytes as at the last call and
/// more behind them. Refuses as soon as it can be known: a bare LF, a first byte no method has, 414, 431.
[[nodiscard]] verdict find_head(std::string_view arrived, const gate_limits& limits,
                                head_search& search) noexcept;

/// Reads a complete header (`search.begin` to `search.end`) into `into`, all of which is overwritten.
[[nodiscard]] verdict read_head(std::string_view bytes, const gate_limits& limits, request_head& into);

} // namespace breakwater::http
