#pragma once

#include "base/cancellation.hpp"
#include "base/io_lane.hpp"
#include "http/body_budget.hpp"
#include "http/compression.hpp"
#include "http/message.hpp"
#include "http/net.hpp"
#include "http/route.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace breakwater::http {

struct request_head;

/// One request and its answer, shared between the session and whoever works out the answer. It outlives the
/// connection where a handler answers late, and is used again for the next request where nobody else holds
/// it.
///
/// The session's side belongs to the I/O thread. While other threads work on it, the session waits in
/// `settled`.
class exchange : public std::enable_shared_from_this<exchange> {
public:
    /// `lane` keeps the worker alive while somebody posts to it, but not longer: an answer after the server
    /// is gone is dropped.
    explicit exchange(std::weak_ptr<io_lane> lane) : lane_{std::move(lane)} {}

    request asked;
    body_budget::share body_share; ///< what `asked.body` takes
    response answer;
    std::size_t route_index = 0;
    const route* row = nullptr;
    std::string accept_encoding;                 ///< empty: none, or none that matters
    bool encoded = false;                        ///< `pipeline::encode` was here
    std::unique_ptr<websocket_listener> upgrade; ///< where set, the answer is 101 and the connection its

    // What `pipeline::pull` leaves of a streamed answer.
    std::string piece; ///< ready to be sent
    bool has_more = false;
    bool source_failed = false;
    bool source_dropped = false;                 ///< beside that: nobody waited any more, or others had less
    std::unique_ptr<gzip_compressor> compressor; ///< where the stream is compressed

    /// Makes it ready for the next request. Keeps the memory of texts that are used each time, not that of a
    /// large body.
    void clear();

    /// The right to answer: to be called once, from any thread. Dropped without having been called, it
    /// answers 500.
    [[nodiscard]] respond promise();

    using job = std::move_only_function<void(exchange&)>;
    /// Why work never ran.
    enum class dropped : std::uint8_t { displaced, cancelled };
    using fallback = void (*)(exchange&, dropped);
    /// Runs `work` on the pool as the caller's account; `settled` ends after it. Where it is displaced, or
    /// cancelled while it waits, `instead` runs in its place, on any thread; it must not hold anybody up.
    [[nodiscard]] blocking_pool::admission run_on(blocking_pool& pool, job work, fallback instead);
    /// The same for work that settles by itself, by a `promise`.
    [[nodiscard]] blocking_pool::admission start_on(blocking_pool& pool, job work, fallback instead);
    /// Whether work of `run_on` or `start_on` waits or runs.
    [[nodiscard]] bool is_at_work() const noexcept;
    /// Nobody waits for that work any more. What hasn't begun doesn't; what runs is told (`cancellation`).
    /// The I/O thread.
    void cancel();

    /// Starts waiting anew; before each `promise` or `run_on`.
    void begin_wait() noexcept { settled_ = false; }
    /// The answer is there without anybody having been asked to wait for it.
    void end_wait() noexcept { settled_ = true; }
    [[nodiscard]] bool is_settled() const noexcept { return settled_; }
    /// Ends once the work is done. REQUIRES: the I/O thread, not settled yet.
    [[nodiscard]] task<void> settled();
    /// The worker is going away: whoever waits is dropped.
    void abandon() { wake_ = nullptr; }

private:
    class promise_holder;
    enum class stage : std::uint8_t { idle, waiting, running };
    static constexpr std::uint64_t stages = 4;

    [[nodiscard]] static std::uint64_t at(std::uint64_t number, stage its) noexcept {
        return number * stages + static_cast<std::uint64_t>(its);
    }
    /// True: the job was waiting, and isn't any more.
    [[nodiscard]] bool claim(std::uint64_t number, stage next) noexcept;

    void settle_from_anywhere();
    void settle();

    std::weak_ptr<io_lane> lane_;
    std::move_only_function<void()> wake_;
    bool settled_ = false;
    /// The number of the last job and its stage in one: a job that was cancelled may stand in its queue while
    /// the next is under way.
    std::atomic<std::uint64_t> state_{0};
    cancellation cancelled_;     ///< of the job that runs
    fallback instead_ = nullptr; ///< of the job that waits
};

} // namespace breakwater::http
