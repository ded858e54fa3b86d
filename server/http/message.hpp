#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "http/admission.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::net {
class io_executor;
}

namespace breakwater::http {

enum class method : std::uint8_t { get, head, post, put, patch, delete_, options };

[[nodiscard]] std::string_view to_string(method value) noexcept;

/// A complete, decoded request. Lives until its response is sent.
struct request {
    http::method method = http::method::get;
    std::string target; ///< as sent (origin form)
    std::string path;   ///< after `base_path`, without the query; still percent-encoded
    std::string_view
        base_path;     ///< the prefix of `path` for clients, such as `/fleet`; may be empty; server lifetime
    std::string query; ///< without the `?`, still percent-encoded
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::string body;
    std::string client_address; ///< the peer, or the client that a trusted proxy reports
    std::string request_id;
    bool secure = false;                      ///< received over TLS
    std::vector<std::string> path_parameters; ///< in the order of the route's `{…}`, decoded
    std::string_view route; ///< `POST /devices/{id}/rotate-secret`; static, or owned by the router
    http::admission admission;
    net::io_executor* executor = nullptr; ///< of the I/O thread that owns this request

    /// The first field of that lower-case name. For fields that the request validator allows only once.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
    /// All fields of that lower-case name, joined by commas (RFC 9110 section 5.3).
    [[nodiscard]] std::optional<std::string> list_header(std::string_view name) const;
};

/// A body that is produced while it is sent, in constant memory.
class body_source {
public:
    virtual ~body_source() = default;
    /// Appends the next piece (64 KiB is a good size) to `out`; returns false at the end. Blocks; runs on the
    /// blocking pool, one call at a time. A failure after the first piece aborts the connection, so that the
    /// client does not mistake a partial body for a complete one.
    virtual result<bool> next(std::string& out) = 0;
};

struct response {
    unsigned status = 200;
    std::string_view content_type = "application/json"; ///< in static storage
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers; ///< besides those of every response
    std::unique_ptr<body_source> stream;                      ///< if set, sent chunked instead of `body`
    bool cacheable = false;                                   ///< false: `Cache-Control: no-store`
    std::string_view static_body;        ///< if not empty, sent instead of `body`; must outlive the server
    std::string content_security_policy; ///< if not empty, replaces the strict default
};

/// An `application/problem+json` document (RFC 9457) with the sentence `detail`, the invalid `fields` as
/// `errors`, and the exceeded `limit`. A limit with a time window is also reported in the RateLimit fields
/// (draft-ietf-httpapi-ratelimit-headers).
[[nodiscard]] response problem(unsigned status, std::string_view detail,
                               const std::vector<field_error>& fields = {},
                               const std::optional<limit_info>& limit = {},
                               std::optional<std::chrono::seconds> retry_after = {});

} // namespace breakwater::http
