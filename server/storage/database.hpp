#pragma once

#include "base/result.hpp"
#include "storage/alert_store.hpp"
#include "storage/audit_log.hpp"
#include "storage/clock_store.hpp"
#include "storage/device_store.hpp"
#include "storage/import_store.hpp"
#include "storage/invitation_store.hpp"
#include "storage/limit_store.hpp"
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

/// A consistent view of everything stored, for reading.
class snapshot {
public:
    virtual ~snapshot() = default;
    [[nodiscard]] virtual const user_store& users() const = 0;
    [[nodiscard]] virtual const device_store& devices() const = 0;
    [[nodiscard]] virtual const session_store& sessions() const = 0;
    [[nodiscard]] virtual const reading_store& readings() const = 0;
    [[nodiscard]] virtual const policy_store& policies() const = 0;
    [[nodiscard]] virtual const limit_store& limits() const = 0;
    [[nodiscard]] virtual const alert_store& alerts() const = 0;
    [[nodiscard]] virtual const webhook_store& webhooks() const = 0;
    [[nodiscard]] virtual const invitation_store& invitations() const = 0;
    [[nodiscard]] virtual const import_store& imports() const = 0;
    [[nodiscard]] virtual const clock_store& clock() const = 0;
    [[nodiscard]] virtual const audit_log& audit() const = 0;
};

/// A unit of work: all of it becomes durable together, or none of it does. That is how a change and its audit
/// record can't come apart.
class transaction {
public:
    virtual ~transaction() = default;
    [[nodiscard]] virtual user_store& users() = 0;
    [[nodiscard]] virtual device_store& devices() = 0;
    [[nodiscard]] virtual session_store& sessions() = 0;
    [[nodiscard]] virtual reading_store& readings() = 0;
    [[nodiscard]] virtual policy_store& policies() = 0;
    [[nodiscard]] virtual limit_store& limits() = 0;
    [[nodiscard]] virtual alert_store& alerts() = 0;
    [[nodiscard]] virtual webhook_store& webhooks() = 0;
    [[nodiscard]] virtual invitation_store& invitations() = 0;
    [[nodiscard]] virtual import_store& imports() = 0;
    [[nodiscard]] virtual clock_store& clock() = 0;
    [[nodiscard]] virtual audit_log& audit() = 0;

    /// `action` runs once the change is on disk, before the one who asked hears of it, and in the order of
    /// the commits: the way for a cache to follow the database. Never runs where the change is rolled back.
    /// Must not throw and must not block.
    virtual void after_commit(std::move_only_function<void()> action) = 0;
};

/// The store behind everything. Writes go through one writer that commits many units of work together (group
/// commit); readers never wait for it. Failures of the medium are `storage_unavailable` or `storage_full`;
/// after one, nothing of the group is stored, and the next call finds out by itself whether there is room
/// again.
class database {
public:
    using unit_of_work = std::move_only_function<result<void>(transaction&)>;
    using completion = std::move_only_function<void(result<void>)>;
    using query = std::move_only_function<result<void>(const snapshot&)>;

    virtual ~database() = default;

    /// Runs `work` on the calling thread, over one consistent snapshot. Blocks; never call it on an I/O
    /// thread, nor from inside another read or write.
    virtual result<void> read(query work) = 0;

    /// Runs `work` on the writer's thread and returns once it is durable (fsync), or has failed and left no
    /// trace: an error returned by `work` rolls back its changes and no other's. Blocks; never call it on an
    /// I/O thread.
    virtual result<void> write(unit_of_work work) = 0;

    /// The same without waiting. `done` is called exactly once, on the writer's thread or (where the queue is
    /// full: `overloaded`) on the caller's; it must not block. Any thread may call.
    virtual void write_async(unit_of_work work, completion done) = 0;

    /// `write` and `write_async` for what can wait, and may be much: batches, compaction, housekeeping.
    /// Behind all that others submitted, one unit of work in a transaction, so that none of theirs waits for
    /// more than one of these; keep them small.
    virtual result<void> write_behind(unit_of_work work) { return write(std::move(work)); }
    virtual void write_behind_async(unit_of_work work, completion done) {
        write_async(std::move(work), std::move(done));
    }

    /// Does what can be done about readings that will be appended together before the writer has them, and
    /// that would hold up others there. They are as `append` wants them, but for their ids. Null where
    /// nothing is to be gained. Any thread may call; it computes, and waits for nobody.
    [[nodiscard]] virtual std::unique_ptr<prepared_readings>
    prepare(std::span<const reading> /*readings*/) const {
        return nullptr;
    }

    /// Units of work that wait for the writer.
    [[nodiscard]] virtual std::size_t write_queue_depth() const = 0;

    /// How many parts of what is stored (blocks of readings, rollups) were found damaged since the start.
    [[nodiscard]] virtual std::size_t damaged_parts() const = 0;

    /// Brings appended readings into the form they are kept in, as far as that is due; `everything`: all of
    /// them. How many those were. A backend does it by itself as they come in; this is for who wants it now.
    /// Blocks, and holds nobody up.
    virtual result<std::size_t> compact(bool everything) = 0;

    /// Copies a consistent state into a new file while everything goes on. `bad_state` where the file exists.
    /// `progress(done, total)` counts pages.
    virtual result<void> backup(const std::filesystem::path& to,
                                std::move_only_function<void(std::size_t, std::size_t)> progress) = 0;

    /// The database answers and there is room to write. Blocks shortly.
    virtual result<void> check() = 0;
};

/// `read` for a single answer: what `work`, a `result<T>(const snapshot&)`, makes of the snapshot.
template <class Work>
[[nodiscard]] auto ask(database& store, Work work) -> std::invoke_result_t<Work, const snapshot&> {
    std::optional<typename std::invoke_result_t<Work, const snapshot&>::value_type> found;
    auto done = store.read([&](const snapshot& view) -> result<void> {
        auto answer = work(view);
        if (!answer)
            return pass(std::move(answer));
        found.emplace(std::move(*answer));
        return {};
    });
    if (!done)
        return pass(std::move(done));
    return std::move(*found);
}

} // namespace breakwater::storage
