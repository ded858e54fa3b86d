#pragma once

#include "support/stored_file.hpp"

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

/// What the server said of readings that are numbered through.
struct upload_book {
    std::map<std::int64_t, std::int64_t> kept; ///< answered with 201: the number, and the id it was told
    std::map<std::int64_t, int> refused;       ///< answered with 503 or 507: the number, and which
    std::set<std::int64_t> unanswered;  ///< the connection broke before the answer: may be there or not
    std::vector<std::string> surprises; ///< any other answer

    [[nodiscard]] std::size_t refused_with(int status) const;
};

/// Threads that upload readings without a pause, each for many devices in turn, and write down every answer.
class reading_load {
public:
    /// `tokens`: of the devices. `padding`: how many bytes each payload carries beside its number. `batch`:
    /// how many readings go in one request; 1: not as a batch.
    reading_load(std::vector<std::string> tokens, std::size_t threads, std::size_t padding = 0,
                 std::int64_t batch = 1);
    ~reading_load();
    reading_load(const reading_load&) = delete;
    reading_load& operator=(const reading_load&) = delete;

    /// Starts the threads; each ends when its connection breaks, or at `stop`.
    void start(std::uint16_t port);
    void stop();
    /// Waits until the book satisfies that; false where it doesn't within 30 s.
    bool wait_until(const std::function<bool(const upload_book&)>& enough);
    [[nodiscard]] upload_book book() const;

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
    upload_book book_;
    std::vector<std::thread> threads_;
};

/// Fails the test unless the file holds every reading that was answered with 201, once and under the id that
/// was told, none that was refused, and none that was never sent.
void expect_as_answered(const stored_file& stored, const upload_book& book);

} // namespace breakwater::test
