#pragma once

#include "http/access.hpp"
#include "http/compression.hpp"
#include "http/cors.hpp"
#include "http/proxies.hpp"
#include "http/request_context.hpp"
#include "http/request_validator.hpp"
#include "http/router.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace breakwater::http {

struct server_options;

/// Turns a request from the request validator into a response, in the steps below. All threads share one
/// object. It is immutable except for the cache of static bodies.
///
///  1. describe     sets the request id and the client address first, because all later steps record them;
///                  400 if trusted proxies contradict each other about the client
///  2. method       501 for an unknown method, because no route can have it
///  3. route        removes the base path, if the proxy left it in the path, and finds the route; 308 to
///                  `BASE_PATH/`, 404, 405. Also responds to OPTIONS, including preflights, because these
///                  requests carry no credential (Fetch standard).
///     WebSocket    400 if the route is a WebSocket and the request is not a GET in HTTP/1.1
///  4. admit        401, 403. Runs before the server reads a byte of the body, so that a stranger cannot use
///                  memory. Records the refusal before the response. The session then reads the body within
///                  its limits and discards it, to keep the connection.
///  5. query        422 for an unknown parameter. Runs after step 4, so that a stranger learns nothing about
///                  the input of a route.
///     body framing 411, 415
///  6. body         the session reads it; 413, and 400 for malformed chunks. If the body arrived later than
///                  the header, the session then repeats step 4.
///  7. handler      runs on the thread that its kind requires; 500 for an exception. On a pool thread, checks
///                  first that the caller is still admitted, because the request may have waited. Repeats
///                  this check before each piece of a streamed response.
///  8. encode       If-None-Match, then gzip; on a pool if that takes long
///  9. write        the session writes the response and adds the common fields
class pipeline {
public:
    struct dependencies {
        const http::router& router;
        const access_policy& access;
        work_pools& pools;
    };
    pipeline(const dependencies& deps, const server_options& options, trusted_proxies proxies);

    enum class step : std::uint8_t {
        responded, ///< the response is set
        refused,   ///< the refusal is being recorded: wait for `request_context::completion`
        proceed,   ///< read the body, then call `run`
    };
    /// Steps 1 to 5. `peer`: the address of the connection. `id`: a new request id, used if the client sends
    /// none.
    [[nodiscard]] step receive(request_context& context, const request_head& head, std::string_view peer,
                               bool secure, std::string_view id) const;
    /// Step 4 alone. Call it again if the body arrived later than the header, because somebody may have
    /// revoked the credential in between.
    [[nodiscard]] step admit(request_context& context) const;
    /// Step 7. Completes the context when the response is set. That can happen before or after this call
    /// returns.
    void run(request_context& context) const;
    /// Step 8. A second call does nothing. Thread-safe.
    void encode(request_context& context) const;
    /// Whether `encode` takes too long for an I/O thread.
    [[nodiscard]] bool encodes_long(const request_context& context) const;

    /// Reads the next piece of a streamed response from its source. Call it on the pool of the route.
    void pull(request_context& context) const;

    /// Adds the request id to a problem document.
    static void add_request_id(response& response, std::string_view id);
    /// 503 with a Retry-After of one second.
    [[nodiscard]] static response too_busy();

    /// The work class of a route; `query` if the route has none, or if `row` is null.
    [[nodiscard]] static work class_of(const http::route* row) noexcept;
    [[nodiscard]] blocking_pool& pool_of(const http::route* row) const noexcept {
        return deps_.pools.of(class_of(row));
    }
    /// The deadline of the route's work class.
    [[nodiscard]] std::chrono::seconds deadline_of(const http::route* row) const noexcept {
        return deps_.pools.deadline(class_of(row));
    }
    [[nodiscard]] const access_policy& access() const noexcept { return deps_.access; }
    [[nodiscard]] const trusted_proxies& proxies() const noexcept { return proxies_; }
    [[nodiscard]] const cors_policy& cors() const noexcept { return cors_; }

private:
    bool describe(request_context& context, const request_head& head, std::string_view peer, bool secure,
                  std::string_view id) const;
    bool route(request_context& context, const request_head& head) const;
    bool check_query(request_context& context) const;
    bool check_body(request_context& context, const request_head& head) const;
    void respond_to_options(request_context& context, std::string_view allow) const;
    void encode_static(request_context& context) const;
    void encode_stream(request_context& context) const;
    void run_blocking(request_context& context, const blocking_handler& route_handler) const;
    void start(request_context& context, const deferred_handler& route_handler) const;
    static void refuse_work(request_context& context, blocking_pool::admission admission);
    void open_websocket(request_context& context, const websocket_handler& route_handler) const;
    [[nodiscard]] response refuse_and_wait(const request& request, const error& reason) const;
    [[nodiscard]] bool wants_gzip(const request_context& context, std::size_t size) const;

    dependencies deps_;
    cors_policy cors_;
    trusted_proxies proxies_;
    const std::size_t gzip_from_bytes_;
    const std::string base_path_;
    mutable static_body_cache static_bodies_;
};

} // namespace breakwater::http
