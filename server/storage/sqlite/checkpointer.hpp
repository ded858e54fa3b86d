#pragma once

#include "storage/sqlite/connection.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace breakwater::storage::sqlite {

/// Moves the write-ahead log into the database beside the writer, on a thread and a connection of its own, so
/// that a commit doesn't wait for the database file to be synced. What is committed meanwhile is left over;
/// only the writer can finish that, between two commits, and then the log begins anew.
class checkpointer {
public:
    explicit checkpointer(connection::settings how);
    ~checkpointer();
    checkpointer(const checkpointer&) = delete;
    checkpointer& operator=(const checkpointer&) = delete;

    /// Starts a pass where none is under way. Doesn't block.
    void start_pass();
    /// True once after each pass that moved all it found.
    [[nodiscard]] bool take_finished() noexcept {
        return finished_.exchange(false, std::memory_order_relaxed);
    }
    /// True once after a pass that the disk failed.
    [[nodiscard]] bool take_failed() noexcept { return failed_.exchange(false, std::memory_order_relaxed); }

private:
    void loop();
    void pass();

    const connection::settings how_;
    std::unique_ptr<connection> db_; ///< opened for the first pass, and anew after a failure
    std::atomic<bool> finished_{false};
    std::atomic<bool> failed_{false};
    std::mutex mutex_;
    std::condition_variable asked_;
    bool due_ = false;
    bool stopping_ = false;
    std::thread thread_; ///< last: starts when all else is there
};

/// One passive checkpoint: waits for nobody. True: nothing is left in the log that isn't in the database too.
/// The error's text is in the log already; `connection::take_medium_failure` has its code.
result<bool> checkpoint(connection& db);

} // namespace breakwater::storage::sqlite
