#pragma once

#include "base/result.hpp"
#include "storage/alert_store.hpp"
#include "storage/audit_log.hpp"
#include "storage/change_feed.hpp"
#include "storage/change_log.hpp"
#include "storage/clock_store.hpp"
#include "storage/credential_store.hpp"
#include "storage/device_store.hpp"
#include "storage/import_store.hpp"
#include "storage/invitation_store.hpp"
#include "storage/limit_store.hpp"
#include "storage/outbox_store.hpp"
#include "storage/policy_store.hpp"
#include "storage/reading_store.hpp"
#include "storage/session_store.hpp"
#include "storage/user_store.hpp"
#include "storage/webhook_store.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace breakwater::storage {

/// A consistent read-only view of the whole database.
class snapshot {
public:
    virtual ~snapshot() = default;
    [[nodiscard]] virtual const user_store& users() const = 0;
    [[nodiscard]] virtual const device_store& devices() const = 0;
    [[nodiscard]] virtual const credential_store& credentials() const = 0;
    [[nodiscard]] virtual const session_store& sessions() const = 0;
    [[nodiscard]] virtual const reading_store& readings() const = 0;
    [[nodiscard]] virtual const policy_store& policies() const = 0;
    [[nodiscard]] virtual const limit_store& limits() const = 0;
    [[nodiscard]] virtual const alert_store& alerts() const = 0;
    [[nodiscard]] virtual const webhook_store& webhooks() const = 0;
    [[nodiscard]] virtual const outbox_store& outbox() const = 0;
    [[nodiscard]] virtual const invitation_store& invitations() const = 0;
    [[nodiscard]] virtual const import_store& imports() const = 0;
    [[nodiscard]] virtual const clock_store& clock() const = 0;
    [[nodiscard]] virtual const change_log& changes() const = 0;
    [[nodiscard]] virtual const audit_log& audit() const = 0;
};

/// The transaction in which a unit of work runs. All changes of the unit become durable together, or none
/// does. So a change and its audit event are never stored one without the other.
class transaction {
public:
    virtual ~transaction() = default;
    [[nodiscard]] virtual user_store& users() = 0;
    [[nodiscard]] virtual device_store& devices() = 0;
    [[nodiscard]] virtual credential_store& credentials() = 0;
    [[nodiscard]] virtual session_store& sessions() = 0;
    [[nodiscard]] virtual reading_store& readings() = 0;
    [[nodiscard]] virtual policy_store& policies() = 0;
    [[nodiscard]] virtual limit_store& limits() = 0;
    [[nodiscard]] virtual alert_store& alerts() = 0;
    [[nodiscard]] virtual webhook_store& webhooks() = 0;
    [[nodiscard]] virtual outbox_store& outbox() = 0;
    [[nodiscard]] virtual invitation_store& invitations() = 0;
    [[nodiscard]] virtual import_store& imports() = 0;
    [[nodiscard]] virtual clock_store& clock() = 0;
    [[nodiscard]] virtual change_log& changes() = 0;
    [[nodiscard]] virtual audit_log& audit() = 0;

    /// `action` runs on the writer's thread, after the change is on disk and before the completion of the
    /// unit of work. Actions run in the order of the commits, among the changes that the feed delivers. Use
    /// an action for what concerns the caller alone; publish what others follow (`changes`). An action does
    /// not run if the change is rolled back. It must not throw or block.
    virtual void after_commit(std::move_only_function<void()> action) = 0;
};

/// The database. Writes go through one writer, which commits many units of work together (group commit).
/// Readers never wait for the writer. A disk failure is reported as `storage_unavailable` or `storage_full`.
/// Nothing of the failed group of units is then stored. Callers may simply try again, because each call tries
/// the disk again.
class database {
public:
    using unit_of_work = std::move_only_function<result<void>(transaction&)>;
    using completion = std::move_only_function<void(result<void>)>;
    using query = std::move_only_function<result<void>(const snapshot&)>;

    virtual ~database() = default;

    /// Runs `work` on the calling thread, with one consistent snapshot. Blocks. Never call it on an I/O
    /// thread, nor inside another read or write.
    virtual result<void> read(query work) = 0;

    /// Runs `work` on the writer's thread. Returns when its changes are durable (fsync), or when it has
    /// failed and nothing of it is stored. If `work` returns an error, the writer rolls back the changes of
    /// `work` and no others. Blocks. Never call it on an I/O thread.
    virtual result<void> write(unit_of_work work) = 0;

    /// Like `write`, but does not wait. `done` is called exactly once: on the writer's thread, or with
    /// `overloaded` on the caller's thread if the queue is full. `done` must not block. Any thread may call.
    virtual void write_async(unit_of_work work, completion done) = 0;

    /// Like `write` and `write_async`, with low priority: for uploaded batches, compaction and housekeeping.
    /// The writer alternates between the two priorities while both have waiting units. It commits a group of
    /// units of normal priority, then one unit of low priority in a transaction of its own (decision 0026).
    /// So a unit of normal priority waits for at most one unit of low priority before its group; keep the
    /// latter small.
    virtual result<void> write_behind(unit_of_work work) { return write(std::move(work)); }
    virtual void write_behind_async(unit_of_work work, completion done) {
        write_async(std::move(work), std::move(done));
    }

    /// Does the expensive part of an append on the caller's thread, so that the writer's thread need not do
    /// it. `readings` are the readings that `reading_store::append` will receive, still without ids. Returns
    /// null if preparing would save nothing. Any thread may call. Uses the CPU, but does not wait for locks
    /// or I/O.
    [[nodiscard]] virtual std::unique_ptr<prepared_readings>
    prepare(std::span<const reading> /*readings*/) const {
        return nullptr;
    }

    /// The committed changes, for followers in this process.
    [[nodiscard]] change_feed& feed() noexcept { return feed_; }

    /// Number of units of work that wait for the writer.
    [[nodiscard]] virtual std::size_t write_queue_depth() const = 0;

    /// Number of stored parts (blocks of readings, rollups) found damaged since the start.
    [[nodiscard]] virtual std::size_t damaged_parts() const = 0;

    /// Compacts buffered readings into their long-term form: the readings that are due, or all if
    /// `everything`. Returns how many readings it compacted. A backend also compacts in the background; call
    /// this to compact now. Blocks the caller, but no other reader or writer.
    virtual result<std::size_t> compact(bool everything) = 0;

    /// Copies a consistent state into a new file while reads and writes continue. Returns `bad_state` if the
    /// file exists. The arguments of `progress` are the copied pages and all pages.
    virtual result<void> backup(const std::filesystem::path& file,
                                std::move_only_function<void(std::size_t, std::size_t)> progress) = 0;

    /// Succeeds if the database answers and its disk has room for writes. Blocks for a short time.
    virtual result<void> check() = 0;

private:
    change_feed feed_;
};

/// Runs `work` in `store.read` and returns the result of `work`, which is a `result<T>(const snapshot&)`
/// function. Blocks like `read`.
template <class Work>
[[nodiscard]] auto fetch(database& store, Work work) -> std::invoke_result_t<Work, const snapshot&> {
    std::optional<typename std::invoke_result_t<Work, const snapshot&>::value_type> value;
    auto done = store.read([&](const snapshot& view) -> result<void> {
        auto outcome = work(view);
        if (!outcome)
            return pass(std::move(outcome));
        value.emplace(std::move(*outcome));
        return {};
    });
    if (!done)
        return pass(std::move(done));
    return std::move(*value);
}

} // namespace breakwater::storage
