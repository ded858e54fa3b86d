#pragma once

#include "base/mutex.hpp"
#include "base/thread.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace breakwater {

/// A fixed number of threads for blocking work (queries, password hashing), so that I/O threads never wait.
/// The queue in front of the threads is bounded and fair. It serves the accounts in rotation, one task at a
/// time. When the queue is full, the account that floods it loses its own newest tasks. Any thread may call
/// any member.
class blocking_pool {
public:
    /// `run`: do the work. `displaced`: the queue was full, and another account with fewer waiting tasks or
    /// bytes took the place of this task.
    enum class disposition : std::uint8_t { run, displaced };
    /// Must not throw. The pool calls it exactly once: with `run` on a thread of the pool, or with
    /// `displaced` on the thread that submits the task of the other account. With `displaced` it must return
    /// quickly.
    using task = std::move_only_function<void(disposition)>;

    struct options {
        std::string name;          ///< of the threads; at most 15 bytes
        std::size_t threads = 1;   ///< REQUIRES: ≥ 1
        std::size_t max_queue = 1; ///< limit of waiting tasks
        /// The limit of waiting tasks of one account; 0: same as `max_queue`.
        std::size_t max_queue_per_account = 0;
        /// The limit of tasks of one account that run at the same time; 0: same as `threads`.
        std::size_t max_running_per_account = 0;
        /// The limit of bytes that the waiting tasks hold. One account may hold half of them.
        std::size_t max_bytes = std::numeric_limits<std::size_t>::max();
        thread_priority priority = thread_priority::background;
    };

    enum class admission : std::uint8_t {
        accepted,
        full,       ///< the whole queue is full, or the pool is stopping
        share_full, ///< this account's share of the queue is full
    };

    struct counters {
        std::size_t depth = 0; ///< waiting tasks
        std::size_t bytes = 0; ///< held by the waiting tasks
        std::uint64_t full = 0;
        std::uint64_t share_full = 0;
        std::uint64_t displaced = 0;
    };

    explicit blocking_pool(options settings);
    /// Runs all accepted tasks, then joins the threads.
    ~blocking_pool();
    blocking_pool(const blocking_pool&) = delete;
    blocking_pool& operator=(const blocking_pool&) = delete;

    /// Queues `work`; `bytes` is the memory it holds while it waits. If the queue is full and another account
    /// has more tasks (or bytes) waiting than this account would then have, the pool displaces the newest
    /// task of that account. The pool calls `work` only if the result is `accepted`.
    [[nodiscard]] admission submit(std::string_view account, std::size_t bytes, task work);
    [[nodiscard]] std::size_t depth() const;
    [[nodiscard]] counters count() const;

private:
    struct waiting_task {
        task work;
        std::size_t bytes;
    };
    struct share {
        std::deque<waiting_task> tasks;
        std::size_t bytes = 0;
    };
    using share_map = std::unordered_map<std::string, share>;

    void run();
    struct next_task {
        waiting_task task;
        std::string account;
    };
    /// The next account that may run one more task; `accounts_.end()` if there is none.
    [[nodiscard]] std::deque<std::string>::iterator next_account() REQUIRES(mutex_);
    /// REQUIRES: `next_account()` is not the end.
    next_task take_next() REQUIRES(mutex_);
    void finish_task(const std::string& account) REQUIRES(mutex_);
    /// Removes and returns the newest task of the account with the most waiting tasks, or with the most bytes
    /// if the byte limit is reached. Returns an empty task if that account has no more than `depth` waiting
    /// tasks (or no more than `bytes`).
    task displace(std::size_t depth, std::size_t bytes) REQUIRES(mutex_);
    [[nodiscard]] bool has_capacity(std::size_t bytes) const REQUIRES(mutex_);

    const options options_;
    mutable mutex mutex_;
    condition_variable wake_;
    share_map shares_ GUARDED_BY(mutex_); ///< only of accounts with waiting tasks
    std::deque<std::string>
        accounts_ GUARDED_BY(mutex_); ///< the same accounts, in the order in which they are served
    std::unordered_map<std::string, std::size_t>
        running_ GUARDED_BY(mutex_); ///< running tasks by account; none is 0
    std::size_t depth_ GUARDED_BY(mutex_) = 0;
    std::size_t bytes_ GUARDED_BY(mutex_) = 0;
    std::uint64_t full_ GUARDED_BY(mutex_) = 0;
    std::uint64_t share_full_ GUARDED_BY(mutex_) = 0;
    std::uint64_t displaced_ GUARDED_BY(mutex_) = 0;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::vector<std::thread> threads_;
};

} // namespace breakwater
