#pragma once

#include "base/mutex.hpp"
#include "storage/catalogue.hpp"
#include "storage/engine/write_queue.hpp"
#include "storage/postgres/node.hpp"
#include "storage/postgres/stores.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace breakwater::storage::postgres {

/// A commit whose outcome is unknown.
struct doubtful_commit {
    std::int64_t seq = 0;
    engine::actions after{};
    writer_memory changes{}; ///< only `appended` and `removed`
};

/// Changes the database, on the one thread of a write queue and over one connection: the lane of this node.
/// It runs each group of units of work in one transaction, whose readings become one chunk, or several if
/// they are many.
/// docs/decisions/0040-postgresql.md explains what happens when the connection is lost during a commit, and
/// docs/decisions/0042-nodes.md how nodes share a database.
class writer {
public:
    struct settings {
        connection::settings server;
        node_details node;
        bool alone = false; ///< as `options::alone`; `db` of `start` holds the lock
        std::size_t max_queued = 8192;
        std::size_t max_group = 512;
        std::chrono::milliseconds doubt_timeout{2000}; ///< as `options::doubt_timeout`
        std::function<void(const security_event&)> on_recorded{};
    };

    /// What work of the backend itself uses of the writer.
    struct access {
        connection& db; ///< with an open transaction
        lane_state& own;
        writer_memory& memory;
        engine::actions& after; ///< to run after the commit
    };
    /// Work that the backend itself runs in a transaction of the writer.
    using internal_work = std::move_only_function<result<void>(access&)>;

    /// `server` identifies this process; random.
    writer(settings options, const uuid& server, shared_state& shared, lane_follower& lanes,
           change_feed& feed);
    /// Finishes all submitted units of work.
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Takes a free lane, loads the index of the write buffer, and starts the thread. `db` is open and
    /// migrated; nothing else may use it from now on. `overloaded` if all lanes are taken.
    result<void> start(std::unique_ptr<connection> db);
    /// Gives the lane back. REQUIRES: nothing writes any more.
    void leave();
    /// The lane of this node. REQUIRES: `start` succeeded.
    [[nodiscard]] lane_number lane() const noexcept { return memory_.lane; }

    /// As `catalogue::write_async` and `write_behind_async`.
    void submit(catalogue::unit_of_work work, catalogue::completion done, engine::priority level) {
        queue_->submit(std::move(work), std::move(done), level);
    }
    /// As `catalogue::write` and `write_behind`.
    result<void> run(catalogue::unit_of_work work, engine::priority level) {
        return queue_->run(std::move(work), level);
    }
    result<void> run(internal_work work, engine::priority level = engine::priority::behind);
    /// Replaces the listener that the writer's thread calls when a device is due for compaction. The listener
    /// must not block, and must not call the writer.
    void on_due(std::function<void()> listener);
    [[nodiscard]] std::size_t depth() const { return queue_->depth(); }
    /// Ends all writes for good: other nodes took this one for dead, the schema is no longer this version's,
    /// changes of other nodes were missed, or the database lost commits. Any thread may call.
    void fence() noexcept { fenced_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool fenced() const noexcept { return fenced_.load(std::memory_order_relaxed); }
    /// True after a lost connection, until there is a new one.
    [[nodiscard]] bool suspect() const noexcept { return suspect_.load(std::memory_order_relaxed); }

private:
    class open_transaction;

    void run_group(std::vector<engine::queued_unit>& group);
    void run_together(std::vector<engine::queued_unit>& group);
    result<void> commit_group(std::vector<engine::queued_unit>& group, engine::actions& after);
    result<void> run_unit(engine::queued_unit& next, open_transaction& transaction, bool alone);
    /// Adds the readings of the transaction and its number.
    result<void> finish_transaction();
    error abandon(error cause);
    /// Makes a commit visible to this process: readings, actions, changes.
    void publish(writer_memory& changes, engine::actions& after);
    /// Opens a new connection, and settles a commit in doubt. Returns whether there was one that took place.
    result<bool> recover();
    /// Takes a free lane, or this node's own again.
    result<void> take_lane(connection& db);
    result<void> take_row(connection& db);
    result<void> join(connection& db);
    result<void> require_membership(connection& db);
    result<void> load_buffer(connection& db);
    void forget_transaction();

    const settings settings_;
    shared_state& shared_;
    lane_follower& lanes_;
    change_feed& feed_;
    std::unique_ptr<connection> db_; ///< null: it was lost
    writer_memory memory_;
    lane_state own_;
    const uuid server_;           ///< identifies this process in the lane's row
    std::int64_t stored_seq_ = 0; ///< as the lane's row had it when the lane was taken
    reading_id stored_id_ = 0;    ///< the last id of the lane, in the same way
    // What the database had at the last commit that is known to have taken place. It never has less, unless
    // it lost commits: a standby without them took over, or a backup was restored.
    std::int64_t committed_seq_ = 0;
    std::int64_t committed_epoch_ = 0;
    std::optional<doubtful_commit> doubt_;
    std::atomic<bool> fenced_{false};
    /// Until then each unit is a group of its own, so that a unit whose statement fails finds itself.
    std::chrono::steady_clock::time_point alone_until_{};
    bool failing_ = false; ///< so that a failure is logged once, not once per group

    mutable mutex mutex_;
    std::function<void()> due_listener_ GUARDED_BY(mutex_);
    std::atomic<bool> suspect_{false};
    std::optional<engine::write_queue> queue_; ///< last: its thread uses all other members
};

} // namespace breakwater::storage::postgres
