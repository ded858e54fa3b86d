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

/// A commit in doubt: its connection was lost, and its outcome is not known yet.
struct doubtful_commit {
    std::int64_t seq = 0;    ///< the lane's row has it if the commit took place
    engine::actions after{}; ///< to run then
    writer_memory changes{}; ///< to publish then; only `appended` and `removed`
};

/// Changes the database, on the one thread of a write queue and over one connection: the lane of this node.
/// It runs each group of units of work in one transaction, whose readings become a chunk, or several if there
/// are many. docs/decisions/0040-postgresql.md explains what happens when the connection is lost during a
/// commit, and docs/decisions/0042-nodes.md how nodes share a database.
class writer {
public:
    struct settings {
        connection::settings server;
        node_details node;
        bool alone = false; ///< as `options::alone`; the `db` of `start` holds the server lock
        std::size_t max_queued = 8192;
        std::size_t max_group = 512;
        std::chrono::milliseconds doubt_timeout{2000}; ///< as `options::doubt_timeout`
        std::function<void(const security_event&)> on_recorded{};
    };

    /// What the work of the backend itself gets from the writer.
    struct access {
        storage::transaction& transaction;
        connection& db; ///< with the open transaction
        lane_state& own;
        writer_memory& memory;
        engine::actions& after; ///< to run after the commit
    };
    /// Work that the backend itself runs in a transaction of the writer.
    using internal_work = std::move_only_function<result<void>(access&)>;

    /// `server`: a random id of this process.
    writer(settings options, const uuid& server, shared_state& shared, lane_follower& lanes,
           change_feed& feed);
    /// Finishes all submitted units of work.
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Takes a lane without a node, loads the index of the write buffer, and starts the thread. `overloaded`
    /// if all lanes are taken. REQUIRES: `db` is open and migrated, holds the server lock, and nothing else
    /// uses it from now on.
    result<void> start(std::unique_ptr<connection> db);
    /// Finishes all submitted units of work, and gives the lane back. If the connection is lost, other nodes
    /// do that later. REQUIRES: nothing submits any more.
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
    /// The same for work of the backend itself.
    void submit(internal_work work, catalogue::completion done, engine::priority level) {
        submit(unit_of(std::move(work)), std::move(done), level);
    }
    result<void> run(internal_work work, engine::priority level = engine::priority::behind) {
        return run(unit_of(std::move(work)), level);
    }
    /// Replaces the listener that the writer's thread calls when a device is due for compaction. The listener
    /// must not block, and must not call the writer.
    void on_due(std::function<void()> listener);
    [[nodiscard]] std::size_t depth() const { return queue_->depth(); }
    /// Refuses all writes from now on. There are four reasons, each of which makes the memory of this process
    /// wrong, or its writes dangerous:
    /// - other nodes took this one for dead and removed it, and may have taken over its lane;
    /// - the schema of the database is no longer that of this version;
    /// - the database lost commits of this lane;
    /// - changes of other nodes are missing in the table `changes`.
    ///
    /// The database must then be opened anew (`database::must_reopen`). Any thread may call.
    void fence() noexcept { fenced_.store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool fenced() const noexcept { return fenced_.load(std::memory_order_relaxed); }
    /// True after the connection was lost, until there is a new one.
    [[nodiscard]] bool suspect() const noexcept { return suspect_.load(std::memory_order_relaxed); }

private:
    class open_transaction;

    [[nodiscard]] catalogue::unit_of_work unit_of(internal_work work);
    void run_group(std::vector<engine::queued_unit>& group);
    void run_together(std::vector<engine::queued_unit>& group);
    result<void> commit_group(std::vector<engine::queued_unit>& group, engine::actions& after);
    result<void> run_unit(engine::queued_unit& next, open_transaction& transaction, bool alone);
    /// Adds the chunks and the number of the commit to the transaction.
    result<void> finish_transaction();
    error abandon(error cause);
    /// Makes a commit visible to this process: adds its readings to the index, runs actions and deliveries.
    void publish(writer_memory& changes, engine::actions& after);
    /// Opens a new connection, and settles a commit in doubt. Returns whether there was one that took place.
    result<bool> recover();
    /// Takes a lane without a node, or this node's own again. Raises its epoch.
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
    std::unique_ptr<connection> db_; ///< null: the connection was lost
    writer_memory memory_;
    lane_state own_;
    const uuid server_; ///< identifies this process in the rows of its lane and node
    // `seq` and `last_id` of the lane's row when the lane was last taken.
    std::int64_t stored_seq_ = 0;
    reading_id stored_id_ = 0;
    // What the lane's row had at the last commit that is known to have taken place. It never has less, unless
    // the database lost commits: a standby without them took over, or a backup was restored.
    std::int64_t committed_seq_ = 0;
    std::int64_t committed_epoch_ = 0;
    std::optional<doubtful_commit> doubt_;
    std::atomic<bool> fenced_{false};
    /// Until then each unit is a group of its own, so that only the unit whose statement fails gets its
    /// error.
    std::chrono::steady_clock::time_point alone_until_{};
    bool failing_ = false; ///< so that a failure is logged once, not once per group

    mutable mutex mutex_;
    std::function<void()> due_listener_ GUARDED_BY(mutex_);
    std::atomic<bool> suspect_{false};
    std::optional<engine::write_queue> queue_; ///< last: its thread uses all other members
};

} // namespace breakwater::storage::postgres
