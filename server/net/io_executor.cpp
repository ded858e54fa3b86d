#include "net/io_executor.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace breakwater::net {

void io_executor::post(task work) {
    bool was_empty = false;
    {
        const lock_guard lock{mutex_};
        was_empty = waiting_.empty();
        waiting_.push_back(std::move(work));
    }
    if (was_empty)
        boost::asio::post(context_, [this] { drain(); });
}

void io_executor::drain() {
    {
        const lock_guard lock{mutex_};
        running_.swap(waiting_);
    }
    for (task& work : running_)
        work();
    running_.clear();
}

} // namespace breakwater::net
