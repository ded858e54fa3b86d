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

/// One thread of a load run: its connections, and their epoll instance.
class load_worker {
public:
    using clock = std::chrono::steady_clock;

    struct schedule {
        clock::time_point count_from;
        clock::time_point end;
    };

    /// Has the connections `index`, `index` + threads, … of the plan.
    load_worker(const load_plan& plan, std::size_t index, const std::atomic<bool>& stop);
    load_worker(const load_worker&) = delete;
    load_worker& operator=(const load_worker&) = delete;
    ~load_worker();

    /// Must be called before `run`. False if a connection fails; the result has the reason.
    [[nodiscard]] bool connect();
    void run(const schedule& times);

    [[nodiscard]] std::uint64_t answered() const noexcept {
        return answered_.load(std::memory_order_relaxed);
    }
    [[nodiscard]] const load_result& result() const noexcept { return result_; }

private:
    struct connection {
        int fd = -1;
        std::size_t request = 0;
        std::size_t sent = 0;
        bool busy = false;    ///< waits for a response
        bool writable = true; ///< false: waits until the socket is writable
        clock::time_point started;
        response_reader response;
    };

    [[nodiscard]] bool open(connection& client);
    void close(connection& client);
    void reopen(connection& client, const char* reason);
    /// Sends the connection's next request: now in a closed loop, when one is due in an open loop.
    void start_next(connection& client);
    void send(connection& client, clock::time_point due);
    /// Sends the requests that are due, on waiting connections. Returns the time until the next is due.
    std::chrono::nanoseconds send_due();
    void write(connection& client);
    void read(connection& client);
    void finish(connection& client);
    void watch(connection& client, std::uint32_t events, int operation);
    void record_problem(std::string problem);
    [[nodiscard]] bool may_send() const;

    const load_plan& plan_;
    const std::atomic<bool>& stop_;
    std::uint64_t quota_;
    int epoll_ = -1;
    schedule times_{};
    std::vector<connection> connections_;
    std::chrono::nanoseconds interval_{0}; ///< between requests; zero: a closed loop
    clock::time_point next_due_;
    std::deque<connection*> waiting_;
    std::array<char, 64U << 10> buffer_;
    std::array<std::uint64_t, 600> statuses_{};
    std::atomic<std::uint64_t> answered_{0};
    std::uint64_t started_ = 0;
    std::size_t open_requests_ = 0;
    std::size_t reopened_ = 0;
    load_result result_;
};

} // namespace breakwater::bench
