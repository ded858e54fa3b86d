#include "storage/sqlite/writer.hpp"

#include "base/log.hpp"
#include "storage/engine/store_views.hpp"

#include <sqlite3.h>

#include <exception>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

/// The log is moved into the database each time it has grown by this many frames (of 4 KiB): 16 MiB.
constexpr int checkpoint_step = 4000;
/// At this many frames the writer completes the checkpoint itself, so that the log restarts: 64 MiB, as
/// `journal_size_limit`.
constexpr int restart_step = 16'000;

} // namespace

class writer::open_transaction final : public engine::store_transaction<store_set> {
public:
    open_transaction(connection& db, shared_state& shared, writer_memory& memory, change_feed& feed,
                     const std::function<void(const security_event&)>& on_recorded, engine::actions& after)
        : store_transaction{feed, on_recorded, after, db, shared, &memory}, db_{db}, memory_{memory} {}

    [[nodiscard]] connection& db() noexcept { return db_; }
    [[nodiscard]] writer_memory& memory() noexcept { return memory_; }

private:
    connection& db_;
    writer_memory& memory_;
};

writer::writer(settings options, std::unique_ptr<connection> db, writer_memory memory, shared_state& shared,
               change_feed& feed)
    : settings_{std::move(options)},
      db_{std::move(db)},
      memory_{std::move(memory)},
      shared_{shared},
      feed_{feed},
      checkpoint_at_{checkpoint_step},
      checkpointer_{std::in_place, settings_.file},
      queue_{std::in_place, settings_.max_queued, settings_.max_group,
             [this](std::vector<engine::queued_unit>& group) { run_group(group); }} {}

writer::~writer() {
    queue_.reset();
    checkpointer_.reset();
    if (suspect())
        return;
    // Frames that a reader still uses stay in the log, which is just as durable.
    sqlite3_busy_timeout(db_->handle(), 0);
    sqlite3_wal_checkpoint_v2(db_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_db_config(db_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

result<void> writer::run(internal_work work) {
    return run(catalogue::unit_of_work{[&work](storage::transaction& transaction) {
                   auto& opened = static_cast<open_transaction&>(transaction);
                   return work(opened.db(), opened.memory());
               }},
               engine::priority::behind);
}

void writer::on_due(std::function<void()> listener) {
    const lock_guard lock{mutex_};
    due_listener_ = std::move(listener);
}

void writer::run_group(std::vector<engine::queued_unit>& group) {
    engine::actions after;
    const auto committed = commit_group(group, after);
    memory_.device_added = false;
    if (committed) {
        publish();
        engine::run_actions(after);
    } else {
        for (engine::queued_unit& failed : group)
            failed.outcome = std::unexpected(committed.error());
    }
    engine::complete(group);
    if (committed)
        checkpoint_when_due();
}

/// Adds the committed readings to the index, so that readers find them.
void writer::publish() {
    if (!shared_.publish(memory_))
        return;
    const lock_guard lock{mutex_};
    if (due_listener_)
        due_listener_();
}

result<void> writer::commit_group(std::vector<engine::queued_unit>& group, engine::actions& after) {
    if (suspect())
        if (auto recovered = recover(); !recovered)
            return recovered;
    if (auto begun = db_->run("BEGIN IMMEDIATE"); !begun)
        return std::unexpected(abandon(std::move(begun).error()));

    open_transaction transaction{*db_, shared_, memory_, feed_, settings_.on_recorded, after};
    bool any_succeeded = false;
    for (engine::queued_unit& next : group) {
        next.outcome = run_unit(next, transaction, group.size() == 1);
        // After a disk failure, or when the transaction is lost, the whole group fails, whatever the unit
        // returned.
        if (const auto& failure = db_->medium_failure())
            return std::unexpected(abandon(failure->error));
        if (!db_->in_transaction())
            return std::unexpected(abandon({.code = errc::internal, .detail = "The transaction was lost."}));
        any_succeeded = any_succeeded || next.outcome.has_value();
    }
    auto ended = db_->run(any_succeeded ? "COMMIT" : "ROLLBACK");
    if (!ended)
        return std::unexpected(abandon(std::move(ended).error()));
    if (std::exchange(failing_, false))
        log::write(log::level::info, "the database can be written again");
    return {};
}

result<void> writer::run_unit(engine::queued_unit& next, open_transaction& transaction, bool alone) {
    const auto actions_before = transaction.action_count();
    const auto memory_before = memory_.here();
    if (!alone)
        if (auto savepoint = db_->run("SAVEPOINT unit"); !savepoint)
            return savepoint;
    result<void> outcome;
    try {
        outcome = next.work(transaction);
    } catch (const std::exception& exception) {
        log::write(log::level::error, "a unit of work threw", {{"what", exception.what()}});
        outcome = fail(errc::internal, "The change failed.");
    }
    if (!outcome) {
        transaction.drop_actions(actions_before);
        memory_.roll_back(memory_before);
        if (!alone && db_->in_transaction())
            if (auto rolled_back = db_->run("ROLLBACK TO unit"); !rolled_back)
                return rolled_back;
    }
    if (!alone && db_->in_transaction())
        if (auto released = db_->run("RELEASE unit"); !released)
            return released;
    return outcome;
}

/// Rolls back the whole group, and returns the error that it fails with.
error writer::abandon(error cause) {
    const auto failure = db_->take_medium_failure();
    if (db_->in_transaction())
        (void)db_->run("ROLLBACK");
    memory_.roll_back();
    if (!std::exchange(failing_, true))
        log::write(log::level::error, "the database could not be written",
                   {{"cause", failure ? failure->cause : cause.detail}});
    if (!failure || leaves_doubt(failure->code) || db_->in_transaction()) {
        suspect_.store(true, std::memory_order_relaxed);
        // Recovers before the callers get the error, if the disk permits it: a refused transaction must not
        // reappear. If recovery fails, the next group tries again.
        (void)recover();
    }
    if (failure)
        return failure->error;
    return cause;
}

/// After a disk error the connection's cached view of the file can't be trusted, so a new connection replaces
/// it. Then a commit of our own overwrites the place in the log that may hold the refused transaction, whole
/// but never synced. Once that commit is synced, the file contains exactly what was acknowledged.
/// docs/decisions/0002-durability.md has the reasoning.
result<void> writer::recover() {
    auto opened = connection::open(settings_.file);
    if (!opened)
        return pass(std::move(opened));
    // The old connection closes only after the new one is open: the last connection to close deletes the
    // log's index, and the next one to open rebuilds it from the log, including the refused transaction.
    db_ = std::move(*opened);
    auto written = db_->run("UPDATE counters SET value = value + 1 WHERE name = 'medium_recoveries'");
    if (!written)
        return written;
    suspect_.store(false, std::memory_order_relaxed);
    return {};
}

/// Called between two commits.
void writer::checkpoint_when_due() {
    const int frames = db_->wal_frames();
    if (frames < last_frames_)
        checkpoint_at_ = checkpoint_step; // all frames were moved, and the log restarted
    last_frames_ = frames;
    if (checkpointer_->take_failed())
        suspect_.store(true, std::memory_order_relaxed);
    if (checkpointer_->take_finished() && frames >= restart_step) {
        // The checkpointer moved nearly all frames; once the rest is moved too, the next commit can restart
        // the log.
        if (const auto done = checkpoint(*db_); !done)
            if (const auto cause = db_->take_medium_failure(); !cause || leaves_doubt(cause->code))
                suspect_.store(true, std::memory_order_relaxed);
    }
    if (frames >= checkpoint_at_) {
        checkpoint_at_ = frames + checkpoint_step;
        checkpointer_->start_pass();
    }
}

} // namespace breakwater::storage::sqlite
