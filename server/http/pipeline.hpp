#pragma once

#include "http/access.hpp"
#include "http/compression.hpp"
#include "http/cors.hpp"
#include "http/exchange.hpp"
#include "http/gate.hpp"
#include "http/proxies.hpp"
#include "http/router.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace breakwater::http {

struct server_options;

/// What happens to a request between the gate and the wire, in this order. One object for all threads,
/// immutable but for the cache of static bodies.
///
///  1. describe     what came, under which id and from whom: everything after wants to name it; 400 where
///  trusted proxies contradict each other on whom it comes from
///  2. method       501 for a method nobody knows: no row could be looked up for it
///  3. route        behind the base path, where that was passed on; 308 to `BASE_PATH/`; 404, 405; OPTIONS is
///  answered here, a preflight included, for it carries no credential (Fetch standard)
///  4. admit        401, 403, before a byte of the body is read: a stranger makes us hold nothing. The
///  refusal goes on record
///                  first, and its body is read past (bounded like any) so that the connection can be kept.
///  5. query        422 where a parameter isn't known; only now, so that a stranger learns nothing of a
///                  route's input
///     body's frame 411, 415
///  6. body         the session reads it; 413, and 400 where its chunks are malformed; where it kept us
///  waiting, 4 again
///  7. handler      on the thread its kind asks for; an exception is 500. Where that is a pool's, whether the
///  caller is
///                  still let in is asked there once more, and for each piece of a streamed answer: it may
///                  have waited
///  8. encode       If-None-Match, then gzip, on a pool where it would take long
///  9. write        the session sends it, with the fields every answer has
class pipeline {
public:
    struct parts {
        const http::router& router;
        const access_policy& access;
        work_pools& pools;
    };
    pipeline(const parts& with, const server_options& chosen, trusted_proxies proxies);

    enum class step : std::uint8_t {
        answered, ///< `answer` is set
        refused,  ///< the refusal is being put on record: wait until the exchange is settled
        proceed,  ///< read the body, then `run`
    };
    /// Steps 1 to 5. `peer` is the connection's other end, `id` a fresh request id for where the client
    /// brings none.
    [[nodiscard]] step receive(exchange& with, const request_head& head, std::string_view peer, bool secure,
                               std::string_view id) const;
    /// Step 4 alone: once more where the body came later than the header, as a revocation may have come
    /// between.
    [[nodiscard]] step admit(exchange& with) const;
    /// Step 7. The exchange settles when the answer is there, maybe at once.
    void run(exchange& with) const;
    /// Step 8, which happens once. Any thread.
    void encode(exchange& with) const;
    /// Whether `encode` would hold up an I/O thread.
    [[nodiscard]] bool encodes_long(const exchange& with) const;

    /// Takes the next piece of a streamed answer from its source. On the pool of the route's class.
    void pull(exchange& with) const;

    /// Puts the request's id into a problem document.
    static void name_request(response& answer, std::string_view id);
    /// 503, and come again in a second.
    [[nodiscard]] static response too_busy();

    /// The class of what a route does beside the I/O thread.
    [[nodiscard]] static work class_of(const http::route* row) noexcept;
    [[nodiscard]] blocking_pool& pool_of(const http::route* row) const noexcept {
        return with_.pools.of(class_of(row));
    }
    /// From when on nobody waits for that any more.
    [[nodiscard]] std::chrono::seconds deadline_of(const http::route* row) const noexcept {
        return with_.pools.deadline(class_of(row));
    }
    [[nodiscard]] const access_policy& access() const noexcept { return with_.access; }
    [[nodiscard]] const trusted_proxies& proxies() const noexcept { return proxies_; }
    [[nodiscard]] const cors_policy& cors() const noexcept { return cors_; }

private:
    bool describe(exchange& with, const request_head& head, std::string_view peer, bool secure,
                  std::string_view id) const;
    bool route(exchange& with, const request_head& head) const;
    bool check_query(exchange& with) const;
    bool check_body(exchange& with, const request_head& head) const;
    void answer_options(exchange& with, std::string_view allow) const;
    void encode_static(exchange& with) const;
    void encode_stream(exchange& with) const;
    void start(exchange& with, const deferred_handler& kind) const;
    static void refuse_work(exchange& with, blocking_pool::admission why);
    void open_websocket(exchange& with, const websocket_handler& kind) const;
    [[nodiscard]] response refuse_and_wait(const request& asked, const error& why) const;
    [[nodiscard]] bool wants_gzip(const exchange& with, std::size_t size) const;

    parts with_;
    cors_policy cors_;
    trusted_proxies proxies_;
    const std::size_t gzip_from_bytes_;
    const std::string base_path_;
    mutable static_body_cache static_bodies_;
};

} // namespace breakwater::http
