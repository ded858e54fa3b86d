#include "base/io_lane.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace breakwater {

void io_lane::post(task work) {
    bool first = false;
    {
        const std::lock_guard lock{mutex_};
        first = waiting_.empty();
        waiting_.push_back(std::move(work));
    }
    if (first)
        boost::asio::post(context_, [this] { drain(); });
}

void io_lane::drain() {
    {
        const std::lock_guard lock{mutex_};
        running_.swap(waiting_);
    }
    for (task& work : running_)
        work();
    running_.clear();
}

} // namespace breakwater
