#pragma once

#include "base/mutex.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <vector>

namespace breakwater::net {

/// Runs tasks on one I/O thread. Tasks that are posted before the thread wakes up share one wake-up. So a
/// commit of hundreds of readings costs one eventfd write for each I/O thread, not hundreds.
class io_executor {
public:
    using task = std::move_only_function<void()>;

    /// REQUIRES: exactly one thread runs `context`, and `context` outlives the executor.
    explicit io_executor(boost::asio::io_context& context) : context_{context} {}
    io_executor(const io_executor&) = delete;
    io_executor& operator=(const io_executor&) = delete;

    /// Runs `work` on the executor's thread later, in the order of the calls. Any thread may call.
    void post(task work);

    [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

private:
    void drain();

    boost::asio::io_context& context_;
    mutex mutex_;
    std::vector<task> waiting_ GUARDED_BY(mutex_);
    std::vector<task> running_; ///< used only by the executor's thread
};

} // namespace breakwater::net
