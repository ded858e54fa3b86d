#include "storage/postgres/writer.hpp"

#include "base/log.hpp"
#include "storage/engine/store_views.hpp"
#include "storage/postgres/migrations.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

constexpr std::int64_t lane_bucket = lane_id % 256;
/// Limits of a chunk: a reader decodes it as a whole to read one reading.
constexpr std::size_t max_chunk_readings = 4096;
constexpr std::size_t max_chunk_payload = std::size_t{1} << 20;
constexpr std::chrono::milliseconds pause_between_attempts{50};
constexpr std::int64_t termination_timeout_ms = 1000;
/// How long units run alone after one of them made a group fail.
constexpr std::chrono::seconds time_alone{2};

error unavailable(std::string detail) {
    return {.code = errc::storage_unavailable, .detail = std::move(detail)};
}

} // namespace

class writer::open_transaction final : public engine::store_transaction<store_set> {
public:
    open_transaction(connection& db, shared_state& shared, writer_memory& memory, chunk_builder& pending,
                     change_feed& feed, const std::function<void(const security_event&)>& on_recorded,
                     engine::actions& after)
        : store_transaction{feed, on_recorded, after, db, shared, &memory, &pending}, db_{db} {}

    [[nodiscard]] connection& db() noexcept { return db_; }

private:
    connection& db_;
};

writer::writer(settings options, const uuid& server, shared_state& shared, change_feed& feed)
    : settings_{std::move(options)}, shared_{shared}, feed_{feed}, server_{server} {
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

/// The lane is taken already, so no other server appends meanwhile. What the buffer lacks would be deleted
/// without being compacted, so its source must not be older than the lane.
result<void> writer::load_buffer(connection& db) {
    db.begin(connection::isolation::snapshot);
    const auto load = [&]() -> result<void> {
        statement query = db.prepare("SELECT last_id, epoch FROM lanes WHERE lane = $1");
        const auto row = query.bind(lane_id).step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row || query.integer(0) != stored_id_ || query.integer(1) != epoch_)
            return std::unexpected(unavailable("The database lacks readings that were stored."));
        return load_buffered(db, shared_.damage, shared_.buffered);
    };
    auto loaded = load();
    db.roll_back(); // there is nothing to commit
    shared_.buffered.begin_at(stored_id_ + 1);
    return loaded;
}

result<void> writer::run(internal_work work) {
    return run(catalogue::unit_of_work{[&work](storage::transaction& transaction) {
                   return work(static_cast<open_transaction&>(transaction).db());
               }},
               engine::priority::behind);
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
    if (db_ != nullptr && db_->was_closed())
        db_.reset();
    if (db_ == nullptr)
        if (auto recovered = recover(); !recovered)
            return std::unexpected(abandon(std::move(recovered).error()));
    db_->begin(connection::isolation::write);

    open_transaction transaction{*db_, shared_, memory_, pending_, feed_, settings_.on_recorded, after};
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
    const bool numbered = db_->has_begun() || !pending_.empty();
    if (numbered)
        if (auto finished = finish_transaction(); !finished)
            return std::unexpected(abandon(std::move(finished).error()));
    switch (db_->commit()) {
    case connection::commit_outcome::committed:
        if (numbered)
            committed_seq_ = seq_;
        pending_ = {};
        publish(memory_, after);
        if (std::exchange(failing_, false))
            log::write(log::level::info, "the database can be written again");
        return {};
    case connection::commit_outcome::not_replicated:
        committed_seq_ = seq_; // what is published must not be lost, either
        pending_ = {};
        publish(memory_, after);
        return std::unexpected(
            unavailable("The change may be lost, because no standby database confirmed it."));
    case connection::commit_outcome::rolled_back: break;
    case connection::commit_outcome::unknown:
        doubt_.emplace();
        doubt_->seq = seq_;
        doubt_->after = std::move(after);
        doubt_->changes.appended = std::move(memory_.appended);
        doubt_->changes.removed = std::move(memory_.removed);
        const error cause = abandon(db_->failure()->error);
        for (const auto deadline = std::chrono::steady_clock::now() + settings_.doubt_timeout;;) {
            const auto took_place = recover();
            if (took_place && *took_place)
                return {};
            if (took_place || fenced_ || std::chrono::steady_clock::now() >= deadline) {
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
    const auto pending_before = pending_.size();
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
        pending_.truncate(pending_before);
        if (!alone)
            db_->roll_back_to_savepoint();
    } else if (!alone) {
        db_->release_savepoint();
    }
    return outcome;
}

result<void> writer::finish_transaction() {
    reading_id last_id = 0;
    for (std::size_t first = 0; first < pending_.size();) {
        std::size_t last = first + 1;
        while (last < pending_.size() && last - first < max_chunk_readings &&
               pending_.payload_bytes(last + 1) - pending_.payload_bytes(first) <= max_chunk_payload)
            ++last;
        if (auto inserted = insert_chunk(first, last); !inserted)
            return inserted;
        first = last;
        last_id = pending_.heads().back().entry.id();
    }
    if (pending_.empty())
        ++seq_;
    return db_->run_later("SELECT record_commit($1, $2, $3, $4)", lane_id, epoch_, seq_, last_id);
}

result<void> writer::insert_chunk(std::size_t first, std::size_t last) {
    const std::span heads = std::span{pending_.heads()}.subspan(first, last - first);
    const auto [earliest, latest] =
        std::ranges::minmax(heads, {}, [](const chunk_head& head) { return head.entry.received_at(); });
    return db_->run_later("INSERT INTO chunks (bucket, lane, epoch, seq, first_id, last_id, count,"
                          " first_received, last_received, heads, body)"
                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                          lane_bucket, lane_id, epoch_, ++seq_, heads.front().entry.id(),
                          heads.back().entry.id(), static_cast<std::int64_t>(heads.size()),
                          earliest.entry.received_at(), latest.entry.received_at(),
                          blob{pending_.encode_heads(first, last)}, blob{pending_.encode_body(first, last)});
}

void writer::forget_transaction() {
    memory_.roll_back();
    pending_ = {};
}

/// Rolls back the whole group, and returns the error that it fails with.
error writer::abandon(error cause) {
    forget_transaction();
    std::string detail = cause.detail;
    if (db_ != nullptr) {
        if (const auto failed = db_->take_failure()) {
            detail = failed->cause;
            fenced_ = fenced_ || failed->state == "BW001";
        }
        db_->roll_back();
        if (db_->is_lost() || fenced_)
            db_.reset();
    }
    suspect_.store(db_ == nullptr, std::memory_order_relaxed);
    if (!std::exchange(failing_, true))
        log::write(log::level::error, "the database could not be written", {{"cause", detail}});
    return cause;
}

result<bool> writer::recover() {
    if (fenced_)
        return std::unexpected(unavailable("The database has changed without this server. Restart it."));
    connection::settings server = settings_.server;
    server.log_failure = !failing_;
    auto opened = connection::open(server);
    if (!opened)
        return pass(std::move(opened));
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

/// The former connection of this process may still hold the lock, if the server has not noticed its end.
result<void> writer::take_lane(connection& db) {
    if (process_ != 0) {
        auto ended = db.run("SELECT pg_terminate_backend(pid, $3) FROM pg_locks WHERE locktype = 'advisory'"
                            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                            " AND classid = 0 AND objid = $1 AND granted AND pid = $2",
                            server_lock, std::int64_t{process_}, termination_timeout_ms);
        if (!ended)
            return pass(std::move(ended));
    }
    db.begin(connection::isolation::write);
    if (auto taken = take_row(db); !taken) {
        db.roll_back();
        return taken;
    }
    // Waits for a standby if commits do. So whatever this transaction saw is as safe as an acknowledged
    // commit.
    if (db.commit() != connection::commit_outcome::committed)
        return std::unexpected(unavailable("The database can't be written at the moment."));
    process_ = db.process();
    committed_seq_ = stored_seq_;
    committed_epoch_ = epoch_;
    return {};
}

/// Waits for a transaction of the former connection that is still in progress: it holds the row.
result<void> writer::take_row(connection& db) {
    if (auto locked = lock_for_server(db); !locked)
        return locked;
    if (auto created = db.run_later("INSERT INTO lanes VALUES ($1, $2, 0, 0, 0) ON CONFLICT DO NOTHING",
                                    lane_id, server_);
        !created)
        return created;
    statement query = db.prepare("SELECT server, epoch, seq, last_id FROM lanes WHERE lane = $1 FOR UPDATE");
    const auto row = query.bind(lane_id).step();
    if (!row)
        return std::unexpected(row.error());
    if (epoch_ != 0 && query.id(0) != server_) {
        fenced_ = true;
        return std::unexpected(unavailable("Another server uses the database. Restart this one."));
    }
    if (query.integer(1) < committed_epoch_ || query.integer(2) < committed_seq_) {
        fenced_ = true;
        log::write(log::level::error, "the database lost commits; the server must be restarted");
        return std::unexpected(unavailable("The database lost changes. Restart the server."));
    }
    epoch_ = query.integer(1) + 1;
    stored_seq_ = query.integer(2);
    stored_id_ = query.integer(3);
    seq_ = std::max(seq_, stored_seq_);
    return db.run_later("UPDATE lanes SET server = $2, epoch = $3 WHERE lane = $1", lane_id, server_, epoch_);
}

} // namespace breakwater::storage::postgres
