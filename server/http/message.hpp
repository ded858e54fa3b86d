#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater {
class io_lane;
}

namespace breakwater::http {

enum class method : std::uint8_t { get, head, post, put, patch, delete_, options };

[[nodiscard]] std::string_view to_string(method value) noexcept;

/// Who is asking, as the access policy found out before any handler ran.
struct principal {
    enum class kind : std::uint8_t { anonymous, person, device } kind = kind::anonymous;
    user_id user = 0; ///< the person; of a device: its owner
    bool administrator = false;
    breakwater::device_id device{}; ///< of a device
    std::int64_t version = 0; ///< of the session or the device's tokens: when it counts on, they are dead
    uuid session{};           ///< of a person: the sign-in
    timestamp expires_at = timestamp::max();
};

/// One request, whole, with everything decoded once. Lives until its response is sent.
struct request {
    http::method method = http::method::get;
    std::string target; ///< as sent (origin form)
    std::string path;   ///< behind `base_path`, without the query; still percent-encoded
    std::string_view
        base_path;     ///< where clients find `path`: `/fleet`, or empty; lives as long as the server
    std::string query; ///< without the `?`, still encoded
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
    std::string body;
    std::string client_address; ///< the peer, or what a trusted proxy says of it
    std::string request_id;
    bool secure = false;                      ///< came over TLS
    std::vector<std::string> path_parameters; ///< in the order of the route's `{…}`, decoded
    std::string_view route; ///< `POST /devices/{id}/rotate-secret`; static storage or the router's
    http::principal principal;
    io_lane* lane = nullptr; ///< the I/O thread this request lives on

    /// The first field of that (lower-case) name: for one that comes once, which the gate sees to.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
    /// A list that may be spread over several fields of that name, joined by commas (RFC 9110 section 5.3).
    [[nodiscard]] std::optional<std::string> list_header(std::string_view name) const;
};

/// A body that is made while it is sent, in constant memory.
class body_source {
public:
    virtual ~body_source() = default;
    /// Appends the next piece (64 KiB is a good size) to `out`; false at the end. Blocks; runs on the
    /// blocking pool, one call at a time. A failure after the first piece cuts the connection, so that nobody
    /// takes half an answer for a whole one.
    virtual result<bool> next(std::string& out) = 0;
};

struct response {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers; ///< beside those that every answer has
    std::unique_ptr<body_source> stream;                      ///< where set, sent chunked in place of `body`
    bool cacheable = false;                                   ///< else `Cache-Control: no-store`
    std::string_view static_body; ///< where not empty, sent in place of `body`; must outlive everything
    std::string content_security_policy; ///< where not empty, in place of the strict default
};

/// `application/problem+json` (RFC 9457) of a status and the sentence in `detail`, with `errors` beside it
/// and the `limit` that was hit; that one in the RateLimit fields too (draft-ietf-httpapi-ratelimit-headers),
/// where it is one of a rate.
[[nodiscard]] response problem(unsigned status, std::string_view detail,
                               const std::vector<field_error>& fields = {},
                               const std::optional<limit_info>& limit = {},
                               std::optional<std::chrono::seconds> retry_after = {});

} // namespace breakwater::http
