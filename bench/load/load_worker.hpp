#pragma once

#include "load/load_run.hpp"
#include "load/response_reader.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace breakwater::bench {

/// One thread of a load run: its connections, and the epoll that wakes them.
class load_worker {
public:
    using clock = std::chrono::steady_clock;

    struct schedule {
        clock::time_point count_from;
        clock::time_point end;
    };

    /// Takes the connections `index`, `index` + threads, … of the plan.
    load_worker(const load_plan& plan, std::size_t index, const std::atomic<bool>& stop);
    load_worker(const load_worker&) = delete;
    load_worker& operator=(const load_worker&) = delete;
    ~load_worker();

    /// Call before `run`: false, with the reason in the result, where a connection fails.
    [[nodiscard]] bool connect();
    void run(const schedule& when);

    [[nodiscard]] std::uint64_t answered() const noexcept {
        return answered_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] const load_result& result() const noexcept { return result_; }

private:
    struct connection {
        int fd = -1;
        std::size_t request = 0;
        std::size_t sent = 0;
        bool busy = false;    ///< a request is on its way
        bool writable = true; ///< false: epoll watches for room
        clock::time_point began;
        response_reader answer;
    };

    [[nodiscard]] bool open(connection& of);
    void close(connection& of);
    void reopen(connection& of, const char* why);
    /// Sends the connection's next request now, or, where requests have their times, when one is due.
    void begin(connection& of);
    void send(connection& of, clock::time_point due);
    /// Sends what is due on connections that wait; how long until there is more to do.
    std::chrono::nanoseconds send_due();
    void write(connection& of);
    void read(connection& of);
    void finish(connection& of);
    void watch(connection& of, std::uint32_t events, int operation);
    void note(std::string problem);
    [[nodiscard]] bool may_send() const;

    const load_plan& plan_;
    const std::atomic<bool>& stop_;
    std::uint64_t quota_;
    int epoll_ = -1;
    schedule when_{};
    std::vector<connection> connections_;
    std::chrono::nanoseconds interval_{0}; ///< between requests; zero: a closed loop
    clock::time_point next_due_;
    std::deque<connection*> waiting_;
    std::array<char, 64U << 10> buffer_;
    std::array<std::uint64_t, 600> statuses_{};
    std::atomic<std::uint64_t> answered_{0};
    std::uint64_t begun_ = 0;
    std::size_t open_requests_ = 0;
    std::size_t reopened_ = 0;
    load_result result_;
};

} // namespace breakwater::bench
