#include "storage/postgres/writer.hpp"

#include "base/log.hpp"
#include "storage/engine/store_views.hpp"
#include "storage/postgres/locks.hpp"
#include "storage/postgres/migrations.hpp"

#include <algorithm>
#include <exception>
#include <limits>
#include <span>
#include <thread>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

constexpr std::int64_t max_lanes = 255;
constexpr std::chrono::milliseconds pause_between_attempts{50};
/// How long units run alone after one of them made a group fail.
constexpr std::chrono::seconds time_alone{2};

error unavailable(std::string detail) {
    return {.code = errc::storage_unavailable, .detail = std::move(detail)};
}

} // namespace

class writer::open_transaction final : public engine::store_transaction<store_set> {
public:
    open_transaction(connection& db, shared_state& shared, lane_follower& lanes, writer_memory& memory,
                     lane_state& own, change_feed& feed,
                     const std::function<void(const security_event&)>& on_recorded, engine::actions& after)
        : store_transaction{feed, on_recorded, after, db, shared, lanes, &memory, &own},
          db_{db},
          after_{after} {}

    [[nodiscard]] connection& db() noexcept { return db_; }
    [[nodiscard]] engine::actions& actions() noexcept { return after_; }

private:
    connection& db_;
    engine::actions& after_;
};

writer::writer(settings options, const uuid& server, shared_state& shared, lane_follower& lanes,
               change_feed& feed)
    : settings_{std::move(options)}, shared_{shared}, lanes_{lanes}, feed_{feed}, server_{server} {
    // The first append reserves ids.
    memory_.end_reading_id = memory_.next_reading_id;
}

writer::~writer() {
    queue_.reset();
}

result<void> writer::start(std::unique_ptr<connection> db) {
    if (auto taken = take_lane(*db); !taken)
        return taken;
    if (auto loaded = load_buffer(*db); !loaded)
        return loaded;
    db_ = std::move(db);
    queue_.emplace(settings_.max_queued, settings_.max_group,
                   [this](std::vector<engine::queued_unit>& group) { run_group(group); });
    return {};
}

/// The lane is taken already, so nobody else appends to it meanwhile. What the index lacks would be deleted
/// without being compacted, so its source must not be older than the lane.
result<void> writer::load_buffer(connection& db) {
    db.begin(connection::isolation::snapshot);
    const auto load = [&]() -> result<void> {
        statement query = db.prepare("SELECT last_id, epoch FROM lanes WHERE lane = $1");
        const auto row = query.bind(own_.lane).step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row || query.integer(0) != stored_id_ || query.integer(1) != own_.epoch)
            return std::unexpected(unavailable("The database lacks readings that were stored."));
        if (auto loaded = lanes_.refresh(db); !loaded)
            return pass(std::move(loaded));
        return {};
    };
    auto loaded = load();
    db.roll_back(); // there is nothing to commit
    lanes_.exclude(memory_.lane);
    shared_.buffered.begin_at(stored_id_ + 1, memory_.lane);
    return loaded;
}

catalogue::unit_of_work writer::unit_of(internal_work work) {
    return [this, work = std::move(work)](storage::transaction& transaction) mutable {
        auto& open = static_cast<open_transaction&>(transaction);
        access given{open, open.db(), own_, memory_, open.actions()};
        return work(given);
    };
}

void writer::on_due(std::function<void()> listener) {
    const lock_guard lock{mutex_};
    due_listener_ = std::move(listener);
}

void writer::run_group(std::vector<engine::queued_unit>& group) {
    if (group.size() == 1 || std::chrono::steady_clock::now() >= alone_until_)
        return run_together(group);
    for (engine::queued_unit& next : group) {
        std::vector<engine::queued_unit> single;
        single.push_back(std::move(next));
        run_together(single);
    }
}

void writer::run_together(std::vector<engine::queued_unit>& group) {
    engine::actions after;
    const auto committed = commit_group(group, after);
    memory_.device_added = false;
    if (!committed) {
        error cause = committed.error();
        if (group.size() > 1 && cause.code != errc::storage_unavailable && cause.code != errc::storage_full &&
            cause.code != errc::overloaded) {
            // The statement of one unit failed, and the others must not learn its error.
            alone_until_ = std::chrono::steady_clock::now() + time_alone;
            cause = {.code = errc::overloaded,
                     .detail = "The change could not be stored together with others. Try again.",
                     .retry_after = std::chrono::seconds{1}};
        }
        for (engine::queued_unit& failed : group)
            failed.outcome = std::unexpected(cause);
    }
    engine::complete(group);
}

void writer::publish(writer_memory& changes, engine::actions& after) {
    if (shared_.publish(changes)) {
        const lock_guard lock{mutex_};
        if (due_listener_)
            due_listener_();
    }
    engine::run_actions(after);
}

result<void> writer::commit_group(std::vector<engine::queued_unit>& group, engine::actions& after) {
    if (db_ != nullptr && (fenced() || db_->was_closed()))
        db_.reset();
    if (db_ == nullptr)
        if (auto recovered = recover(); !recovered)
            return std::unexpected(abandon(std::move(recovered).error()));
    db_->begin(connection::isolation::write);

    open_transaction transaction{*db_, shared_, lanes_, memory_, own_, feed_, settings_.on_recorded, after};
    bool any_succeeded = false;
    for (engine::queued_unit& next : group) {
        next.outcome = run_unit(next, transaction, group.size() == 1);
        if (const auto& failed = db_->failure(); failed && (failed->lost || failed->later))
            return std::unexpected(abandon(failed->error));
        any_succeeded = any_succeeded || next.outcome.has_value();
    }
    if (!any_succeeded) {
        db_->roll_back();
        return {};
    }
    const bool numbered = db_->has_begun() || !own_.pending.empty();
    if (numbered)
        if (auto finished = finish_transaction(); !finished)
            return std::unexpected(abandon(std::move(finished).error()));
    switch (db_->commit()) {
    case connection::commit_outcome::committed:
        if (numbered)
            committed_seq_ = own_.seq;
        own_.pending = {};
        publish(memory_, after);
        if (std::exchange(failing_, false))
            log::write(log::level::info, "the database can be written again");
        return {};
    case connection::commit_outcome::not_replicated:
        committed_seq_ = own_.seq; // what is published must not be lost, either
        own_.pending = {};
        publish(memory_, after);
        return std::unexpected(
            unavailable("The change may be lost, because no standby database confirmed it."));
    case connection::commit_outcome::rolled_back: break;
    case connection::commit_outcome::unknown:
        doubt_.emplace();
        doubt_->seq = own_.seq;
        doubt_->after = std::move(after);
        doubt_->changes.appended = std::move(memory_.appended);
        doubt_->changes.removed = std::move(memory_.removed);
        const error cause = abandon(db_->failure()->error);
        for (const auto deadline = std::chrono::steady_clock::now() + settings_.doubt_timeout;;) {
            const auto took_place = recover();
            if (took_place && *took_place)
                return {};
            if (took_place || fenced() || std::chrono::steady_clock::now() >= deadline) {
                if (doubt_) // the callers learn of a failure now
                    std::erase_if(doubt_->after,
                                  [](const engine::action& next) { return next.is_of_caller; });
                return std::unexpected(cause);
            }
            std::this_thread::sleep_for(pause_between_attempts);
        }
    }
    return std::unexpected(abandon(db_->failure()->error));
}

result<void> writer::run_unit(engine::queued_unit& next, open_transaction& transaction, bool alone) {
    const auto actions_before = transaction.action_count();
    const auto memory_before = memory_.here();
    const auto pending_before = own_.pending.size();
    if (!alone)
        db_->set_savepoint();
    result<void> outcome;
    try {
        outcome = next.work(transaction);
    } catch (const std::exception& exception) {
        log::write(log::level::error, "a unit of work threw", {{"what", exception.what()}});
        outcome = fail(errc::internal, "The change failed.");
    }
    if (const auto& failed = db_->failure()) {
        if (failed->lost || failed->later)
            return std::unexpected(failed->error);
        if (outcome) // the unit ignored it, but its transaction can't continue
            outcome = std::unexpected(failed->error);
    }
    if (!outcome) {
        transaction.drop_actions(actions_before);
        memory_.roll_back(memory_before);
        own_.pending.truncate(pending_before);
        if (!alone)
            db_->roll_back_to_savepoint();
    } else if (!alone) {
        db_->release_savepoint();
    }
    return outcome;
}

result<void> writer::finish_transaction() {
    reading_id last_id = 0;
    if (own_.pending.empty()) {
        ++own_.seq;
    } else {
        if (auto inserted = insert_chunks(*db_, own_.pending, own_); !inserted)
            return inserted;
        last_id = own_.pending.heads().back().entry.id();
    }
    return db_->run_later("SELECT record_commit($1, $2, $3, $4)", own_.lane, own_.epoch, own_.seq, last_id);
}

void writer::forget_transaction() {
    memory_.roll_back();
    own_.pending = {};
}

/// Rolls back the whole group, and returns the error that it fails with.
error writer::abandon(error cause) {
    forget_transaction();
    std::string detail = cause.detail;
    if (db_ != nullptr) {
        if (const auto failed = db_->take_failure()) {
            detail = failed->cause;
            if (failed->state == "BW001")
                fence();
        }
        db_->roll_back();
        if (db_->is_lost() || fenced())
            db_.reset();
    }
    suspect_.store(db_ == nullptr, std::memory_order_relaxed);
    if (!std::exchange(failing_, true))
        log::write(log::level::error, "the database could not be written", {{"cause", detail}});
    return cause;
}

result<bool> writer::recover() {
    if (fenced())
        return std::unexpected(unavailable("Another server has replaced this one in the database."));
    connection::settings server = settings_.server;
    server.log_failure = !failing_;
    auto opened = connection::open(server);
    if (!opened)
        return pass(std::move(opened));
    // If the former connection still holds it, the database ends that connection soon.
    if (auto locked = (*opened)->run(settings_.alone ? "SELECT pg_try_advisory_lock($1)"
                                                     : "SELECT pg_try_advisory_lock_shared($1)",
                                     server_lock);
        !locked)
        return pass(std::move(locked));
    if (auto taken = take_lane(**opened); !taken)
        return pass(std::move(taken));
    memory_.devices.clear(); // of a transaction that may not have taken place
    db_ = std::move(*opened);
    suspect_.store(false, std::memory_order_relaxed);
    if (!doubt_)
        return false;
    doubtful_commit doubt = std::move(*doubt_);
    doubt_.reset();
    if (stored_seq_ != doubt.seq)
        return false;
    publish(doubt.changes, doubt.after);
    return true;
}

result<void> writer::take_lane(connection& db) {
    db.begin(connection::isolation::write);
    if (auto taken = take_row(db); !taken) {
        db.roll_back();
        return taken;
    }
    // Waits for a standby if commits do. So whatever this transaction saw is as safe as an acknowledged
    // commit.
    if (db.commit() != connection::commit_outcome::committed)
        return std::unexpected(unavailable("The database can't be written at the moment."));
    committed_seq_ = stored_seq_;
    committed_epoch_ = own_.epoch;
    memory_.lane = static_cast<lane_number>(own_.lane);
    return {};
}

/// Takes the lowest lane without a node, or a new one.
result<void> writer::join(connection& db) {
    if (settings_.alone) // all others have ended
        if (auto removed = remove_nodes(db); !removed)
            return removed;
    statement query = db.prepare("SELECT coalesce("
                                 "(SELECT min(lane) FROM lanes WHERE lane NOT IN (SELECT lane FROM nodes)),"
                                 " (SELECT max(lane) + 1 FROM lanes), 1)");
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    own_.lane = query.integer(0);
    if (own_.lane > max_lanes)
        return fail(errc::overloaded, "The database has as many servers as it can have.");
    if (auto created = db.run_later("INSERT INTO lanes VALUES ($1, $2, 0, 0, 0) ON CONFLICT DO NOTHING",
                                    own_.lane, server_);
        !created)
        return created;
    // A former process of the lane held leases, and asked for devices.
    if (auto freed = db.run_later("DELETE FROM leases WHERE lane = $1", own_.lane); !freed)
        return freed;
    if (auto withdrawn = db.run_later("UPDATE device_owners SET wanted = 0 WHERE wanted = $1", own_.lane);
        !withdrawn)
        return withdrawn;
    const timestamp now = shared_.time.now();
    return db.run_later("INSERT INTO nodes VALUES ($1, $2, $3, $4, $5, $6, 0, $6, 0)", own_.lane, server_,
                        settings_.node.name, settings_.node.address, settings_.node.version, now);
}

result<void> writer::require_membership(connection& db) {
    statement query = db.prepare("SELECT 1 FROM nodes WHERE lane = $1 AND server = $2");
    const auto row = query.bind(own_.lane, server_).step();
    if (!row)
        return std::unexpected(row.error());
    if (*row)
        return {};
    fence();
    return std::unexpected(unavailable("Another server has replaced this one in the database."));
}

/// Waits for a transaction of the former connection that is still in progress: it holds the row.
result<void> writer::take_row(connection& db) {
    const bool joins = own_.epoch == 0;
    if (auto locked = db.run_later("SELECT pg_advisory_xact_lock($1)", nodes_lock); !locked)
        return locked;
    if (auto member = joins ? join(db) : require_membership(db); !member)
        return member;
    statement query = db.prepare("SELECT epoch, seq, last_id FROM lanes WHERE lane = $1 FOR UPDATE");
    const auto row = query.bind(own_.lane).step();
    if (!row)
        return std::unexpected(row.error());
    if (query.integer(0) < committed_epoch_ || query.integer(1) < committed_seq_) {
        fence();
        log::write(log::level::error, "the database lost commits");
        return std::unexpected(unavailable("The database lost changes that this server has acknowledged."));
    }
    const std::int64_t epoch = query.integer(0) + 1;
    stored_seq_ = query.integer(1);
    stored_id_ = query.integer(2);
    own_.seq = std::max(own_.seq, stored_seq_);
    auto updated =
        db.run_later("UPDATE lanes SET server = $2, epoch = $3 WHERE lane = $1", own_.lane, server_, epoch);
    own_.epoch = epoch;
    return updated;
}

void writer::leave() {
    queue_.reset();
    if (db_ == nullptr || fenced())
        return;
    (void)db_->run("DELETE FROM nodes WHERE lane = $1 AND server = $2", own_.lane, server_);
}

} // namespace breakwater::storage::postgres
