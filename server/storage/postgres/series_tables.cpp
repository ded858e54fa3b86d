#include "storage/postgres/series_tables.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

/// Chunks that one query reads, at most: a device's readings may be in as many chunks.
constexpr std::size_t chunks_per_query = 16;
/// Decoded chunks that stay in memory until the transaction ends.
constexpr std::size_t max_chunk_bytes = std::size_t{8} << 20;
/// Limits of a chunk: a reader decodes it as a whole to read one reading.
constexpr std::size_t max_chunk_readings = 4096;
constexpr std::size_t max_chunk_payload = std::size_t{1} << 20;

block_entry read_entry(const statement& row) {
    return {.first = {row.time(0), row.integer(1)},
            .last = {row.time(2), row.integer(3)},
            .count = row.integer(4),
            .simulated = row.integer(5),
            .block = row.integer(6)};
}

rollup_row read_rollup(const statement& row) {
    return {.key = row.integer(0), .start = row.time(1), .bytes = row.text(2)};
}

device_view read_view(const statement& row) {
    return {.key = row.integer(0), .compacted_through = row.integer(1)};
}

std::optional<device_state> read_state(const statement& row) {
    if (row.is_null(0))
        return std::nullopt;
    return device_state{
        .view = read_view(row), .latest = row.text(2), .last_in_blocks = row.optional_time(3)};
}

constexpr const char* states_of_all =
    "SELECT d.key, coalesce(c.through, 0), l.bytes,"
    " (SELECT b.last_received FROM blocks AS b WHERE b.bucket = d.key & 255 AND b.device = d.key"
    " ORDER BY b.first_received DESC, b.first_id DESC LIMIT 1)"
    " FROM unnest($1) WITH ORDINALITY AS wanted (id, number)"
    " LEFT JOIN devices AS d ON d.id = wanted.id"
    " LEFT JOIN compactions AS c ON c.bucket = d.key & 255 AND c.device = d.key"
    " LEFT JOIN latest AS l ON l.bucket = d.key & 255 AND l.device = d.key ORDER BY wanted.number";
constexpr const char* states_of_real =
    "SELECT d.key, coalesce(c.through, 0), l.bytes,"
    " (SELECT b.last_real FROM blocks AS b WHERE b.bucket = d.key & 255 AND b.device = d.key"
    " AND b.last_real IS NOT NULL ORDER BY b.first_received DESC, b.first_id DESC LIMIT 1)"
    " FROM unnest($1) WITH ORDINALITY AS wanted (id, number)"
    " LEFT JOIN devices AS d ON d.id = wanted.id"
    " LEFT JOIN compactions AS c ON c.bucket = d.key & 255 AND c.device = d.key"
    " LEFT JOIN latest AS l ON l.bucket = d.key & 255 AND l.device = d.key ORDER BY wanted.number";

/// The run of ids that this one is from.
reading_id run_of(reading_id id) {
    return (id - 1) / ids_per_run;
}

/// Stores the readings [first, last).
result<void> insert_chunk(connection& db, const chunk_builder& readings, std::size_t first, std::size_t last,
                          const lane_end& end) {
    const std::span heads = std::span{readings.heads()}.subspan(first, last - first);
    const auto [earliest, latest] =
        std::ranges::minmax(heads, {}, [](const chunk_head& head) { return head.entry.received_at(); });
    return db.run_later("INSERT INTO chunks (bucket, lane, epoch, seq, first_id, last_id, count,"
                        " first_received, last_received, heads, body)"
                        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                        end.lane, end.lane, end.epoch, end.seq, heads.front().entry.id(),
                        heads.back().entry.id(), static_cast<std::int64_t>(heads.size()),
                        earliest.entry.received_at(), latest.entry.received_at(),
                        blob{readings.encode_heads(first, last)}, blob{readings.encode_body(first, last)});
}

} // namespace

/// The writer sees the newest state with each statement, a snapshot always the same. What other lanes
/// committed must be in the index before it is read.
result<engine::visible_readings> series_tables::visible() {
    if (own_ == nullptr && last_ids_)
        return engine::visible_readings{*last_ids_};
    const auto last = lanes_.refresh(db_);
    if (!last)
        return std::unexpected(last.error());
    if (own_ != nullptr)
        return engine::visible_readings{std::numeric_limits<reading_id>::max()};
    last_ids_ = *last;
    return engine::visible_readings{*last_ids_};
}

result<std::optional<device_view>> series_tables::located(result<std::optional<device_view>> view) {
    if (!view || !*view)
        return view;
    const auto seen = visible();
    if (!seen)
        return std::unexpected(seen.error());
    (*view)->visible = *seen;
    return view;
}

result<std::optional<device_view>> series_tables::locate(const device_id& device) {
    statement query = db_.prepare("SELECT d.key, coalesce(c.through, 0) FROM devices AS d"
                                  " LEFT JOIN compactions AS c ON c.bucket = d.key & 255 AND c.device = d.key"
                                  " WHERE d.id = $1");
    return located(query.bind(device).first(read_view));
}

result<std::optional<device_view>> series_tables::locate(device_key device) {
    statement query = db_.prepare("SELECT d.key, coalesce(c.through, 0) FROM devices AS d"
                                  " LEFT JOIN compactions AS c ON c.bucket = d.key & 255 AND c.device = d.key"
                                  " WHERE d.key = $1");
    return located(query.bind(device).first(read_view));
}

result<std::vector<std::optional<device_state>>> series_tables::states_of(std::span<const device_id> devices,
                                                                          bool include_simulated) {
    const auto seen = visible();
    if (!seen)
        return std::unexpected(seen.error());
    statement query = db_.prepare(include_simulated ? states_of_all : states_of_real);
    auto states = query.bind(devices).rows(read_state);
    if (states)
        for (std::optional<device_state>& state : *states)
            if (state)
                state->view.visible = *seen;
    return states;
}

result<std::vector<device_id>> series_tables::ids_of(std::span<const device_key> devices) {
    statement query = db_.prepare("SELECT id FROM devices WHERE key = ANY ($1)");
    return query.bind(devices).rows([](const statement& row) { return device_id{row.id(0)}; });
}

std::optional<reading> series_tables::find_loaded(const buffered_reading& entry) const {
    if (own_ != nullptr)
        if (auto pending = own_->pending.find(entry.id()))
            return pending;
    const auto after = chunks_.upper_bound(entry.id());
    if (after == chunks_.begin())
        return std::nullopt;
    auto found = std::prev(after)->second.find(entry.id());
    // If the database lost commits, the id may belong to a reading of another device now.
    if (found && (found->received_at != entry.received_at() || found->simulated != entry.simulated()))
        return std::nullopt;
    return found;
}

result<void> series_tables::load_chunks(std::span<const buffered_reading> entries) {
    std::vector<std::int64_t> lanes;
    std::vector<std::int64_t> ids;
    for (const buffered_reading& entry : entries) {
        lanes.push_back(entry.lane());
        ids.push_back(entry.id());
    }
    statement query = db_.prepare(
        "SELECT first_id, heads, body FROM chunks WHERE (bucket, first_id) IN"
        " (SELECT w.lane::smallint, (SELECT max(first_id) FROM chunks"
        " WHERE bucket = w.lane::smallint AND first_id <= w.id) FROM unnest($1, $2) AS w (lane, id))");
    query.bind(std::span<const std::int64_t>{lanes}, std::span<const std::int64_t>{ids});
    return query.for_each([this](const statement& row) -> result<void> {
        auto opened = chunk::open(row.view(1), row.view(2));
        if (!opened) {
            damage_.report_chunk(row.integer(0));
            return {};
        }
        const std::size_t bytes = opened->bytes();
        if (chunks_.emplace(row.integer(0), std::move(*opened)).second)
            chunk_bytes_ += bytes;
        return {};
    });
}

result<std::vector<reading>> series_tables::read_buffered(std::span<const buffered_reading> entries) {
    std::vector<std::optional<reading>> slots(entries.size());
    std::vector<std::size_t> missing;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        slots[i] = find_loaded(entries[i]);
        if (!slots[i])
            missing.push_back(i);
    }
    while (!missing.empty()) {
        const std::size_t count = std::min(missing.size(), chunks_per_query);
        std::vector<buffered_reading> wanted;
        wanted.reserve(count);
        for (std::size_t i = 0; i < count; ++i)
            wanted.push_back(entries[missing[i]]);
        if (auto loaded = load_chunks(wanted); !loaded)
            return pass(std::move(loaded));
        std::vector<std::size_t> rest;
        for (std::size_t i = 0; i < missing.size(); ++i) {
            slots[missing[i]] = find_loaded(entries[missing[i]]);
            if (!slots[missing[i]] && i >= count) // those before no longer exist
                rest.push_back(missing[i]);
        }
        missing = std::move(rest);
        while (chunk_bytes_ > max_chunk_bytes && chunks_.size() > 1) {
            chunk_bytes_ -= chunks_.begin()->second.bytes();
            chunks_.erase(chunks_.begin());
        }
    }
    std::vector<reading> readings;
    readings.reserve(entries.size());
    for (std::optional<reading>& slot : slots)
        if (slot)
            readings.push_back(std::move(*slot));
    return readings;
}

result<std::vector<buffered_reading>> series_tables::scan_buffered(device_key device, reading_id after,
                                                                   reading_id through) {
    std::vector<buffered_reading> entries;
    statement query = db_.prepare("SELECT first_id, heads, lane FROM chunks"
                                  " WHERE last_id > $1 AND first_id <= $2 ORDER BY first_id");
    query.bind(after, through);
    auto read = query.for_each([&](const statement& row) -> result<void> {
        const auto heads = decode_heads(row.view(1), static_cast<lane_number>(row.integer(2)));
        if (!heads) {
            damage_.report_chunk(row.integer(0));
            return {};
        }
        for (const chunk_head& head : *heads)
            if (head.device == device && head.entry.id() > after && head.entry.id() <= through)
                entries.push_back(head.entry);
        return {};
    });
    if (!read)
        return pass(std::move(read));
    return entries;
}

result<std::vector<block_entry>> series_tables::blocks_backwards(device_key device, timestamp from,
                                                                 std::optional<reading_position> before,
                                                                 std::size_t limit) {
    if (!before) {
        statement query =
            db_.prepare("SELECT first_received, first_id, last_received, last_id, count, simulated, key"
                        " FROM blocks WHERE bucket = $1 AND device = $2 AND first_received <= $3"
                        " ORDER BY first_received DESC, first_id DESC LIMIT $4");
        return query.bind(bucket_of(device), device, from, static_cast<std::int64_t>(limit)).rows(read_entry);
    }
    statement query =
        db_.prepare("SELECT first_received, first_id, last_received, last_id, count, simulated, key"
                    " FROM blocks WHERE bucket = $1 AND device = $2 AND (first_received, first_id) < ($3, $4)"
                    " ORDER BY first_received DESC, first_id DESC LIMIT $5");
    return query
        .bind(bucket_of(device), device, before->received_at, before->id, static_cast<std::int64_t>(limit))
        .rows(read_entry);
}

result<std::vector<block_entry>> series_tables::blocks_forwards(device_key device, timestamp from,
                                                                std::optional<reading_position> after,
                                                                std::size_t limit) {
    if (!after) {
        statement query =
            db_.prepare("SELECT first_received, first_id, last_received, last_id, count, simulated, key"
                        " FROM blocks WHERE bucket = $1 AND device = $2 AND first_received >="
                        " coalesce((SELECT max(first_received) FROM blocks"
                        " WHERE bucket = $1 AND device = $2 AND first_received < $3), $3)"
                        " ORDER BY first_received, first_id LIMIT $4");
        return query.bind(bucket_of(device), device, from, static_cast<std::int64_t>(limit)).rows(read_entry);
    }
    statement query =
        db_.prepare("SELECT first_received, first_id, last_received, last_id, count, simulated, key"
                    " FROM blocks WHERE bucket = $1 AND device = $2 AND (first_received, first_id) > ($3, $4)"
                    " ORDER BY first_received, first_id LIMIT $5");
    return query
        .bind(bucket_of(device), device, after->received_at, after->id, static_cast<std::int64_t>(limit))
        .rows(read_entry);
}

result<std::string> series_tables::block_bytes(device_key device, std::int64_t block) {
    statement query = db_.prepare("SELECT bytes FROM blocks WHERE bucket = $1 AND key = $2");
    auto bytes = query.bind(bucket_of(device), block).first([](const statement& row) { return row.text(0); });
    if (!bytes)
        return pass(std::move(bytes));
    if (!*bytes)
        return fail(errc::not_found, "The block does not exist.");
    return std::move(**bytes);
}

result<block_totals> series_tables::totals(device_key device, timestamp since, timestamp until,
                                           bool include_simulated) {
    statement query = db_.prepare(
        include_simulated
            ? "SELECT sum(count)::bigint, min(first_received), max(last_received) FROM blocks"
              " WHERE bucket = $1 AND device = $2 AND first_received >= $3 AND last_received <= $4"
            : "SELECT sum(count - simulated)::bigint, min(first_real), max(last_real) FROM blocks"
              " WHERE bucket = $1 AND device = $2 AND first_received >= $3 AND last_received <= $4");
    const auto row = query.bind(bucket_of(device), device, since, until).step();
    if (!row)
        return std::unexpected(row.error());
    return block_totals{query.integer(0), query.optional_time(1), query.optional_time(2)};
}

result<std::vector<std::int64_t>> series_tables::divided_blocks(device_key device, timestamp since,
                                                                timestamp until) {
    statement query = db_.prepare("SELECT key FROM blocks WHERE bucket = $1 AND device = $2"
                                  " AND first_received <= $4 AND last_received >= $3"
                                  " AND (first_received < $3 OR last_received > $4)");
    return query.bind(bucket_of(device), device, since, until).rows([](const statement& row) {
        return row.integer(0);
    });
}

result<std::vector<std::int64_t>> series_tables::blocks_measured_in(device_key device, timestamp from,
                                                                    timestamp to, bool simulated) {
    // One search of the index for each width. The lower bound keeps the difference within bigint.
    const timestamp lowest{timestamp::duration{-(std::int64_t{1} << 62)}};
    statement query = db_.prepare(
        "SELECT b.key FROM generate_series(0, 64) AS width CROSS JOIN LATERAL (SELECT key FROM blocks"
        " WHERE bucket = $1 AND device = $2 AND span = width"
        " AND first_measured >= $3 - (1::bigint << least(width, 61)) AND first_measured < $4"
        " AND last_measured >= $3 AND CASE WHEN $5 THEN simulated > 0 ELSE simulated < count END) AS b");
    return query.bind(bucket_of(device), device, std::max(from, lowest), to, simulated)
        .rows([](const statement& row) { return row.integer(0); });
}

result<std::vector<device_key>> series_tables::compacted_since(timestamp since) {
    if (const auto seen = visible(); !seen)
        return std::unexpected(seen.error());
    statement query = db_.prepare("SELECT DISTINCT device FROM blocks WHERE last_received >= $1");
    return query.bind(since).rows([](const statement& row) { return device_key{row.integer(0)}; });
}

result<std::optional<rollup_row>> series_tables::find_rollup(device_key device, blocks::rollup_level level,
                                                             bool simulated, timestamp start) {
    statement query = db_.prepare("SELECT key, begins, bytes FROM rollups WHERE bucket = $1 AND device = $2"
                                  " AND level = $3 AND simulated = $4 AND begins = $5");
    return query.bind(bucket_of(device), device, static_cast<int>(level), simulated, start)
        .first(read_rollup);
}

result<std::vector<rollup_row>> series_tables::rollups(device_key device, blocks::rollup_level level,
                                                       bool simulated, timestamp after, timestamp before) {
    statement query =
        db_.prepare("SELECT key, begins, bytes FROM rollups WHERE bucket = $1 AND device = $2 AND level = $3"
                    " AND simulated = $4 AND begins > $5 AND begins < $6 ORDER BY begins");
    return query.bind(bucket_of(device), device, static_cast<int>(level), simulated, after, before)
        .rows(read_rollup);
}

result<std::string> series_tables::latest(device_key device) {
    statement query = db_.prepare("SELECT bytes FROM latest WHERE bucket = $1 AND device = $2");
    auto bytes =
        query.bind(bucket_of(device), device).first([](const statement& row) { return row.text(0); });
    if (!bytes)
        return pass(std::move(bytes));
    return std::move(*bytes).value_or(std::string{});
}

result<bool> series_tables::owns(device_key device) {
    statement query =
        db_.prepare("SELECT 1 FROM device_owners WHERE bucket = $1 AND device = $2 AND lane = $3");
    return query.bind(bucket_of(device), device, own_->lane).step();
}

result<bool> series_tables::take(device_key device, writer_memory& memory) {
    if (own_->departing.contains(device))
        return false;
    if (auto locked = db_.lock_entities(); !locked)
        return pass(std::move(locked));
    // The last part still sees the former owner.
    statement query =
        db_.prepare("WITH taken AS (INSERT INTO device_owners AS o (bucket, device, lane) VALUES ($1, $2, $3)"
                    " ON CONFLICT (bucket, device) DO UPDATE SET lane = excluded.lane"
                    " WHERE o.lane <> excluded.lane AND o.wanted = 0"
                    " AND NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.lane = o.lane)"
                    " RETURNING 1) SELECT EXISTS (SELECT 1 FROM taken),"
                    " (SELECT lane FROM device_owners WHERE bucket = $1 AND device = $2)");
    const auto row = query.bind(bucket_of(device), device, own_->lane).step();
    if (!row)
        return std::unexpected(row.error());
    const std::optional<std::int64_t> former = query.optional_integer(1);
    if (!query.boolean(0))
        return former == own_->lane;
    memory.device_added = true;
    if (former) // its readings may have ids beyond those that are reserved for this lane
        memory.next_reading_id = memory.end_reading_id;
    return true;
}

result<void> series_tables::record_first_reading(device_key device, timestamp received_at) {
    if (auto locked = db_.lock_entities(); !locked)
        return locked;
    return db_.run_later("UPDATE devices SET first_reading_at = $2, simulated = false"
                         " WHERE key = $1 AND first_reading_at IS NULL",
                         device, received_at);
}

result<void> series_tables::reserve_ids(writer_memory& memory, std::size_t count) {
    while (memory.end_reading_id - memory.next_reading_id < static_cast<reading_id>(count)) {
        const auto run = db_.prepare("SELECT nextval('reading_id_runs')").number();
        if (!run)
            return std::unexpected(run.error());
        const reading_id first = *run * ids_per_run + 1;
        if (first < memory.end_reading_id) // ids that exist already, in memory if not in the database
            return fail(errc::storage_unavailable, "The database lost changes. Restart the server.");
        if (first != memory.end_reading_id)
            memory.next_reading_id = first;
        memory.end_reading_id = first + ids_per_run;
    }
    return {};
}

/// The sequence of the runs never goes back.
result<void> series_tables::keep_last_id(reading_id /*last*/) {
    return {};
}

result<void> series_tables::append_buffered(device_key device, std::span<const reading> readings) {
    for (const reading& next : readings)
        own_->pending.add(device, next);
    return {};
}

result<std::optional<reading_position>> series_tables::find_message(device_key device,
                                                                    std::string_view message_id) {
    statement query = db_.prepare("SELECT reading, received_at FROM message_ids"
                                  " WHERE bucket = $1 AND device = $2 AND message_id = $3");
    return query.bind(bucket_of(device), device, message_id).first([](const statement& row) {
        return reading_position{row.time(1), row.integer(0)};
    });
}

result<void> series_tables::keep_message(device_key device, const reading& stored, timestamp now) {
    return db_.run_later("INSERT INTO message_ids VALUES ($1, $2, $3, $4, $5, $6)", bucket_of(device), device,
                         stored.message_id, stored.id, stored.received_at, now);
}

result<std::int64_t> series_tables::forget_messages(timestamp before, std::int64_t max_count) {
    if (auto locked = db_.lock_entities(); !locked)
        return pass(std::move(locked));
    return db_.run("DELETE FROM message_ids WHERE (bucket, device, message_id) IN"
                   " (SELECT bucket, device, message_id FROM message_ids WHERE stored_at < $1"
                   " ORDER BY stored_at LIMIT greatest($2, 0))",
                   before, max_count);
}

result<void> series_tables::insert_block(device_key device, const block_description& added,
                                         const std::string& bytes) {
    const block_entry& entry = added.entry;
    return db_.run_later(
        "INSERT INTO blocks (bucket, device, first_received, first_id, last_received, last_id, count,"
        " simulated, first_real, last_real, first_measured, last_measured, span, bytes)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        bucket_of(device), device, entry.first.received_at, entry.first.id, entry.last.received_at,
        entry.last.id, entry.count, entry.simulated, added.first_real, added.last_real, added.first_measured,
        added.last_measured, added.span, blob{bytes});
}

result<bool> series_tables::block_exists(device_key device, const block_entry& entry) {
    statement query = db_.prepare("SELECT 1 FROM blocks WHERE bucket = $1 AND device = $2"
                                  " AND first_received = $3 AND first_id = $4 AND key = $5");
    return query.bind(bucket_of(device), device, entry.first.received_at, entry.first.id, entry.block).step();
}

result<void> series_tables::remove_block(device_key device, const block_entry& removed) {
    return db_.run_later("DELETE FROM blocks WHERE bucket = $1 AND device = $2 AND first_received = $3"
                         " AND first_id = $4",
                         bucket_of(device), device, removed.first.received_at, removed.first.id);
}

result<void> series_tables::insert_rollup(device_key device, blocks::rollup_level level, bool simulated,
                                          timestamp start, const std::string& bytes) {
    return db_.run_later("INSERT INTO rollups (bucket, device, level, simulated, begins, bytes)"
                         " VALUES ($1, $2, $3, $4, $5, $6)",
                         bucket_of(device), device, static_cast<int>(level), simulated, start, blob{bytes});
}

result<void> series_tables::update_rollup(device_key device, std::int64_t key, const std::string& bytes) {
    return db_.run_later("UPDATE rollups SET bytes = $3 WHERE bucket = $1 AND key = $2", bucket_of(device),
                         key, blob{bytes});
}

result<std::int64_t> series_tables::remove_rollups(device_key device, blocks::rollup_level level,
                                                   bool simulated, timestamp last_start,
                                                   std::int64_t max_count) {
    return db_.run("DELETE FROM rollups WHERE bucket = $1 AND key IN (SELECT key FROM rollups"
                   " WHERE bucket = $1 AND device = $2 AND level = $3 AND simulated = $4 AND begins <= $5"
                   " ORDER BY begins LIMIT greatest($6, 0))",
                   bucket_of(device), device, static_cast<int>(level), simulated, last_start, max_count);
}

result<void> series_tables::put_latest(device_key device, const std::string& bytes) {
    return db_.run_later("INSERT INTO latest VALUES ($1, $2, $3)"
                         " ON CONFLICT (bucket, device) DO UPDATE SET bytes = excluded.bytes",
                         bucket_of(device), device, blob{bytes});
}

result<void> series_tables::set_compacted(device_key device, reading_id through) {
    return db_.run_later("INSERT INTO compactions VALUES ($1, $2, $3, $4, $5)"
                         " ON CONFLICT (bucket, device) DO UPDATE"
                         " SET through = excluded.through, lane = excluded.lane, seq = excluded.seq",
                         bucket_of(device), device, through, own_->lane, own_->seq + 1);
}

result<device_key> series_tables::next_removed() {
    if (auto locked = db_.lock_entities(); !locked)
        return pass(std::move(locked));
    return db_.prepare("SELECT min(key) FROM removed_devices").number();
}

result<std::int64_t> series_tables::purge_rollups(device_key device, std::int64_t max_count) {
    return db_.run("DELETE FROM rollups WHERE bucket = $1 AND key IN"
                   " (SELECT key FROM rollups WHERE bucket = $1 AND device = $2 LIMIT greatest($3, 0))",
                   bucket_of(device), device, max_count);
}

/// Chunks hold readings of many devices. They go as a whole, when all their readings are in blocks or their
/// devices were deleted.
result<std::int64_t> series_tables::purge_buffered(device_key /*device*/, std::int64_t /*max_count*/,
                                                   const writer_memory& /*memory*/) {
    return 0;
}

result<void> series_tables::forget_device(device_key device) {
    for (const char* sql : {"DELETE FROM compactions WHERE bucket = $1 AND device = $2",
                            "DELETE FROM message_ids WHERE bucket = $1 AND device = $2",
                            "DELETE FROM latest WHERE bucket = $1 AND device = $2"})
        if (auto done = db_.run_later(sql, bucket_of(device), device); !done)
            return done;
    return db_.run_later("DELETE FROM removed_devices WHERE key = $1", device);
}

result<void> insert_chunks(connection& db, const chunk_builder& readings, lane_end& end) {
    const auto& heads = readings.heads();
    for (std::size_t first = 0; first < readings.size();) {
        std::size_t last = first + 1;
        while (last < readings.size() && last - first < max_chunk_readings &&
               run_of(heads[last].entry.id()) == run_of(heads[first].entry.id()) &&
               readings.payload_bytes(last + 1) - readings.payload_bytes(first) <= max_chunk_payload)
            ++last;
        ++end.seq;
        if (auto inserted = insert_chunk(db, readings, first, last, end); !inserted)
            return inserted;
        first = last;
    }
    return {};
}

} // namespace breakwater::storage::postgres
