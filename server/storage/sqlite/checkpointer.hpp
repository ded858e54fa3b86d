#pragma once

#include "base/mutex.hpp"
#include "storage/sqlite/connection.hpp"

#include <atomic>
#include <memory>
#include <thread>

namespace breakwater::storage::sqlite {

/// Moves the write-ahead log into the database on a thread and a connection of its own, so that commits don't
/// wait for a sync of the database file. Frames committed meanwhile stay in the log; only the writer can move
/// those, between two commits, and then the log restarts.
class checkpointer {
public:
    explicit checkpointer(connection::settings options);
    ~checkpointer();
    checkpointer(const checkpointer&) = delete;
    checkpointer& operator=(const checkpointer&) = delete;

    /// Starts a pass, unless one is running. Doesn't block.
    void start_pass();
    /// True once after each pass that moved all frames it found.
    [[nodiscard]] bool take_finished() noexcept {
        return finished_.exchange(false, std::memory_order_relaxed);
    }
    /// True once after a pass in which the disk failed.
    [[nodiscard]] bool take_failed() noexcept { return failed_.exchange(false, std::memory_order_relaxed); }

private:
    void loop();
    void pass();

    const connection::settings options_;
    std::unique_ptr<connection> db_; ///< opened for the first pass, and again after a failure
    std::atomic<bool> finished_{false};
    std::atomic<bool> failed_{false};
    mutex mutex_;
    condition_variable requested_;
    bool due_ GUARDED_BY(mutex_) = false;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::thread thread_; ///< last: the thread uses all other members
};

/// Runs one passive checkpoint, which waits for no reader or writer. True: all frames of the write-ahead log
/// are in the database. An error has already been logged; `connection::take_medium_failure` has its code.
result<bool> checkpoint(connection& db);

} // namespace breakwater::storage::sqlite
