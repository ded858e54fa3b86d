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
#include "storage/series_store.hpp"
#include "storage/session_store.hpp"
#include "storage/ticket_store.hpp"
#include "storage/user_store.hpp"
#include "storage/webhook_store.hpp"

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace breakwater::storage {

/// A consistent read-only view of all entities and readings.
class snapshot {
public:
    virtual ~snapshot() = default;
    [[nodiscard]] virtual const user_store& users() const = 0;
    [[nodiscard]] virtual const device_store& devices() const = 0;
    [[nodiscard]] virtual const credential_store& credentials() const = 0;
    [[nodiscard]] virtual const session_store& sessions() const = 0;
    [[nodiscard]] virtual const ticket_store& tickets() const = 0;
    [[nodiscard]] virtual const series_store& readings() const = 0;
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
    [[nodiscard]] virtual ticket_store& tickets() = 0;
    [[nodiscard]] virtual series_store& readings() = 0;
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

    /// Calls `action` after the commit (see `catalogue`), before the completion of the unit of work. Actions
    /// and deliveries (of changes to the followers of the feed) run in the order of their requests. Use an
    /// action for the caller's own state. If other parts must know, publish a change (`changes`). An action
    /// must not throw. It does not run if the change is rolled back, nor if the outcome of the commit becomes
    /// known only after the unit has failed: what it uses may be gone by then.
    virtual void after_commit(std::move_only_function<void()> action) = 0;
};

/// Everything that the server stores. Callers read it in snapshots and change it in transactions. Readings
/// are part of it, because a unit of work may store readings together with other changes.
///
/// *Order.* A unit of work runs at most once. The units of this process run one at a time. After a commit,
/// the backend first runs the actions and deliveries of all its units, in the order of the units, and then
/// all completions, in the same order. No two of these calls run at the same time. If other processes use the
/// same database, their units may run at the same time as those of this process. But if two of them use
/// anything but readings, one waits for the commit of the other.
///
/// *Threads.* Units, actions, deliveries and completions run on a thread of the backend. Don't rely on a
/// particular thread, or on always getting the same one. All writes of this process wait for each of these
/// calls, and those of other processes may. So they must not block: they wait for no other thread, for no I/O
/// except that of their transaction, and don't call `read`, `write` or `write_behind`. They may call
/// `write_async` and `write_behind_async`.
///
/// *Failures.* A failure of the disk or the database is reported as `storage_unavailable` or `storage_full`.
/// A backend may commit many units together. If that commit fails, all of these units fail, and nothing of
/// them is stored. But in two cases units fail with `storage_unavailable` although their changes may be
/// stored. Both concern only databases over a network:
/// - The connection is lost during the commit, and the outcome doesn't become known in time (a *commit in
///   doubt*). If it becomes known later that the changes are stored, the backend delivers them then.
/// - The database has stored the changes, but gave up the wait for a standby. Everybody sees the changes, and
///   actions and deliveries run. A failover can lose them.
///
/// Callers may try again after any failure, because each call tries the disk again. After these two, a change
/// may then be stored twice.
class catalogue {
public:
    using unit_of_work = std::move_only_function<result<void>(transaction&)>;
    using completion = std::move_only_function<void(result<void>)>;
    using query = std::move_only_function<result<void>(const snapshot&)>;

    virtual ~catalogue() = default;

    /// Runs `work` on the calling thread, with one consistent snapshot. Blocks until a connection for reading
    /// is free, and while `work` reads, but never waits for a unit of work. Never call it on an I/O thread,
    /// nor inside another read or write.
    virtual result<void> read(query work) = 0;

    /// Runs `work` and returns when its changes are durable, or when it has failed. See Failures for what is
    /// stored then. If `work` returns an error, its changes are rolled back, and no others. Blocks. Never
    /// call it on an I/O thread, nor inside another read or write.
    virtual result<void> write(unit_of_work work) = 0;

    /// Like `write`, but does not wait. `done` is called exactly once: after the commit or the failure, as
    /// described above, or at once on the caller's thread if the unit is refused (`overloaded`: the queue is
    /// full). Any thread may call.
    virtual void write_async(unit_of_work work, completion done) = 0;

    /// Like `write` and `write_async`, with low priority: for uploaded batches, compaction and housekeeping.
    /// Units of normal priority go first, but they can't starve units of low priority (decision 0026). So a
    /// unit of normal priority may wait for one unit of low priority; keep the latter small. A backend
    /// without priorities may keep this default.
    virtual result<void> write_behind(unit_of_work work) { return write(std::move(work)); }
    virtual void write_behind_async(unit_of_work work, completion done) {
        write_async(std::move(work), std::move(done));
    }

    /// The committed changes, for followers in this process: those of this process, and after `follow_others`
    /// also those of other processes that use the same database. The latter arrive within a second, unless
    /// `is_stale`.
    [[nodiscard]] change_feed& feed() noexcept { return feed_; }
    /// Starts to deliver what other processes have changed since the database was opened. Call it once, when
    /// the followers have loaded what they need. Blocks.
    virtual result<void> follow_others() { return {}; }
    /// Whether changes of other processes may be missing, because this process could not look for them for
    /// some seconds. Don't rely on the state of followers then. Any thread may call.
    [[nodiscard]] virtual bool is_stale() const noexcept { return false; }

private:
    change_feed feed_;
};

/// Runs `work` in `store.read` and returns the result of `work`, which is a `result<T>(const snapshot&)`
/// function. Blocks like `read`.
template <class Work>
[[nodiscard]] auto fetch(catalogue& store, Work work) -> std::invoke_result_t<Work, const snapshot&> {
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
