#pragma once

#include "support/stored_data.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace breakwater::test {

/// The responses of the server to numbered readings.
struct upload_results {
    std::map<std::int64_t, std::int64_t> accepted; ///< 201 (batch: 200): from number to reading id
    std::map<std::int64_t, int> refused;           ///< 503 or 507: from number to status
    std::set<std::int64_t> unanswered;   ///< the connection broke before the response: may be stored or not
    std::vector<std::string> unexpected; ///< all other responses

    [[nodiscard]] std::size_t refused_with(int status) const;
};

/// Threads that upload readings without pauses, each for many devices in turn, and record every response.
class reading_load {
public:
    /// `tokens`: the tokens of the devices. `padding`: extra bytes in each payload. `batch`: readings per
    /// request; 1: single uploads.
    reading_load(std::vector<std::string> tokens, std::size_t threads, std::size_t padding = 0,
                 std::int64_t batch = 1);
    ~reading_load();
    reading_load(const reading_load&) = delete;
    reading_load& operator=(const reading_load&) = delete;

    /// Starts the threads. Each ends when its connection breaks, or after `stop`.
    void start(std::uint16_t port);
    void stop();
    /// Waits up to 30 s until the results satisfy the condition.
    bool wait_until(const std::function<bool(const upload_results&)>& condition);
    [[nodiscard]] upload_results results() const;

private:
    void upload(std::uint16_t port, std::size_t thread);
    [[nodiscard]] std::string body_of(std::int64_t first) const;

    const std::vector<std::string> tokens_;
    const std::size_t thread_count_;
    const std::string padding_;
    const std::int64_t batch_;
    std::atomic<std::int64_t> next_{1};
    std::atomic<bool> stopping_{false};
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    upload_results results_;
    std::vector<std::thread> threads_;
};

/// Fails the test unless the database contains every accepted reading exactly once with the id of its
/// response, no refused reading, and no reading that was never sent.
void expect_as_answered(const stored_data& stored, const upload_results& results);

} // namespace breakwater::test
