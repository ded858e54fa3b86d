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

/// The log is moved into the database whenever this many frames (of 4 KiB) were added: 16 MiB.
constexpr int checkpoint_step = 4000;
/// From this many on, the writer sees to it that the log begins anew: 64 MiB, as `journal_size_limit`.
constexpr int restart_step = 16'000;

template <class Call>
void guarded(std::string_view what, Call&& call) noexcept {
    try {
        call();
    } catch (const std::exception& thrown) {
        log::write(log::level::error, what, {{"what", thrown.what()}});
    }
}

} // namespace

/// Tells of what was appended, once it is durable.
class told_audit_log final : public storage::audit_log {
public:
    told_audit_log(storage::audit_log& to, const std::function<void(const security_event&)>& listener,
                   std::vector<std::move_only_function<void()>>& after) noexcept
        : to_{to}, listener_{listener}, after_{after} {}
    result<std::vector<security_event>> list(const event_query& query) const override {
        return to_.list(query);
    }
    result<event_id> append(const security_event& event) override {
        auto id = to_.append(event);
        if (id && listener_) {
            security_event told = event;
            told.id = *id;
            // It runs when this object is gone; the listener is the writer's.
            after_.emplace_back([&listener = listener_, told = std::move(told)] { listener(told); });
        }
        return id;
    }
    result<std::int64_t> expire(timestamp limit, std::int64_t most) override {
        return to_.expire(limit, most);
    }
    result<std::int64_t> take_expired_count() override { return to_.take_expired_count(); }

private:
    storage::audit_log& to_;
    const std::function<void(const security_event&)>& listener_;
    std::vector<std::move_only_function<void()>>& after_;
};

class writer::open_transaction final : public storage::transaction {
public:
    open_transaction(connection& db, shared_state& shared, writer_memory& memory,
                     const std::function<void(const security_event&)>& on_recorded, actions& after) noexcept
        : db_{db},
          memory_{memory},
          stores_{db, shared, &memory},
          audit_{stores_.audit, on_recorded, after},
          after_{after} {}
    storage::user_store& users() override { return stores_.users; }
    storage::device_store& devices() override { return stores_.devices; }
    storage::session_store& sessions() override { return stores_.sessions; }
    storage::reading_store& readings() override { return stores_.readings; }
    storage::policy_store& policies() override { return stores_.policies; }
    storage::limit_store& limits() override { return stores_.limits; }
    storage::alert_store& alerts() override { return stores_.alerts; }
    storage::webhook_store& webhooks() override { return stores_.webhooks; }
    storage::invitation_store& invitations() override { return stores_.invitations; }
    storage::import_store& imports() override { return stores_.imports; }
    storage::clock_store& clock() override { return stores_.clock; }
    storage::audit_log& audit() override { return audit_; }
    void after_commit(std::move_only_function<void()> action) override {
        after_.push_back(std::move(action));
    }

    [[nodiscard]] connection& db() noexcept { return db_; }
    [[nodiscard]] writer_memory& memory() noexcept { return memory_; }
    [[nodiscard]] std::size_t action_count() const noexcept { return after_.size(); }
    void drop_actions(std::size_t from) {
        after_.erase(after_.begin() + static_cast<std::ptrdiff_t>(from), after_.end());
    }

private:
    connection& db_;
    writer_memory& memory_;
    store_set stores_;
    told_audit_log audit_;
    actions& after_;
};

writer::writer(settings chosen, std::unique_ptr<connection> db, writer_memory memory, shared_state& shared)
    : settings_{std::move(chosen)},
      db_{std::move(db)},
      memory_{std::move(memory)},
      shared_{shared},
      checkpoint_at_{checkpoint_step},
      checkpointer_{std::in_place, settings_.file},
      thread_{start_thread("db writer", [this] { loop(); })} {}

writer::~writer() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
    checkpointer_.reset();
    if (suspect())
        return;
    // What can't be moved because somebody still reads it stays in the log, which is as durable.
    sqlite3_busy_timeout(db_->handle(), 0);
    sqlite3_wal_checkpoint_v2(db_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_db_config(db_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
}

void writer::submit(database::unit_of_work work, database::completion done, lane where) {
    bool taken = false;
    bool wake = false;
    {
        const std::lock_guard lock{mutex_};
        std::deque<unit>& queue = where == lane::ahead ? ahead_ : behind_;
        taken = !stopping_ && queue.size() < settings_.max_queued;
        if (taken) {
            queue.push_back(unit{std::move(work), std::move(done)});
            wake = std::exchange(idle_, false);
        }
    }
    if (wake)
        arrived_.notify_one();
    if (!taken)                           // then `done` has not been moved from
        done(fail_later(errc::overloaded, // NOLINT(bugprone-use-after-move)
                        "The server has more to write than it can at the moment.", std::chrono::seconds{1}));
}

result<void> writer::run(database::unit_of_work work, lane where) {
    if (on_this_thread())
        return fail(errc::internal, "A write can't wait for another one inside a write.");
    result<void> outcome;
    std::binary_semaphore finished{0};
    submit(
        std::move(work),
        [&](result<void> told) {
            outcome = std::move(told);
            finished.release();
        },
        where);
    finished.acquire();
    return outcome;
}

result<void> writer::run(own_work work) {
    return run(database::unit_of_work{[&work](storage::transaction& within) {
                   auto& own = static_cast<open_transaction&>(within);
                   return work(own.db(), own.memory());
               }},
               lane::behind);
}

void writer::on_due(std::function<void()> told) {
    const std::lock_guard lock{mutex_};
    due_ = std::move(told);
}

std::size_t writer::depth() const {
    const std::lock_guard lock{mutex_};
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
    std::unique_lock lock{mutex_};
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

/// Lets readers see where the readings are that were just committed.
void writer::publish() {
    for (const device_key device : memory_.removed) {
        shared_.hot.drop(device);
        shared_.latest.drop(device);
    }
    memory_.removed.clear();
    const bool due = shared_.hot.add(memory_.appended);
    memory_.appended.clear();
    if (!due)
        return;
    const std::lock_guard lock{mutex_};
    if (due_)
        due_();
}

result<void> writer::commit_group(std::vector<unit>& group, actions& after) {
    if (suspect())
        if (auto recovered = recover(); !recovered)
            return recovered;
    if (auto begun = db_->run("BEGIN IMMEDIATE"); !begun)
        return std::unexpected(abandon(std::move(begun).error()));

    open_transaction within{*db_, shared_, memory_, settings_.on_recorded, after};
    bool anything = false;
    for (unit& next : group) {
        next.outcome = run_unit(next, within, group.size() == 1);
        // Whatever the unit made of it: after a failure of the disk, or with the transaction gone, nothing
        // counts.
        if (const auto& failed = db_->medium_failure())
            return std::unexpected(abandon(failed->error));
        if (!db_->in_transaction())
            return std::unexpected(abandon({.code = errc::internal, .detail = "The transaction was lost."}));
        anything = anything || next.outcome.has_value();
    }
    auto ended = db_->run(anything ? "COMMIT" : "ROLLBACK");
    if (!ended)
        return std::unexpected(abandon(std::move(ended).error()));
    if (std::exchange(failing_, false))
        log::write(log::level::info, "the database can be written again");
    return {};
}

result<void> writer::run_unit(unit& next, open_transaction& within, bool alone) {
    const auto actions_before = within.action_count();
    const auto appended_before = memory_.appended.size();
    const auto removed_before = memory_.removed.size();
    if (!alone)
        if (auto marked = db_->run("SAVEPOINT unit"); !marked)
            return marked;
    result<void> outcome;
    try {
        outcome = next.work(within);
    } catch (const std::exception& thrown) {
        log::write(log::level::error, "a unit of work threw", {{"what", thrown.what()}});
        outcome = fail(errc::internal, "The change failed.");
    }
    if (!outcome) {
        within.drop_actions(actions_before);
        memory_.appended.erase(memory_.appended.begin() + static_cast<std::ptrdiff_t>(appended_before),
                               memory_.appended.end());
        memory_.removed.resize(removed_before);
        if (memory_.device_added)
            memory_.devices.clear();
        if (!alone && db_->in_transaction())
            if (auto undone = db_->run("ROLLBACK TO unit"); !undone)
                return undone;
    }
    if (!alone && db_->in_transaction())
        if (auto released = db_->run("RELEASE unit"); !released)
            return released;
    return outcome;
}

/// Undoes the whole group, and says with what it fails.
error writer::abandon(error cause) {
    const auto failed = db_->take_medium_failure();
    if (db_->in_transaction())
        (void)db_->run("ROLLBACK");
    memory_.devices.clear();
    memory_.appended.clear();
    memory_.removed.clear();
    if (!std::exchange(failing_, true))
        log::write(log::level::error, "the database could not be written",
                   {{"cause", failed ? failed->cause : cause.detail}});
    if (!failed || leaves_doubt(failed->code) || db_->in_transaction()) {
        suspect_.store(true, std::memory_order_relaxed);
        // Before anybody hears of the failure, if the disk lets us: what was refused must not come back.
        // Where it does not, the next group tries again.
        (void)recover();
    }
    if (failed)
        return failed->error;
    return cause;
}

/// Nothing that the connection remembers of the file is trusted after an error of the disk: a new one takes
/// its place. Then a commit of our own goes over the place in the log where the refused one lies, perhaps
/// whole but never synced. Only once that commit is synced is the file as everyone was told it is.
/// docs/decisions/0002-durability.md has the reasoning.
result<void> writer::recover() {
    auto opened = connection::open(settings_.file);
    if (!opened)
        return pass(std::move(opened));
    // The old one goes after the new one is there: the last to close takes the log's index along, and whoever
    // opens next rebuilds it from the log, refused transaction and all.
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
        checkpoint_at_ = checkpoint_step; // everything had been moved, and the log began anew
    last_frames_ = frames;
    if (checkpointer_->take_failed())
        suspect_.store(true, std::memory_order_relaxed);
    if (checkpointer_->take_finished() && frames >= restart_step) {
        // Nearly all was moved beside us; with the rest moved too, the next commit finds the log free to
        // begin anew.
        if (const auto done = checkpoint(*db_); !done)
            if (const auto failed = db_->take_medium_failure(); !failed || leaves_doubt(failed->code))
                suspect_.store(true, std::memory_order_relaxed);
    }
    if (frames >= checkpoint_at_) {
        checkpoint_at_ = frames + checkpoint_step;
        checkpointer_->start_pass();
    }
}

} // namespace breakwater::storage::sqlite
