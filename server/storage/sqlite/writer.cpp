#include "storage/sqlite/writer.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <semaphore>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

/// The log is moved into the database each time it has grown by this many frames (of 4 KiB): 16 MiB.
constexpr int checkpoint_step = 4000;
/// At this many frames the writer completes the checkpoint itself, so that the log restarts: 64 MiB, as
/// `journal_size_limit`.
constexpr int restart_step = 16'000;

template <class Call>
void guarded(std::string_view message, Call&& call) noexcept {
    try {
        call();
    } catch (const std::exception& exception) {
        log::write(log::level::error, message, {{"what", exception.what()}});
    }
}

} // namespace

/// Notifies the listener of each appended event after the commit.
class observed_audit_log final : public storage::audit_log {
public:
    observed_audit_log(storage::audit_log& log, const std::function<void(const security_event&)>& listener,
                       std::vector<std::move_only_function<void()>>& after) noexcept
        : log_{log}, listener_{listener}, after_{after} {}
    result<std::vector<security_event>> list(const event_query& query) const override {
        return log_.list(query);
    }
    result<event_id> append(const security_event& event) override {
        auto id = log_.append(event);
        if (id && listener_) {
            security_event recorded = event;
            recorded.id = *id;
            // The action outlives this object; the listener belongs to the writer.
            after_.emplace_back(
                [&listener = listener_, recorded = std::move(recorded)] { listener(recorded); });
        }
        return id;
    }
    result<std::int64_t> expire(timestamp before, std::int64_t max_count) override {
        return log_.expire(before, max_count);
    }
    result<std::int64_t> take_expired_count() override { return log_.take_expired_count(); }

private:
    storage::audit_log& log_;
    const std::function<void(const security_event&)>& listener_;
    std::vector<std::move_only_function<void()>>& after_;
};

/// Delivers each published change after the commit.
class delivered_change_log final : public storage::change_log {
public:
    delivered_change_log(storage::change_log& log, change_feed& feed,
                         std::vector<std::move_only_function<void()>>& after) noexcept
        : log_{log}, feed_{feed}, after_{after} {}
    result<std::vector<logged_change>> after(change_position position, std::size_t limit) const override {
        return log_.after(position, limit);
    }
    result<change_position> last() const override { return log_.last(); }
    result<void> publish(change made) override {
        if (auto logged = log_.publish(made); !logged)
            return logged;
        after_.emplace_back([&feed = feed_, made = std::move(made)] { feed.deliver(made); });
        return {};
    }

private:
    storage::change_log& log_;
    change_feed& feed_;
    std::vector<std::move_only_function<void()>>& after_;
};

class writer::open_transaction final : public storage::transaction {
public:
    open_transaction(connection& db, shared_state& shared, writer_memory& memory, change_feed& feed,
                     const std::function<void(const security_event&)>& on_recorded, actions& after) noexcept
        : db_{db},
          memory_{memory},
          stores_{db, shared, &memory},
          changes_{stores_.changes, feed, after},
          audit_{stores_.audit, on_recorded, after},
          after_{after} {}
    storage::user_store& users() override { return stores_.users; }
    storage::device_store& devices() override { return stores_.devices; }
    storage::credential_store& credentials() override { return stores_.credentials; }
    storage::session_store& sessions() override { return stores_.sessions; }
    storage::series_store& readings() override { return stores_.readings; }
    storage::policy_store& policies() override { return stores_.policies; }
    storage::limit_store& limits() override { return stores_.limits; }
    storage::alert_store& alerts() override { return stores_.alerts; }
    storage::webhook_store& webhooks() override { return stores_.webhooks; }
    storage::outbox_store& outbox() override { return stores_.outbox; }
    storage::invitation_store& invitations() override { return stores_.invitations; }
    storage::import_store& imports() override { return stores_.imports; }
    storage::clock_store& clock() override { return stores_.clock; }
    storage::change_log& changes() override { return changes_; }
    storage::audit_log& audit() override { return audit_; }
    void after_commit(std::move_only_function<void()> action) override {
        after_.push_back(std::move(action));
    }

    [[nodiscard]] connection& db() noexcept { return db_; }
    [[nodiscard]] writer_memory& memory() noexcept { return memory_; }
    [[nodiscard]] std::size_t action_count() const noexcept { return after_.size(); }
    void drop_actions(std::size_t first) {
        after_.erase(after_.begin() + static_cast<std::ptrdiff_t>(first), after_.end());
    }

private:
    connection& db_;
    writer_memory& memory_;
    store_set stores_;
    delivered_change_log changes_;
    observed_audit_log audit_;
    actions& after_;
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
      thread_{start_thread("db writer", [this] { loop(); })} {}

writer::~writer() {
    {
        const lock_guard lock{mutex_};
        stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
    checkpointer_.reset();
    if (suspect())
        return;
    // Frames that a reader still uses stay in the log, which is just as durable.
    sqlite3_busy_timeout(db_->handle(), 0);
    sqlite3_wal_checkpoint_v2(db_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_db_config(db_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

void writer::submit(catalogue::unit_of_work work, catalogue::completion done, priority level) {
    bool accepted = false;
    bool wake = false;
    {
        const lock_guard lock{mutex_};
        std::deque<unit>& queue = level == priority::ahead ? ahead_ : behind_;
        accepted = !stopping_ && queue.size() < settings_.max_queued;
        if (accepted) {
            queue.push_back(unit{std::move(work), std::move(done)});
            wake = std::exchange(idle_, false);
        }
    }
    if (wake)
        arrived_.notify_one();
    if (!accepted)                             // then `done` has not been moved from
        done(fail_with_retry(errc::overloaded, // NOLINT(bugprone-use-after-move)
                             "The server's write queue is full. Try again later.", std::chrono::seconds{1}));
}

result<void> writer::run(catalogue::unit_of_work work, priority level) {
    if (on_this_thread())
        return fail(errc::internal, "A unit of work can't wait for another write.");
    result<void> outcome;
    std::binary_semaphore finished{0};
    submit(
        std::move(work),
        [&](result<void> unit_outcome) {
            outcome = std::move(unit_outcome);
            finished.release();
        },
        level);
    finished.acquire();
    return outcome;
}

result<void> writer::run(internal_work work) {
    return run(catalogue::unit_of_work{[&work](storage::transaction& transaction) {
                   auto& opened = static_cast<open_transaction&>(transaction);
                   return work(opened.db(), opened.memory());
               }},
               priority::behind);
}

void writer::on_due(std::function<void()> listener) {
    const lock_guard lock{mutex_};
    due_listener_ = std::move(listener);
}

std::size_t writer::depth() const {
    const lock_guard lock{mutex_};
    return ahead_.size() + behind_.size();
}

void writer::loop() {
    std::vector<unit> group;
    while (take_group(group)) {
        run_group(group);
        group.clear();
    }
}

bool writer::take_group(std::vector<unit>& group) {
    unique_lock lock{mutex_};
    while (ahead_.empty() && behind_.empty()) {
        if (stopping_)
            return false;
        idle_ = true;
        arrived_.wait(lock);
    }
    idle_ = false;
    const bool behind = ahead_.empty() || (behind_is_next_ && !behind_.empty());
    behind_is_next_ = !behind;
    std::deque<unit>& queue = behind ? behind_ : ahead_;
    const std::size_t count = behind ? 1 : std::min(queue.size(), settings_.max_group);
    const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
    group.assign(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
    queue.erase(queue.begin(), end);
    return true;
}

void writer::run_group(std::vector<unit>& group) {
    actions after;
    const auto committed = commit_group(group, after);
    memory_.device_added = false;
    if (committed) {
        publish();
        for (auto& action : after)
            guarded("an action after a commit threw", action);
    } else {
        for (unit& failed : group)
            failed.outcome = std::unexpected(committed.error());
    }
    for (unit& finished : group)
        guarded("a completion of a write threw", [&] { finished.done(std::move(finished.outcome)); });
    if (committed)
        checkpoint_when_due();
}

/// Adds the committed readings to the index, so that readers find them.
void writer::publish() {
    for (const device_key device : memory_.removed) {
        shared_.buffered.drop(device);
        shared_.latest.drop(device);
    }
    memory_.removed.clear();
    const bool due = shared_.buffered.add(memory_.appended);
    memory_.appended.clear();
    if (!due)
        return;
    const lock_guard lock{mutex_};
    if (due_listener_)
        due_listener_();
}

result<void> writer::commit_group(std::vector<unit>& group, actions& after) {
    if (suspect())
        if (auto recovered = recover(); !recovered)
            return recovered;
    if (auto begun = db_->run("BEGIN IMMEDIATE"); !begun)
        return std::unexpected(abandon(std::move(begun).error()));

    open_transaction transaction{*db_, shared_, memory_, feed_, settings_.on_recorded, after};
    bool any_succeeded = false;
    for (unit& next : group) {
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

result<void> writer::run_unit(unit& next, open_transaction& transaction, bool alone) {
    const auto actions_before = transaction.action_count();
    const auto appended_before = memory_.appended.size();
    const auto removed_before = memory_.removed.size();
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
        memory_.appended.erase(memory_.appended.begin() + static_cast<std::ptrdiff_t>(appended_before),
                               memory_.appended.end());
        memory_.removed.resize(removed_before);
        if (memory_.device_added)
            memory_.devices.clear();
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
    memory_.devices.clear();
    memory_.appended.clear();
    memory_.removed.clear();
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
