#include "storage/postgres/compaction_host.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

constexpr std::int64_t chunks_per_trim = 200;
/// Compacted chunks that may stay, so that few transactions trim many.
constexpr std::int64_t min_chunks_to_trim = 100;
/// Chunks with their bodies that one query reads.
constexpr std::int64_t chunks_per_check = 16;
/// Devices of other nodes that are checked together.
constexpr std::size_t devices_per_check = 64;

} // namespace

compaction_host::compaction_host(connection::settings reader, writer& writer, shared_state& shared,
                                 lane_follower& lanes)
    : reader_{std::move(reader)}, writer_{writer}, shared_{shared}, lanes_{lanes} {}

result<void> compaction_host::read(const work& planned) {
    if (auto renewed = connection::renew(db_, reader_); !renewed)
        return pass(std::move(renewed));
    db_->begin(connection::isolation::snapshot);
    series_tables tables{*db_, shared_.damage, lanes_, nullptr};
    auto done = planned(tables);
    db_->roll_back(); // there is nothing to commit
    if (db_->is_lost())
        db_.reset();
    return done;
}

result<void> compaction_host::write(const work& applied) {
    return writer_.run([&](writer::access& open) -> result<void> {
        series_tables tables{open.db, shared_.damage, lanes_, &open.own};
        return applied(tables);
    });
}

result<std::vector<std::int64_t>> compaction_host::damaged_before(std::int64_t lane, reading_id limit) {
    std::vector<std::int64_t> damaged;
    auto done = read([&](engine::series_tables&) -> result<void> {
        for (std::int64_t after = 0;;) {
            statement query = db_->prepare("SELECT first_id, heads, body FROM chunks WHERE bucket = $1"
                                           " AND lane = $2 AND first_id > $3 AND first_id < $4"
                                           " AND last_id < $4 ORDER BY first_id LIMIT $5");
            query.bind(lane, lane, after, limit, chunks_per_check);
            bool any_row = false;
            auto checked = query.for_each([&](const statement& row) -> result<void> {
                any_row = true;
                after = row.integer(0);
                if (!chunk::open(row.view(1), row.view(2))) {
                    shared_.damage.report_chunk(after);
                    damaged.push_back(after);
                }
                return {};
            });
            if (!checked)
                return checked;
            if (!any_row)
                return {};
        }
    });
    if (!done)
        return pass(std::move(done));
    return damaged;
}

result<std::vector<std::int64_t>> compaction_host::lanes_to_trim() {
    std::vector<std::int64_t> lanes;
    auto done = read([&](engine::series_tables&) -> result<void> {
        auto rows = db_->prepare("SELECT lane FROM lanes WHERE lane = $1"
                                 " OR NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.lane = lanes.lane)")
                        .bind(std::int64_t{writer_.lane()})
                        .rows([](const statement& row) { return row.integer(0); });
        if (!rows)
            return std::unexpected(rows.error());
        lanes = std::move(*rows);
        auto refreshed = lanes_.refresh(*db_);
        return refreshed ? result<void>{} : pass(std::move(refreshed));
    });
    if (!done)
        return pass(std::move(done));
    return lanes;
}

result<void> compaction_host::drop_deleted() {
    std::vector<device_key> devices =
        shared_.buffered.foreign_before(shared_.buffered.end(), devices_per_check);
    if (devices.empty())
        return {};
    return read([&](engine::series_tables&) -> result<void> {
        const auto existing = db_->prepare("SELECT key FROM devices WHERE key = ANY ($1)")
                                  .bind(std::span<const device_key>{devices})
                                  .rows([](const statement& row) { return row.integer(0); });
        if (!existing)
            return std::unexpected(existing.error());
        for (const device_key device : devices)
            if (std::ranges::find(*existing, device) == existing->end())
                shared_.buffered.drop(device);
        return {};
    });
}

result<void> compaction_host::trim(bool everything, const std::function<bool()>& stopping) {
    const auto lanes = lanes_to_trim();
    if (!lanes)
        return std::unexpected(lanes.error());
    if (auto dropped = drop_deleted(); !dropped)
        return dropped;
    for (const std::int64_t lane : *lanes)
        if (auto trimmed = trim(lane, everything, stopping); !trimmed)
            return trimmed;
    return {};
}

/// Deletes the chunks at the front of the lane whose readings are all compacted. Keeps those that are damaged
/// in a table of their own. To look for them would cost too much where nothing is damaged.
result<void> compaction_host::trim(std::int64_t lane, bool everything,
                                   const std::function<bool()>& stopping) {
    const reading_id limit = shared_.buffered.compacted_end(static_cast<lane_number>(lane));
    std::int64_t compacted = 0;
    auto counted = read([&](engine::series_tables&) -> result<void> {
        statement query =
            db_->prepare("SELECT count(*) FROM (SELECT 1 FROM chunks WHERE bucket = $1 AND lane = $2"
                         " AND first_id < $3 AND last_id < $3 LIMIT $4) AS old");
        const auto row = query.bind(lane, lane, limit, min_chunks_to_trim).step();
        if (!row)
            return std::unexpected(row.error());
        compacted = query.integer(0);
        return {};
    });
    if (!counted)
        return counted;
    if (compacted == 0 || (!everything && compacted < min_chunks_to_trim))
        return {};
    std::vector<std::int64_t> damaged;
    if (shared_.damage.size() != 0) {
        auto found = damaged_before(lane, limit);
        if (!found)
            return pass(std::move(found));
        damaged = std::move(*found);
    }
    if (!damaged.empty()) {
        auto kept = writer_.run([&](writer::access& open) {
            return open.db.run_later("INSERT INTO damaged_chunks SELECT * FROM chunks WHERE bucket = $1"
                                     " AND lane = $2 AND first_id = ANY ($3) ON CONFLICT DO NOTHING",
                                     lane, lane, std::span<const std::int64_t>{damaged});
        });
        if (!kept)
            return kept;
    }
    for (std::int64_t deleted = chunks_per_trim; deleted == chunks_per_trim && !stopping();) {
        auto trimmed = writer_.run([&](writer::access& open) -> result<void> {
            const auto changes =
                open.db.run("DELETE FROM chunks WHERE bucket = $1 AND lane = $2 AND first_id IN "
                            "(SELECT first_id FROM chunks"
                            " WHERE bucket = $1 AND lane = $2 AND first_id < $3 AND last_id < $3 "
                            "ORDER BY first_id LIMIT $4)",
                            lane, lane, limit, chunks_per_trim);
            if (!changes)
                return std::unexpected(changes.error());
            deleted = *changes;
            return {};
        });
        if (!trimmed)
            return trimmed;
    }
    return {};
}

} // namespace breakwater::storage::postgres
