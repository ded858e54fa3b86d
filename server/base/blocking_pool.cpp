#include "base/blocking_pool.hpp"

#include "base/thread.hpp"

#include <utility>

namespace breakwater {

blocking_pool::blocking_pool(const std::string& name, std::size_t threads, std::size_t max_queue)
    : max_queue_{max_queue} {
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i)
        threads_.push_back(start_thread(name, [this] { run(); }, thread_priority::background));
}

blocking_pool::~blocking_pool() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

bool blocking_pool::try_submit(task work) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || queue_.size() >= max_queue_)
            return false;
        queue_.push_back(std::move(work));
    }
    wake_.notify_one();
    return true;
}

std::size_t blocking_pool::depth() const {
    const std::lock_guard lock{mutex_};
    return queue_.size();
}

void blocking_pool::run() {
    std::unique_lock lock{mutex_};
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty())
            return; // stopping, and all of it done
        task work = std::move(queue_.front());
        queue_.pop_front();
        lock.unlock();
        work();
        work = nullptr; // what it holds is released outside the lock
        lock.lock();
    }
}

} // namespace breakwater
