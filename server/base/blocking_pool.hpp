#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace breakwater {

/// A fixed number of threads for work that blocks (SQLite, password hashing), with a bounded queue in front,
/// so that no I/O thread ever waits. All members may be called from any thread.
class blocking_pool {
public:
    using task = std::move_only_function<void()>;

    /// REQUIRES: threads ≥ 1. `name` (at most 15 bytes) names the threads; `max_queue` bounds the tasks
    /// waiting.
    blocking_pool(const std::string& name, std::size_t threads, std::size_t max_queue);
    /// Finishes what was taken in, then joins.
    ~blocking_pool();
    blocking_pool(const blocking_pool&) = delete;
    blocking_pool& operator=(const blocking_pool&) = delete;

    /// False where the queue is full or the pool is stopping; the task was not taken then. A task must not
    /// throw.
    [[nodiscard]] bool try_submit(task work);
    /// Tasks that wait for a thread.
    [[nodiscard]] std::size_t depth() const;

private:
    void run();

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<task> queue_;
    const std::size_t max_queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace breakwater
