#pragma once

#include "base/mutex.hpp"
#include "storage/catalogue.hpp"
#include "storage/engine/write_queue.hpp"
#include "storage/sqlite/checkpointer.hpp"
#include "storage/sqlite/stores.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

/// Changes the file, on the one thread of a write queue. It runs each group of units of work in one
/// transaction and syncs once for all of them. docs/decisions/0002-durability.md explains what happens when
/// the disk fails, and why.
class writer {
public:
    struct settings {
        sqlite::connection::settings file;
        std::size_t max_queued = 8192;
        std::size_t max_group = 512;
        std::function<void(const security_event&)> on_recorded{}; ///< as `options::on_recorded`
    };

    /// Work that the backend itself runs in a transaction of the writer.
    using internal_work = std::move_only_function<result<void>(connection&, writer_memory&)>;

    /// `db` is open and migrated; nothing else may use it from now on. `memory` must match the content of the
    /// database.
    writer(settings options, std::unique_ptr<connection> db, writer_memory memory, shared_state& shared,
           change_feed& feed);
    /// Finishes all submitted units of work, and moves the write-ahead log into the database.
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// As `catalogue::write_async` and `write_behind_async`.
    void submit(catalogue::unit_of_work work, catalogue::completion done, engine::priority level) {
        queue_->submit(std::move(work), std::move(done), level);
    }
    /// As `catalogue::write` and `write_behind`.
    result<void> run(catalogue::unit_of_work work, engine::priority level) {
        return queue_->run(std::move(work), level);
    }
    /// Runs with priority `behind`.
    result<void> run(internal_work work);
    /// Replaces the listener that the writer's thread calls when a device is due for compaction. The listener
    /// must not block, and must not call the writer.
    void on_due(std::function<void()> listener);
    [[nodiscard]] std::size_t depth() const { return queue_->depth(); }
    /// True after a disk failure, until a commit has been synced again.
    [[nodiscard]] bool suspect() const noexcept { return suspect_.load(std::memory_order_relaxed); }

private:
    class open_transaction;

    void publish();
    void run_group(std::vector<engine::queued_unit>& group);
    result<void> commit_group(std::vector<engine::queued_unit>& group, engine::actions& after);
    result<void> run_unit(engine::queued_unit& next, open_transaction& transaction, bool alone);
    error abandon(error cause);
    result<void> recover();
    void checkpoint_when_due();

    const settings settings_;
    std::unique_ptr<connection> db_;
    writer_memory memory_;
    shared_state& shared_;
    change_feed& feed_;
    int last_frames_ = 0;
    int checkpoint_at_;
    std::optional<checkpointer> checkpointer_; ///< destroyed after the last commit
    bool failing_ = false;                     ///< so that a failure is logged once, not once per group

    mutable mutex mutex_;
    std::function<void()> due_listener_ GUARDED_BY(mutex_);
    std::atomic<bool> suspect_{false};
    std::optional<engine::write_queue> queue_; ///< last: its thread uses all other members
};

} // namespace breakwater::storage::sqlite
