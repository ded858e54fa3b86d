#include "storage/sqlite/series_tables.hpp"

#include "storage/sqlite/conditions.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::sqlite {

namespace {

/// Buffered readings that a step of a purge scans per reading it may remove: most belong to other devices.
constexpr std::int64_t scanned_per_removed = 5;

block_entry read_entry(const statement& row) {
    return {.first = {row.time(0), row.integer(1)},
            .last = {row.time(2), row.integer(3)},
            .count = row.integer(4),
            .simulated = row.integer(5),
            .block = row.integer(6)};
}

rollup_row read_rollup(const statement& row) {
    return {.key = row.integer(0), .start = row.time(1), .bytes = std::string{row.blob_view(2)}};
}

result<std::int64_t> single_number(statement& query) {
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? query.integer(0) : 0;
}

} // namespace

result<reading_id> series_tables::last_buffered() {
    statement newest = db_.prepare("SELECT max(id) FROM write_buffer");
    return single_number(newest);
}

result<std::optional<device_view>> series_tables::locate(const device_id& device) {
    // The SQL console has a view `devices`, so the table needs its schema name.
    statement query = db_.prepare("SELECT d.key, ifnull(c.through, 0) FROM main.devices AS d"
                                  " LEFT JOIN compactions AS c ON c.device = d.key WHERE d.id = ?1");
    auto view = query.bind(device).first(
        [](const statement& row) { return device_view{row.integer(0), row.integer(1)}; });
    if (!view || !*view)
        return view;
    const auto last = last_buffered();
    if (!last)
        return std::unexpected(last.error());
    (*view)->visible = engine::visible_readings{*last};
    return view;
}

result<std::optional<device_view>> series_tables::locate(device_key device) {
    statement query = db_.prepare("SELECT d.key, ifnull(c.through, 0) FROM main.devices AS d"
                                  " LEFT JOIN compactions AS c ON c.device = d.key WHERE d.key = ?1");
    auto view = query.bind(device).first(
        [](const statement& row) { return device_view{row.integer(0), row.integer(1)}; });
    if (!view || !*view)
        return view;
    const auto last = last_buffered();
    if (!last)
        return std::unexpected(last.error());
    (*view)->visible = engine::visible_readings{*last};
    return view;
}

result<std::vector<std::optional<device_state>>> series_tables::states_of(std::span<const device_id> devices,
                                                                          bool include_simulated) {
    const auto last = last_buffered();
    if (!last)
        return std::unexpected(last.error());
    std::vector<std::optional<device_state>> states;
    states.reserve(devices.size());
    statement query = db_.prepare("SELECT d.key, ifnull(c.through, 0), l.bytes FROM main.devices AS d"
                                  " LEFT JOIN compactions AS c ON c.device = d.key"
                                  " LEFT JOIN latest AS l ON l.device = d.key WHERE d.id = ?1");
    for (const device_id& device : devices) {
        auto state = query.bind(device).first([&](const statement& row) {
            return device_state{.view = {row.integer(0), row.integer(1), engine::visible_readings{*last}},
                                .latest = std::string{row.blob_view(2)},
                                .last_in_blocks = {}};
        });
        query.reset();
        if (!state)
            return pass(std::move(state));
        if (*state) {
            const auto newest = last_in_blocks((*state)->view.key, include_simulated);
            if (!newest)
                return std::unexpected(newest.error());
            (*state)->last_in_blocks = *newest;
        }
        states.push_back(std::move(*state));
    }
    return states;
}

result<std::vector<device_id>> series_tables::ids_of(std::span<const device_key> devices) {
    std::vector<device_id> ids;
    statement id_of = db_.prepare("SELECT id FROM main.devices WHERE key = ?1");
    for (const device_key key : devices) {
        const auto row = id_of.bind(key).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row) // otherwise the device was deleted
            ids.push_back(id_of.id(0));
        id_of.reset();
    }
    return ids;
}

result<std::vector<reading>> series_tables::read_buffered(std::span<const buffered_reading> entries) {
    std::vector<reading> readings;
    readings.reserve(entries.size());
    if (entries.empty())
        return readings;
    statement query = db_.prepare("SELECT device_timestamp, payload FROM write_buffer WHERE id = ?1");
    for (const buffered_reading& entry : entries) {
        const auto row = query.bind(entry.id()).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row)
            readings.push_back({.id = entry.id(),
                                .device_id = {},
                                .device_timestamp = query.optional_time(0),
                                .received_at = entry.received_at(),
                                .payload = query.text(1),
                                .simulated = entry.simulated()});
        query.reset();
    }
    return readings;
}

result<std::vector<buffered_reading>> series_tables::scan_buffered(device_key device, reading_id after,
                                                                   reading_id through) {
    statement scan = db_.prepare("SELECT id, received_at, simulated FROM write_buffer"
                                 " WHERE id > ?1 AND id <= ?2 AND device = ?3");
    scan.bind(after, through, device);
    return scan.rows([](const statement& row) {
        return buffered_reading{row.integer(0), row.time(1), row.integer(2) != 0};
    });
}

result<std::vector<block_entry>> series_tables::blocks_backwards(device_key device, timestamp from,
                                                                 std::optional<reading_position> before,
                                                                 std::size_t limit) {
    if (!before) {
        statement query =
            db_.prepare("SELECT first_received, first_id, last_received, last_id, count, simulated, block"
                        " FROM block_entries WHERE device = ?1 AND first_received <= ?2"
                        " ORDER BY first_received DESC, first_id DESC LIMIT ?3");
        return query.bind(device, from, static_cast<std::int64_t>(limit)).rows(read_entry);
    }
    statement query =
        db_.prepare("SELECT first_received, first_id, last_received, last_id, count, simulated, block"
                    " FROM block_entries WHERE device = ?1 AND (first_received, first_id) < (?2, ?3)"
                    " ORDER BY first_received DESC, first_id DESC LIMIT ?4");
    return query.bind(device, before->received_at, before->id, static_cast<std::int64_t>(limit))
        .rows(read_entry);
}

result<std::vector<block_entry>> series_tables::blocks_forwards(device_key device, timestamp from,
                                                                std::optional<reading_position> after,
                                                                std::size_t limit) {
    if (!after) {
        statement query =
            db_.prepare("SELECT first_received, first_id, last_received, last_id, count, simulated, block"
                        " FROM block_entries WHERE device = ?1 AND first_received >="
                        " ifnull((SELECT max(first_received) FROM block_entries"
                        " WHERE device = ?1 AND first_received < ?2), ?2)"
                        " ORDER BY first_received, first_id LIMIT ?3");
        return query.bind(device, from, static_cast<std::int64_t>(limit)).rows(read_entry);
    }
    statement query =
        db_.prepare("SELECT first_received, first_id, last_received, last_id, count, simulated, block"
                    " FROM block_entries WHERE device = ?1 AND (first_received, first_id) > (?2, ?3)"
                    " ORDER BY first_received, first_id LIMIT ?4");
    return query.bind(device, after->received_at, after->id, static_cast<std::int64_t>(limit))
        .rows(read_entry);
}

result<std::string> series_tables::block_bytes(device_key /*device*/, std::int64_t block) {
    statement query = db_.prepare("SELECT bytes FROM blocks WHERE key = ?1");
    const auto row = query.bind(block).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return fail(errc::not_found, "The block does not exist.");
    return std::string{query.blob_view(0)};
}

result<block_totals> series_tables::totals(device_key device, timestamp since, timestamp until,
                                           bool include_simulated) {
    statement whole =
        db_.prepare(include_simulated
                        ? "SELECT sum(count), min(first_received), max(last_received) FROM block_entries"
                          " WHERE device = ?1 AND first_received >= ?2 AND last_received <= ?3"
                        : "SELECT sum(count - simulated), min(first_real), max(last_real) FROM block_entries"
                          " WHERE device = ?1 AND first_received >= ?2 AND last_received <= ?3");
    const auto row = whole.bind(device, since, until).step();
    if (!row)
        return std::unexpected(row.error());
    return block_totals{whole.integer(0), whole.optional_time(1), whole.optional_time(2)};
}

result<std::vector<std::int64_t>> series_tables::divided_blocks(device_key device, timestamp since,
                                                                timestamp until) {
    statement divided =
        db_.prepare("SELECT block FROM block_entries WHERE device = ?1 AND first_received <= ?3"
                    " AND last_received >= ?2 AND (first_received < ?2 OR last_received > ?3)");
    divided.bind(device, since, until);
    return divided.rows([](const statement& entry) { return entry.integer(0); });
}

result<std::vector<std::int64_t>> series_tables::blocks_measured_in(device_key device, timestamp from,
                                                                    timestamp to, bool simulated) {
    std::vector<std::int64_t> blocks;
    // The existing values of the column `span`, in ascending order.
    for (std::int64_t span = -1;;) {
        statement next = db_.prepare("SELECT min(span) FROM block_entries WHERE device = ?1 AND span > ?2");
        const auto row = next.bind(device, span).step();
        if (!row)
            return std::unexpected(row.error());
        if (next.is_null(0))
            return blocks;
        span = next.integer(0);
        const std::int64_t max_width =
            span < 62 ? std::int64_t{1} << span : std::numeric_limits<std::int64_t>::max() / 4;
        statement query = db_.prepare(
            "SELECT block FROM block_entries WHERE device = ?1 AND span = ?2 AND first_measured >= ?3"
            " AND first_measured < ?4 AND last_measured >= ?5"
            " AND CASE WHEN ?6 THEN simulated > 0 ELSE simulated < count END");
        query.bind(device, span, micros(from) - max_width, to, from, simulated);
        const auto rows = query.rows([](const statement& entry) { return entry.integer(0); });
        if (!rows)
            return rows;
        blocks.insert(blocks.end(), rows->begin(), rows->end());
    }
}

result<std::optional<timestamp>> series_tables::last_in_blocks(device_key device, bool include_simulated) {
    statement query =
        db_.prepare(include_simulated ? "SELECT last_received FROM block_entries WHERE device = ?1"
                                        " ORDER BY first_received DESC, first_id DESC LIMIT 1"
                                      : "SELECT last_real FROM block_entries WHERE device = ?1"
                                        " AND last_real IS NOT NULL"
                                        " ORDER BY first_received DESC, first_id DESC LIMIT 1");
    return query.bind(device).first([](const statement& row) { return row.time(0); });
}

result<std::vector<device_key>> series_tables::compacted_since(timestamp since) {
    // No DISTINCT: SQLite would scan the entries of all devices in order for it.
    statement in_blocks = db_.prepare("SELECT device FROM block_entries WHERE last_received >= ?1");
    return in_blocks.bind(since).rows([](const statement& row) { return device_key{row.integer(0)}; });
}

result<std::optional<rollup_row>> series_tables::find_rollup(device_key device, blocks::rollup_level level,
                                                             bool simulated, timestamp start) {
    statement query = db_.prepare("SELECT key, begins, bytes FROM rollups WHERE device = ?1 AND level = ?2"
                                  " AND simulated = ?3 AND begins = ?4");
    return query.bind(device, static_cast<int>(level), simulated, start).first(read_rollup);
}

result<std::vector<rollup_row>> series_tables::rollups(device_key device, blocks::rollup_level level,
                                                       bool simulated, timestamp after, timestamp before) {
    statement query = db_.prepare("SELECT key, begins, bytes FROM rollups WHERE device = ?1 AND level = ?2"
                                  " AND simulated = ?3 AND begins > ?4 AND begins < ?5 ORDER BY begins");
    query.bind(device, static_cast<int>(level), simulated, after, before);
    return query.rows(read_rollup);
}

result<std::string> series_tables::latest(device_key device) {
    statement query = db_.prepare("SELECT bytes FROM latest WHERE device = ?1");
    const auto row = query.bind(device).step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? std::string{query.blob_view(0)} : std::string{};
}

result<void> series_tables::record_first_reading(device_key device, timestamp received_at) {
    return db_.run(
        "UPDATE devices SET first_heard_at = ?2, simulated = 0 WHERE key = ?1 AND first_heard_at IS NULL",
        device, received_at);
}

/// The memory begins with all ids above those that the file contains.
result<void> series_tables::reserve_ids(writer_memory& /*memory*/, std::size_t /*count*/) {
    return fail(errc::storage_full, "The database has no ids left for readings.");
}

result<void> series_tables::keep_last_id(reading_id last) {
    return db_.run("UPDATE counters SET value = ?1 WHERE name = 'last_reading_id'", last);
}

result<void> series_tables::append_buffered(device_key device, std::span<const reading> readings) {
    statement insertion =
        db_.prepare("INSERT INTO write_buffer (id, device, simulated, received_at, device_timestamp,"
                    " payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    for (const reading& next : readings) {
        insertion.bind(next.id, device, next.simulated, next.received_at, next.device_timestamp,
                       next.payload);
        if (auto done = insertion.run(); !done)
            return done;
        insertion.reset();
    }
    return {};
}

result<std::optional<reading_position>> series_tables::find_message(device_key device,
                                                                    std::string_view message_id) {
    statement query = db_.prepare("SELECT reading, received_at FROM message_ids"
                                  " WHERE device = ?1 AND message_id = ?2");
    return query.bind(device, message_id).first([](const statement& row) {
        return reading_position{row.time(1), row.integer(0)};
    });
}

result<void> series_tables::keep_message(device_key device, const reading& stored, timestamp now) {
    return db_.run("INSERT INTO message_ids VALUES (?1, ?2, ?3, ?4, ?5)", device, stored.message_id,
                   stored.id, stored.received_at, now);
}

result<std::int64_t> series_tables::forget_messages(timestamp before, std::int64_t max_count) {
    auto done = db_.run("DELETE FROM message_ids WHERE (device, message_id) IN (SELECT device, message_id"
                        " FROM message_ids WHERE noted_at < ?1 ORDER BY noted_at LIMIT ?2)",
                        before, max_count);
    if (!done)
        return pass(std::move(done));
    return db_.changes();
}

result<void> series_tables::insert_block(device_key device, const block_description& added,
                                         const std::string& bytes) {
    if (auto done = db_.run("INSERT INTO blocks (bytes) VALUES (?1)", blob{bytes}); !done)
        return done;
    const std::int64_t block = db_.last_insert_id();
    const block_entry& entry = added.entry;
    return db_.run(
        "INSERT INTO block_entries (device, first_received, first_id, last_received, last_id, count,"
        " simulated, first_real, last_real, first_measured, last_measured, span, block)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        device, entry.first.received_at, entry.first.id, entry.last.received_at, entry.last.id, entry.count,
        entry.simulated, added.first_real, added.last_real, added.first_measured, added.last_measured,
        added.span, block);
}

result<bool> series_tables::block_exists(device_key device, const block_entry& entry) {
    statement query = db_.prepare("SELECT 1 FROM block_entries WHERE device = ?1 AND first_received = ?2 AND"
                                  " first_id = ?3 AND block = ?4");
    return query.bind(device, entry.first.received_at, entry.first.id, entry.block).step();
}

result<void> series_tables::remove_block(device_key device, const block_entry& removed) {
    if (auto done =
            db_.run("DELETE FROM block_entries WHERE device = ?1 AND first_received = ?2 AND first_id = ?3",
                    device, removed.first.received_at, removed.first.id);
        !done)
        return done;
    return db_.run("DELETE FROM blocks WHERE key = ?1", removed.block);
}

result<void> series_tables::insert_rollup(device_key device, blocks::rollup_level level, bool simulated,
                                          timestamp start, const std::string& bytes) {
    return db_.run(
        "INSERT INTO rollups (device, level, simulated, begins, bytes) VALUES (?1, ?2, ?3, ?4, ?5)", device,
        static_cast<int>(level), simulated, start, blob{bytes});
}

result<void> series_tables::update_rollup(device_key /*device*/, std::int64_t key, const std::string& bytes) {
    return db_.run("UPDATE rollups SET bytes = ?2 WHERE key = ?1", key, blob{bytes});
}

result<std::int64_t> series_tables::remove_rollups(device_key device, blocks::rollup_level level,
                                                   bool simulated, timestamp last_start,
                                                   std::int64_t max_count) {
    auto done = db_.run("DELETE FROM rollups WHERE key IN (SELECT key FROM rollups WHERE device = ?1 AND"
                        " level = ?2 AND simulated = ?3 AND begins <= ?4 ORDER BY begins LIMIT ?5)",
                        device, static_cast<int>(level), simulated, last_start, max_count);
    if (!done)
        return pass(std::move(done));
    return db_.changes();
}

result<void> series_tables::put_latest(device_key device, const std::string& bytes) {
    return db_.run("INSERT INTO latest VALUES (?1, ?2) ON CONFLICT (device) DO UPDATE SET bytes = ?2", device,
                   blob{bytes});
}

result<void> series_tables::set_compacted(device_key device, reading_id through) {
    return db_.run("INSERT INTO compactions VALUES (?1, ?2) ON CONFLICT (device) DO UPDATE SET through = ?2",
                   device, through);
}

result<device_key> series_tables::next_removed() {
    statement oldest = db_.prepare("SELECT min(key) FROM removed_devices");
    return single_number(oldest);
}

result<std::int64_t> series_tables::purge_rollups(device_key device, std::int64_t max_count) {
    auto done =
        db_.run("DELETE FROM rollups WHERE key IN (SELECT key FROM rollups WHERE device = ?1 LIMIT ?2)",
                device, max_count);
    if (!done)
        return pass(std::move(done));
    return db_.changes();
}

/// Scans the next part of the write buffer and deletes the device's readings in it. Returns 0 when the whole
/// buffer was scanned.
result<std::int64_t> series_tables::purge_buffered(device_key device, std::int64_t max_count,
                                                   const writer_memory& memory) {
    if (auto saved = save_last_reading_id(db_, memory); !saved)
        return pass(std::move(saved));
    statement bounds =
        db_.prepare("SELECT max((SELECT ifnull(min(id), 1) - 1 FROM write_buffer), swept_through),"
                    " (SELECT ifnull(max(id), 0) FROM write_buffer)"
                    " FROM removed_devices WHERE key = ?1");
    const auto row = bounds.bind(device).step();
    if (!row)
        return std::unexpected(row.error());
    const reading_id from = bounds.integer(0);
    const reading_id to = std::min(bounds.integer(1), from + max_count * scanned_per_removed);
    bounds.reset();
    if (to <= from)
        return 0;
    if (auto done =
            db_.run("DELETE FROM write_buffer WHERE id > ?1 AND id <= ?2 AND device = ?3", from, to, device);
        !done)
        return pass(std::move(done));
    if (auto done = db_.run("UPDATE removed_devices SET swept_through = ?2 WHERE key = ?1", device, to);
        !done)
        return pass(std::move(done));
    return (to - from + scanned_per_removed - 1) / scanned_per_removed;
}

result<void> series_tables::forget_device(device_key device) {
    for (const char* sql :
         {"DELETE FROM compactions WHERE device = ?1", "DELETE FROM message_ids WHERE device = ?1",
          "DELETE FROM latest WHERE device = ?1", "DELETE FROM removed_devices WHERE key = ?1"})
        if (auto done = db_.run(sql, device); !done)
            return done;
    return {};
}

result<reading_id> last_reading_id(connection& db) {
    statement query = db.prepare("SELECT max((SELECT value FROM counters WHERE name = 'last_reading_id'),"
                                 " ifnull((SELECT max(id) FROM write_buffer), 0))");
    return single_number(query);
}

result<void> save_last_reading_id(connection& db, const writer_memory& memory) {
    return db.run("UPDATE counters SET value = ?1 WHERE name = 'last_reading_id'",
                  memory.next_reading_id - 1);
}

result<reading_id> load_buffered(connection& db, engine::write_buffer_index& index, reading_id after) {
    constexpr std::size_t batch_size = 4096;
    std::vector<engine::appended_reading> batch;
    statement query = db.prepare("SELECT b.id, b.device, b.received_at, b.simulated FROM write_buffer AS b"
                                 " LEFT JOIN compactions AS c ON c.device = b.device"
                                 " WHERE b.id > ?1 AND b.id > ifnull(c.through, 0) ORDER BY b.id");
    query.bind(after);
    for (;;) {
        const auto row = query.step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row || batch.size() == batch_size) {
            index.add(batch);
            if (!batch.empty())
                after = batch.back().entry.id();
            batch.clear();
        }
        if (!*row)
            return after;
        batch.push_back({query.integer(1), {query.integer(0), query.time(2), query.integer(3) != 0}});
    }
}

} // namespace breakwater::storage::sqlite
