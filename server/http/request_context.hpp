#pragma once

#include "base/cancellation.hpp"
#include "http/body_budget.hpp"
#include "http/compression.hpp"
#include "http/message.hpp"
#include "http/net.hpp"
#include "http/route.hpp"
#include "net/io_executor.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace breakwater::http {

struct request_head;

/// One request and its response, shared between the session and the handler. If a handler responds late, the
/// context outlives the connection. The session reuses the context for the next request if nothing else holds
/// it.
///
/// The session uses the context on the I/O thread only. While another thread works on the context, the
/// session waits in `completion`.
class request_context : public std::enable_shared_from_this<request_context> {
public:
    /// The context keeps `executor` alive only while it posts a response. A response that comes after the end
    /// of the server is dropped.
    explicit request_context(std::weak_ptr<net::io_executor> executor) : executor_{std::move(executor)} {}

    http::request request;
    body_budget::share body_share; ///< the memory of `request.body`
    http::response response;
    std::size_t route_index = 0;
    const route* row = nullptr;
    std::string accept_encoding; ///< all Accept-Encoding fields, joined; empty: none
    bool encoded = false;        ///< `pipeline::encode` has run
    /// If set, the response is 101, and this listener gets the connection.
    std::unique_ptr<websocket_listener> upgrade;

    // The results of `pipeline::pull` for a streamed response.
    std::string piece; ///< ready to be sent
    bool has_more = false;
    bool source_failed = false;
    bool source_dropped = false;                 ///< only with `source_failed`: `overloaded`, or cancelled
    std::unique_ptr<gzip_compressor> compressor; ///< set if the stream is compressed

    /// Prepares for the next request. Keeps the memory of short strings for reuse, but frees the memory of
    /// large bodies.
    void clear();

    /// Returns the function that sets the response. Call that function once, from any thread. If it is
    /// destroyed without a call, the response is 500.
    [[nodiscard]] respond promise();

    using job = std::move_only_function<void(request_context&)>;
    /// Why a job never ran.
    enum class dropped : std::uint8_t { displaced, cancelled };
    using fallback = void (*)(request_context&, dropped);
    /// Queues `work` in the pool for the account of the request's caller. When it has run, completes the
    /// request. If the job is displaced, or cancelled while it is queued, `on_drop` runs instead of `work`.
    /// `on_drop` may run on any thread and must not block.
    [[nodiscard]] blocking_pool::admission run_on(blocking_pool& pool, job work, fallback on_drop);
    /// Like `run_on`, but `work` completes the request itself, through a `promise`.
    [[nodiscard]] blocking_pool::admission start_on(blocking_pool& pool, job work, fallback on_drop);
    /// Whether a job of `run_on` or `start_on` is queued or running.
    [[nodiscard]] bool has_job() const noexcept;
    /// If the job is queued, drops it. If it is running, requests its `cancellation`. I/O thread only.
    void cancel();

    /// Begins a new wait. Call before each `promise` or `run_on`.
    void begin_wait() noexcept { completed_ = false; }
    /// Marks the response as complete without a wait.
    void end_wait() noexcept { completed_ = true; }
    [[nodiscard]] bool is_completed() const noexcept { return completed_; }
    /// Waits until the work is done. REQUIRES: called on the I/O thread, and the wait is not completed yet.
    [[nodiscard]] task<void> completion();
    /// Destroys the coroutine that waits in `completion`. Call it when the I/O thread's worker is being
    /// destroyed.
    void abandon() { wake_ = nullptr; }

private:
    class promise_holder;
    enum class stage : std::uint8_t { idle, waiting, running };
    static constexpr std::uint64_t stages = 4;

    [[nodiscard]] static std::uint64_t encode(std::uint64_t number, stage current) noexcept {
        return number * stages + static_cast<std::uint64_t>(current);
    }
    /// Moves the job from `waiting` to `next`. False if it is not waiting.
    [[nodiscard]] bool claim(std::uint64_t number, stage next) noexcept;

    [[nodiscard]] bool is_on_io_thread() const;
    void complete_from_any_thread();
    /// Completes the request, and continues the coroutine that waits. I/O thread only.
    static void resume(std::shared_ptr<request_context> context);
    /// Posts `resume` to the I/O thread, unless the server has ended.
    static void post_resume(std::shared_ptr<request_context> context);
    void end_job() noexcept;

    std::weak_ptr<net::io_executor> executor_;
    std::move_only_function<void()> wake_;
    bool completed_ = false;
    /// The number of the last job, and its stage. The number is needed because a cancelled job may still be
    /// in the queue of the pool while the next job runs.
    std::atomic<std::uint64_t> state_{0};
    cancellation cancellation_;  ///< of the running job
    fallback on_drop_ = nullptr; ///< of the queued job
};

} // namespace breakwater::http
