#pragma once

#include "base/thread.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace breakwater {

/// A fixed number of threads for work that blocks (SQLite, password hashing), so that no I/O thread ever
/// waits, with a bounded queue in front that is fair by account: accounts take turns, a task each, and
/// whoever floods the queue pays for it. All members may be called from any thread.
class blocking_pool {
public:
    /// What a task is told: do the work, or (`displaced`) make room for somebody who waits with less.
    enum class turn : std::uint8_t { run, displaced };
    /// Must not throw. It is called exactly once: on a thread of the pool, or, displaced, on that of the
    /// submitter who takes its place, which it must not hold up.
    using task = std::move_only_function<void(turn)>;

    struct options {
        std::string name;          ///< of the threads; at most 15 bytes
        std::size_t threads = 1;   ///< REQUIRES: ≥ 1
        std::size_t max_queue = 1; ///< tasks that wait
        /// Of one account; 0: as `max_queue`.
        std::size_t max_queue_of_one = 0;
        /// Tasks of one account that run at a time; 0: as many as there are threads.
        std::size_t max_running_of_one = 0;
        /// What waiting tasks hold on to, in bytes; of one account: half of it.
        std::size_t max_bytes = std::numeric_limits<std::size_t>::max();
        thread_priority priority = thread_priority::background;
    };

    enum class admission : std::uint8_t {
        taken,
        full,       ///< too much waits, of others too
        share_full, ///< too much waits of this account
    };

    struct counters {
        std::size_t depth = 0; ///< tasks that wait
        std::size_t bytes = 0; ///< what they hold on to
        std::uint64_t full = 0;
        std::uint64_t share_full = 0;
        std::uint64_t displaced = 0;
    };

    explicit blocking_pool(options chosen);
    /// Finishes what was taken in, then joins.
    ~blocking_pool();
    blocking_pool(const blocking_pool&) = delete;
    blocking_pool& operator=(const blocking_pool&) = delete;

    /// `work` is left alone unless the answer is `taken`. `bytes`: what it holds on to while it waits. Where
    /// the queue is full and another account has more waiting than this one would have, that one's newest
    /// task is displaced.
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
    /// The next whose account may have one more run; the end where none may. REQUIRES: mutex_.
    [[nodiscard]] std::deque<std::string>::iterator next_turn();
    /// REQUIRES: mutex_, `next_turn` is one.
    next_task take_next();
    void ended(const std::string& account); ///< REQUIRES: mutex_
    /// The newest task of the account with the most waiting; none where that is not more than `depth` tasks
    /// and `bytes`. REQUIRES: mutex_.
    task displace(std::size_t depth, std::size_t bytes);
    [[nodiscard]] bool has_room(std::size_t bytes) const; ///< REQUIRES: mutex_

    const options options_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    share_map shares_;              ///< of accounts with something waiting, and of none else
    std::deque<std::string> turns_; ///< their names, in the order in which they are served
    std::unordered_map<std::string, std::size_t> running_; ///< tasks of each account that runs any
    std::size_t depth_ = 0;
    std::size_t bytes_ = 0;
    std::uint64_t full_ = 0;
    std::uint64_t share_full_ = 0;
    std::uint64_t displaced_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace breakwater
