#include "storage/postgres/membership.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"
#include "storage/postgres/locks.hpp"
#include "storage/postgres/migrations.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

/// Runs `work`, a function that returns `result<void>`, in a transaction during which no other node joins, is
/// removed, or takes leases. An error of `work` undoes its changes. `failure`: the error if the commit fails.
template <class Work>
result<void> change_nodes(connection& db, std::string_view failure, Work work) {
    db.begin(connection::isolation::write);
    auto done = db.run_later("SELECT pg_advisory_xact_lock($1)", nodes_lock);
    if (done)
        done = work();
    if (!done) {
        db.roll_back();
        return done;
    }
    if (db.commit() != connection::commit_outcome::committed)
        return fail(errc::storage_unavailable, std::string{failure});
    return {};
}

/// As the table has them, in the order of `lease`.
constexpr std::array<std::string_view, lease_count> lease_names{"housekeeping", "outbox", "simulator"};

} // namespace

membership::membership(settings options, const uuid& server, writer& writer, ownership& devices,
                       const clock& time)
    : settings_{std::move(options)},
      server_{server},
      writer_{writer},
      devices_{devices},
      time_{time},
      thread_{start_thread("db node", [this] { loop(); })} {}

membership::~membership() {
    {
        const lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_one();
    thread_.join();
}

void membership::loop() {
    while (!writer_.fenced()) {
        if (const auto done = beat(); done) {
            failing_ = false;
        } else {
            db_.reset();
            // Nobody could show life meanwhile, and nobody may be taken for dead because of it.
            neighbours_.clear();
            if (!std::exchange(failing_, true))
                log::write(log::level::warning, "this node can't show the others that it runs",
                           {{"detail", done.error().detail}});
        }
        unique_lock lock{mutex_};
        woken_.wait_for(lock, settings_.interval, [this]() REQUIRES(mutex_) { return stopping_; });
        if (stopping_)
            return;
    }
    log::write(log::level::error, "this node can't write any more");
}

result<void> membership::beat() {
    beat_began_ = std::chrono::steady_clock::now();
    if (auto renewed = connection::renew(db_, settings_.server, !failing_); !renewed)
        return pass(std::move(renewed));
    for (const auto step : {&membership::show_life, &membership::require_schema, &membership::watch,
                            &membership::keep_leases, &membership::adopt})
        if (auto done = (this->*step)(*db_); !done || writer_.fenced())
            return done;
    return {};
}

result<void> membership::show_life(connection& db) {
    const auto shown = db.run("UPDATE nodes SET beat = beat + 1, beat_at = $3,"
                              " clock_lead = $3 - (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
                              " WHERE lane = $1 AND server = $2",
                              std::int64_t{writer_.lane()}, server_, time_.now());
    if (!shown)
        return std::unexpected(shown.error());
    if (*shown == 0)
        writer_.fence();
    return {};
}

/// A newer version may have changed the schema.
result<void> membership::require_schema(connection& db) {
    db.begin(connection::isolation::snapshot);
    auto current = require_migrated(db);
    db.roll_back(); // there is nothing to commit
    if (!current && !db.is_lost() && current.error().code == errc::storage_unavailable)
        writer_.fence();
    return current;
}

result<void> membership::watch(connection& db) {
    std::map<std::int64_t, neighbour> seen;
    auto read = db.prepare("SELECT lane, server, beat FROM nodes WHERE lane <> $1")
                    .bind(std::int64_t{writer_.lane()})
                    .for_each([&](const statement& row) -> result<void> {
                        neighbour now{.server = row.id(1), .beat = row.integer(2)};
                        const auto before = neighbours_.find(row.integer(0));
                        if (before != neighbours_.end() && before->second.server == now.server &&
                            before->second.beat == now.beat)
                            now.beats_missed = before->second.beats_missed + 1;
                        seen.emplace(row.integer(0), now);
                        return {};
                    });
    if (!read)
        return read;
    neighbours_ = std::move(seen);
    for (const auto& [lane, node] : neighbours_)
        if (node.beats_missed >= settings_.beats_until_dead)
            if (auto removed = remove(db, lane, node); !removed)
                return removed;
    return {};
}

/// After this transaction no commit of the dead node succeeds. Waits for one that is in progress.
result<void> membership::remove(connection& db, std::int64_t lane, const neighbour& dead) {
    std::int64_t removed = 0;
    auto done = change_nodes(db, "A dead node could not be removed.", [&]() -> result<void> {
        if (auto fenced = db.run("UPDATE lanes SET epoch = epoch + 1 WHERE lane = $1 AND EXISTS"
                                 " (SELECT 1 FROM nodes WHERE lane = $1 AND server = $2 AND beat = $3)",
                                 lane, dead.server, dead.beat);
            !fenced)
            return pass(std::move(fenced));
        auto deleted = db.run("DELETE FROM nodes WHERE lane = $1 AND server = $2 AND beat = $3", lane,
                              dead.server, dead.beat);
        if (!deleted)
            return pass(std::move(deleted));
        removed = *deleted;
        return {};
    });
    if (!done)
        return done;
    if (removed != 0)
        log::write(log::level::warning, "a node no longer shows life and was removed",
                   {{"lane", std::to_string(lane)}});
    return {};
}

bool membership::holds(lease work) const noexcept {
    // In this order: whoever sees the later time also sees which leases it is for.
    const auto until = held_until_.load();
    return (held_.load() >> static_cast<unsigned>(work) & 1U) != 0 && !writer_.fenced() &&
           std::chrono::steady_clock::now() < until;
}

result<void> membership::keep_leases(connection& db) {
    for (const bool may_take : {true, false}) {
        unsigned held = 0;
        std::size_t with_holder = 0;
        auto read =
            db.prepare("SELECT leases.name, lane = $1 AND server = $2 FROM leases JOIN nodes USING (lane)")
                .bind(std::int64_t{writer_.lane()}, server_)
                .for_each([&](const statement& row) -> result<void> {
                    const auto name = std::ranges::find(lease_names, row.view(0));
                    if (name == lease_names.end())
                        return {}; // of another version
                    ++with_holder;
                    if (row.boolean(1))
                        held |= 1U << static_cast<unsigned>(name - lease_names.begin());
                    return {};
                });
        if (!read)
            return read;
        held_ = held;
        held_until_ = beat_began_ + settings_.interval * settings_.beats_until_dead / 2;
        if (with_holder == lease_count || !may_take)
            break;
        if (auto taken = take_leases(db); !taken)
            return taken;
    }
    return {};
}

/// Takes the leases without a live node.
result<void> membership::take_leases(connection& db) {
    return change_nodes(db, "The leases without a node could not be taken.", [&]() -> result<void> {
        for (const std::string_view name : lease_names)
            if (auto done = db.run_later(
                    "INSERT INTO leases SELECT $1, lane FROM nodes WHERE lane = $2 AND server = $3"
                    " ON CONFLICT (name) DO UPDATE SET lane = excluded.lane"
                    " WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.lane = leases.lane)",
                    name, std::int64_t{writer_.lane()}, server_);
                !done)
                return done;
        return {};
    });
}

/// Devices that no node owns may have readings that nobody compacts.
result<void> membership::adopt(connection& db) {
    const auto lanes = db.prepare("SELECT lane FROM (SELECT lane FROM lanes UNION ALL SELECT 0) AS known"
                                  " WHERE NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.lane = known.lane)"
                                  " AND EXISTS (SELECT 1 FROM device_owners AS o WHERE o.lane = known.lane)")
                           .rows([](const statement& row) { return row.integer(0); });
    if (!lanes)
        return std::unexpected(lanes.error());
    for (const std::int64_t lane : *lanes)
        if (const auto adopted = devices_.adopt_from(lane); !adopted)
            return std::unexpected(adopted.error());
    return {};
}

} // namespace breakwater::storage::postgres
