#pragma once

#include <boost/asio/io_context.hpp>

#include <functional>
#include <mutex>
#include <vector>

namespace breakwater {

/// The way back onto one I/O thread. Work handed over while the thread has not looked yet shares one wake-up,
/// so that a commit of hundreds of readings costs each I/O thread one eventfd write instead of hundreds.
class io_lane {
public:
    using task = std::move_only_function<void()>;

    /// `context` is run by exactly one thread and outlives the lane.
    explicit io_lane(boost::asio::io_context& context) : context_{context} {}
    io_lane(const io_lane&) = delete;
    io_lane& operator=(const io_lane&) = delete;

    /// Runs `work` on the lane's thread, later and in order. Any thread may call.
    void post(task work);

    [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

private:
    void drain();

    boost::asio::io_context& context_;
    std::mutex mutex_;
    std::vector<task> waiting_;
    std::vector<task> running_; ///< only the lane's thread touches it
};

} // namespace breakwater
