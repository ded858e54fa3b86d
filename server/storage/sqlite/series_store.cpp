#include "storage/sqlite/block_entry.hpp"
#include "storage/sqlite/conditions.hpp"
#include "storage/sqlite/reading_walk.hpp"
#include "storage/sqlite/rollups.hpp"
#include "storage/sqlite/series_reader.hpp"
#include "storage/sqlite/stores.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::sqlite {

namespace {

constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
constexpr auto highest = std::numeric_limits<std::int64_t>::max();

/// At this many devices the writer's cache is cleared: a bound on memory, far above the intended fleet size.
constexpr std::size_t max_cached_devices = 1U << 18;

/// Buffered readings that a step of a purge scans per reading it may remove: most belong to other devices.
constexpr std::int64_t scanned_per_removed = 5;

result<std::int64_t> single_number(statement& query) {
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? query.integer(0) : 0;
}

void add_to_summary(reading_summary& total, timestamp at) {
    ++total.total;
    total.oldest = std::min(total.oldest.value_or(at), at);
    total.newest = std::max(total.newest.value_or(at), at);
}

/// Counts the matching rows of a block that a bound of the filter divides.
result<void> count_block(connection& db, damage_log& damage, std::int64_t block, const reading_filter& filter,
                         reading_summary& total) {
    const auto opened = open_block(db, damage, block);
    if (!opened)
        return std::unexpected(opened.error());
    if (!*opened)
        return {};
    for (const blocks::row_head& row : (*opened)->rows())
        if ((filter.include_simulated || !row.simulated) &&
            (!filter.since || row.received_at >= *filter.since) &&
            (!filter.until || row.received_at <= *filter.until))
            add_to_summary(total, row.received_at);
    return {};
}

} // namespace

result<device_key> series_store::find_key(const device_id& device) const {
    // The SQL console has a view `devices`, so the table needs its schema name.
    statement query = db_.prepare("SELECT key FROM main.devices WHERE id = ?1");
    query.bind(device);
    return single_number(query);
}

result<writer_memory::device_memory*> series_store::cached_device(const device_id& device) {
    auto& cached = memory_->devices;
    if (const auto position = cached.find(device); position != cached.end())
        return &position->second;
    const auto key = find_key(device);
    if (!key)
        return std::unexpected(key.error());
    if (*key == 0)
        return nullptr;
    if (cached.size() >= max_cached_devices)
        cached.clear();
    return &cached.emplace(device, writer_memory::device_memory{.key = *key}).first->second;
}

result<std::vector<buffered_reading>> series_store::buffered_readings(device_key device) const {
    statement compacted = db_.prepare("SELECT through FROM compactions WHERE device = ?1");
    compacted.bind(device);
    const auto through = single_number(compacted);
    if (!through)
        return std::unexpected(through.error());
    statement newest = db_.prepare("SELECT max(id) FROM write_buffer");
    const auto last = single_number(newest);
    if (!last)
        return std::unexpected(last.error());
    return buffered_readings(device, *through, *last);
}

result<std::vector<buffered_reading>> series_store::buffered_readings(device_key device, reading_id through,
                                                                      reading_id last) const {
    auto indexed = shared_.buffered.view(device);
    std::vector<buffered_reading> entries;
    if (indexed.discarded_through > through) {
        // The device was compacted twice since this snapshot: the index has discarded some of its entries.
        statement scan = db_.prepare("SELECT id, received_at, simulated FROM write_buffer"
                                     " WHERE id > ?1 AND id <= ?2 AND device = ?3");
        scan.bind(through, indexed.discarded_through, device);
        auto rows = scan.rows([](const statement& row) {
            return buffered_reading{row.integer(0), row.time(1), row.integer(2) != 0};
        });
        if (!rows)
            return pass(std::move(rows));
        entries = std::move(*rows);
    }
    for (const buffered_reading& entry : indexed.entries)
        if (entry.id() > through && entry.id() <= last)
            entries.push_back(entry);
    if (memory_ != nullptr)
        for (const appended_reading& appended : memory_->appended)
            if (appended.device == device)
                entries.push_back(appended.entry);
    return entries;
}

result<std::vector<reading>> series_store::page(const reading_filter& filter, reading_order order,
                                                std::optional<reading_position> after,
                                                std::size_t limit) const {
    const auto key = find_key(filter.device_id);
    if (!key)
        return std::unexpected(key.error());
    std::vector<reading> out;
    if (*key == 0 || limit == 0)
        return out;
    auto buffered = buffered_readings(*key);
    if (!buffered)
        return pass(std::move(buffered));
    reading_walk walk{db_, shared_.damage, *key, filter, order, after, std::move(*buffered)};
    std::size_t bytes = 0;
    while (out.size() < limit && bytes < max_page_bytes) {
        auto next = walk.next();
        if (!next)
            return pass(std::move(next));
        if (!*next)
            break;
        bytes += (*next)->payload.size();
        out.push_back(std::move(**next));
    }
    return out;
}

result<reading_summary> series_store::summary(const reading_filter& filter) const {
    const auto key = find_key(filter.device_id);
    if (!key)
        return std::unexpected(key.error());
    reading_summary total;
    if (*key == 0)
        return total;
    const auto buffered = buffered_readings(*key);
    if (!buffered)
        return std::unexpected(buffered.error());
    for (const buffered_reading& entry : *buffered)
        if ((filter.include_simulated || !entry.simulated()) &&
            (!filter.since || entry.received_at() >= *filter.since) &&
            (!filter.until || entry.received_at() <= *filter.until))
            add_to_summary(total, entry.received_at());

    // For blocks within the bounds the counts of `block_entries` are enough; only the few blocks that a bound
    // divides are read.
    const std::int64_t first = filter.since ? micros(*filter.since) : lowest;
    const std::int64_t last = filter.until ? micros(*filter.until) : highest;
    statement whole =
        db_.prepare(filter.include_simulated
                        ? "SELECT sum(count), min(first_received), max(last_received) FROM block_entries"
                          " WHERE device = ?1 AND first_received >= ?2 AND last_received <= ?3"
                        : "SELECT sum(count - simulated), min(first_real), max(last_real) FROM block_entries"
                          " WHERE device = ?1 AND first_received >= ?2 AND last_received <= ?3");
    const auto row = whole.bind(*key, first, last).step();
    if (!row)
        return std::unexpected(row.error());
    total.total += whole.integer(0);
    if (const auto oldest = whole.optional_time(1))
        total.oldest = std::min(total.oldest.value_or(*oldest), *oldest);
    if (const auto newest = whole.optional_time(2))
        total.newest = std::max(total.newest.value_or(*newest), *newest);
    statement divided =
        db_.prepare("SELECT block FROM block_entries WHERE device = ?1 AND first_received <= ?3"
                    " AND last_received >= ?2 AND (first_received < ?2 OR last_received > ?3)");
    divided.bind(*key, first, last);
    const auto blocks = divided.rows([](const statement& entry) { return entry.integer(0); });
    if (!blocks)
        return std::unexpected(blocks.error());
    for (const std::int64_t block : *blocks)
        if (auto counted = count_block(db_, shared_.damage, block, filter, total); !counted)
            return pass(std::move(counted));
    return total;
}

result<std::vector<latest_state>> series_store::latest(std::span<const device_id> devices,
                                                       bool include_simulated) const {
    std::vector<latest_state> out;
    out.reserve(devices.size());
    statement newest = db_.prepare("SELECT max(id) FROM write_buffer");
    const auto last = single_number(newest);
    if (!last)
        return std::unexpected(last.error());
    for (const device_id& device : devices) {
        // The SQL console has a view `devices`, so the table needs its schema name.
        statement query = db_.prepare("SELECT d.key, ifnull(c.through, 0), l.bytes FROM main.devices AS d"
                                      " LEFT JOIN compactions AS c ON c.device = d.key"
                                      " LEFT JOIN latest AS l ON l.device = d.key WHERE d.id = ?1");
        const auto row = query.bind(device).step();
        if (!row)
            return std::unexpected(row.error());
        latest_state& state = out.emplace_back();
        if (!*row)
            continue;
        const auto buffered = buffered_readings(query.integer(0), query.integer(1), *last);
        if (!buffered)
            return std::unexpected(buffered.error());
        auto fields = shared_.latest.fields(db_, query.integer(0), query.blob_view(2), *buffered,
                                            include_simulated, shared_.latest_plausible());
        if (!fields)
            return pass(std::move(fields));
        state.fields = std::move(*fields);
        const auto received = last_received(query.integer(0), *buffered, include_simulated);
        if (!received)
            return std::unexpected(received.error());
        state.received_at = *received;
    }
    return out;
}

result<std::vector<series>> series_store::aggregates(const series_query& query) const {
    const auto key = find_key(query.device_id);
    if (!key)
        return std::unexpected(key.error());
    if (*key == 0)
        return std::vector<series>(query.fields.size());
    const auto buffered = buffered_readings(*key);
    if (!buffered)
        return std::unexpected(buffered.error());
    return series_reader{db_, shared_.damage, *key, query}.read(*buffered);
}

result<std::optional<timestamp>> series_store::last_received(device_id device, bool include_simulated) const {
    const auto key = find_key(device);
    if (!key)
        return std::unexpected(key.error());
    const auto buffered = buffered_readings(*key);
    if (!buffered)
        return std::unexpected(buffered.error());
    return last_received(*key, *buffered, include_simulated);
}

result<std::optional<timestamp>> series_store::last_received(device_key device,
                                                             const std::vector<buffered_reading>& buffered,
                                                             bool include_simulated) const {
    std::optional<timestamp> last;
    for (const buffered_reading& entry : buffered)
        if (include_simulated || !entry.simulated())
            last = std::max(last.value_or(entry.received_at()), entry.received_at());
    statement query =
        db_.prepare(include_simulated ? "SELECT last_received FROM block_entries WHERE device = ?1"
                                        " ORDER BY first_received DESC, first_id DESC LIMIT 1"
                                      : "SELECT last_real FROM block_entries WHERE device = ?1"
                                        " AND last_real IS NOT NULL"
                                        " ORDER BY first_received DESC, first_id DESC LIMIT 1");
    const auto end = query.bind(device).first([](const statement& row) { return row.time(0); });
    if (!end)
        return std::unexpected(end.error());
    if (*end)
        last = std::max(last.value_or(**end), **end);
    const timestamp latest_plausible = shared_.latest_plausible();
    if (!last || *last <= latest_plausible)
        return last;
    const reading_filter until_now{
        .device_id = {}, .until = latest_plausible, .include_simulated = include_simulated};
    reading_walk walk{db_,          shared_.damage, device, until_now, reading_order::newest_first,
                      std::nullopt, buffered};
    const auto newest = walk.next();
    if (!newest)
        return std::unexpected(newest.error());
    return *newest ? (*newest)->received_at : last;
}

result<std::vector<device_id>> series_store::active_since(timestamp since) const {
    std::vector<device_key> keys = shared_.buffered.active_since(since);
    // No DISTINCT: SQLite would scan the entries of all devices in order for it.
    statement in_blocks = db_.prepare("SELECT device FROM block_entries WHERE last_received >= ?1");
    const auto compacted =
        in_blocks.bind(since).rows([](const statement& row) { return device_key{row.integer(0)}; });
    if (!compacted)
        return std::unexpected(compacted.error());
    keys.insert(keys.end(), compacted->begin(), compacted->end());
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    std::vector<device_id> devices;
    statement id_of = db_.prepare("SELECT id FROM main.devices WHERE key = ?1");
    for (const device_key key : keys) {
        const auto row = id_of.bind(key).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row) // otherwise the device was deleted
            devices.push_back(id_of.id(0));
        id_of.reset();
    }
    return devices;
}

result<std::optional<reading_position>> series_store::last_position(device_key device) const {
    const auto buffered = buffered_readings(device);
    if (!buffered)
        return std::unexpected(buffered.error());
    std::optional<reading_position> last;
    for (const buffered_reading& entry : *buffered) {
        const reading_position at{entry.received_at(), entry.id()};
        last = std::max(last.value_or(at), at);
    }
    statement query = db_.prepare("SELECT last_received, last_id FROM block_entries WHERE device = ?1"
                                  " ORDER BY first_received DESC, first_id DESC LIMIT 1");
    const auto row = query.bind(device).step();
    if (!row)
        return std::unexpected(row.error());
    if (*row) {
        const reading_position at{query.time(0), query.integer(1)};
        last = std::max(last.value_or(at), at);
    }
    return last;
}

result<void> series_store::append(std::span<reading> readings, const prepared_readings* prepared) {
    if (shared_.buffered.uncompacted() > shared_.max_buffered)
        return fail_with_retry(errc::overloaded, "Readings arrive faster than the server can store them.",
                               std::chrono::seconds{1});
    while (!readings.empty()) {
        const device_id device = readings.front().device_id;
        const auto end =
            std::ranges::find_if(readings, [&](const reading& item) { return item.device_id != device; });
        const auto count = static_cast<std::size_t>(end - readings.begin());
        if (auto done = append_of_device(device, readings.first(count),
                                         dynamic_cast<const prepared_block*>(prepared));
            !done)
            return done;
        readings = readings.subspan(count);
    }
    return {};
}

result<void> series_store::append_of_device(const device_id& device, std::span<reading> readings,
                                            const prepared_block* prepared) {
    const auto cached = cached_device(device);
    if (!cached)
        return std::unexpected(cached.error());
    if (*cached == nullptr) {
        for (reading& item : readings)
            item.outcome = append_outcome::no_device;
        return {};
    }
    writer_memory::device_memory& state = **cached;
    if (auto recorded = record_first_reading(state, readings); !recorded)
        return recorded;
    while (!readings.empty()) {
        // The run of new readings up to the next repeated one.
        std::size_t fresh = 0;
        bool repeated = false;
        while (fresh < readings.size() && !repeated) {
            reading& next = readings[fresh];
            next.outcome = append_outcome::stored;
            next.id = memory_->next_reading_id + static_cast<reading_id>(fresh);
            if (!next.message_id.empty()) {
                const auto stored = find_repeated(state.key, next);
                if (!stored)
                    return std::unexpected(stored.error());
                repeated = *stored;
                if (const reading_id first = memory_->next_reading_id; repeated && next.id >= first) {
                    const reading& same = readings[static_cast<std::size_t>(next.id - first)];
                    next.device_timestamp = same.device_timestamp;
                    next.payload = same.payload;
                }
            }
            fresh += repeated ? 0 : 1;
        }
        const auto run = readings.first(fresh);
        if (run.size() >= min_block_readings) {
            // A prepared block contains repeated readings too; it can be used only if there are none.
            const bool whole = prepared != nullptr && run.size() == prepared->count();
            const auto stored = append_block(state, run, whole ? prepared : nullptr);
            if (!stored)
                return std::unexpected(stored.error());
            if (!*stored)
                if (auto done = append_buffered(state.key, run); !done)
                    return done;
        } else if (auto done = append_buffered(state.key, run); !done) {
            return done;
        }
        for (const reading& item : run)
            if (state.last)
                state.last = std::max(*state.last, {item.received_at, item.id});
        memory_->next_reading_id += static_cast<reading_id>(run.size());
        readings = readings.subspan(fresh + (repeated ? 1 : 0));
    }
    return {};
}

result<void> series_store::record_first_reading(writer_memory::device_memory& device,
                                                std::span<const reading> readings) {
    if (device.has_real_reading)
        return {};
    const auto real = std::ranges::find(readings, false, &reading::simulated);
    if (real == readings.end())
        return {};
    device.has_real_reading = true;
    memory_->device_added = true;
    return db_.run(
        "UPDATE devices SET first_heard_at = ?2, simulated = 0 WHERE key = ?1 AND first_heard_at IS NULL",
        device.key, real->received_at);
}

result<void> series_store::append_buffered(device_key device, std::span<reading> readings) {
    statement insertion =
        db_.prepare("INSERT INTO write_buffer (id, device, simulated, received_at, device_timestamp,"
                    " payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    for (const reading& next : readings) {
        insertion.bind(next.id, device, next.simulated, next.received_at, next.device_timestamp,
                       next.payload);
        if (auto done = insertion.run(); !done)
            return done;
        insertion.reset();
        memory_->appended.push_back({device, {next.id, next.received_at, next.simulated}});
    }
    return {};
}

result<bool> series_store::append_block(writer_memory::device_memory& device, std::span<reading> readings,
                                        const prepared_block* prepared) {
    if (!device.last) {
        const auto last = last_position(device.key);
        if (!last)
            return std::unexpected(last.error());
        device.last = last->value_or(reading_position{timestamp::min(), 0});
    }
    const auto position_of = [](const reading& item) { return reading_position{item.received_at, item.id}; };
    if (readings.size() > blocks::max_rows || position_of(readings.front()) < *device.last ||
        !std::ranges::is_sorted(readings, {}, position_of))
        return false;
    auto merged = take_small_last_block(device, readings.size());
    if (!merged)
        return pass(std::move(merged));
    std::span<const reading> content = readings;
    if (!merged->empty()) {
        merged->insert(merged->end(), readings.begin(), readings.end());
        content = *merged;
    }
    const std::string bytes = prepared != nullptr && merged->empty()
                                  ? prepared->block().numbered(readings.front().id)
                                  : blocks::encode(content);
    if (auto done = insert_block(db_, device.key, content, bytes); !done)
        return pass(std::move(done));
    const timestamp latest_plausible = shared_.latest_plausible();
    std::optional<block_sums> computed_sums;
    if (prepared == nullptr) {
        const auto opened = blocks::block::open(bytes);
        if (!opened)
            return std::unexpected(opened.error());
        auto sums = sums_of(*opened, readings, latest_plausible);
        if (!sums)
            return pass(std::move(sums));
        computed_sums = std::move(*sums);
    }
    const block_sums& sums = prepared != nullptr ? prepared->sums() : *computed_sums;
    if (auto done = merge_latest(db_, device.key, sums.latest, latest_plausible); !done)
        return pass(std::move(done));
    if (auto done = merge_rollups(db_, shared_.damage, device.key, sums.rollups); !done)
        return pass(std::move(done));
    // No buffered reading has these ids, so the highest one must be saved.
    const reading_id last = readings.back().id;
    auto saved = db_.run("UPDATE counters SET value = ?1 WHERE name = 'last_reading_id'", last);
    if (!saved)
        return pass(std::move(saved));
    return true;
}

result<std::vector<reading>> series_store::take_small_last_block(const writer_memory::device_memory& device,
                                                                 std::size_t added) {
    std::vector<reading> readings;
    std::optional<block_entry> last;
    {
        statement entries = db_.prepare(entries_backwards);
        const auto row = entries.bind(device.key, highest).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row)
            last = read_entry(entries);
    }
    // If a buffered reading is later than the block, it would lie within the range of the new block.
    if (!last || last->count >= small_block || last->last != *device.last ||
        static_cast<std::size_t>(last->count) + added > blocks::max_rows)
        return readings;
    const auto opened = open_block(db_, shared_.damage, last->block);
    if (!opened)
        return std::unexpected(opened.error());
    if (!*opened)
        return readings;
    for (std::size_t row = 0; row < (*opened)->rows().size(); ++row)
        readings.push_back((*opened)->row(row, {}));
    if (auto done = remove_block(db_, device.key, *last); !done)
        return pass(std::move(done));
    return readings;
}

result<bool> series_store::find_repeated(device_key device, reading& item) {
    statement query = db_.prepare("SELECT reading, received_at FROM message_ids"
                                  " WHERE device = ?1 AND message_id = ?2");
    const auto row = query.bind(device, item.message_id).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row) {
        auto inserted = db_.run("INSERT INTO message_ids VALUES (?1, ?2, ?3, ?4, ?5)", device,
                                item.message_id, item.id, item.received_at, shared_.time.now());
        if (!inserted)
            return pass(std::move(inserted));
        return false;
    }
    item.id = query.integer(0);
    item.received_at = query.time(1);
    item.outcome = append_outcome::repeated;
    auto first = page({.device_id = item.device_id,
                       .since = item.received_at,
                       .until = item.received_at,
                       .include_simulated = true},
                      reading_order::oldest_first, reading_position{item.received_at, item.id - 1}, 1);
    if (!first)
        return pass(std::move(first));
    if (!first->empty() && first->front().id == item.id) { // otherwise retention removed it
        item.device_timestamp = first->front().device_timestamp;
        item.payload = std::move(first->front().payload);
    }
    return true;
}

result<std::int64_t> series_store::forget_message_ids(timestamp before, std::int64_t max_count) {
    auto done = db_.run("DELETE FROM message_ids WHERE (device, message_id) IN (SELECT device, message_id"
                        " FROM message_ids WHERE noted_at < ?1 ORDER BY noted_at LIMIT ?2)",
                        before, max_count);
    if (!done)
        return pass(std::move(done));
    return db_.changes();
}

result<std::int64_t> series_store::expire(const device_id& device, std::optional<timestamp> readings_before,
                                          std::optional<timestamp> rollups_before, std::int64_t max_count) {
    const auto cached = cached_device(device);
    if (!cached)
        return std::unexpected(cached.error());
    if (*cached == nullptr)
        return 0;
    std::int64_t removed = 0;
    if (readings_before) {
        const auto expired = expire_blocks((*cached)->key, *readings_before, max_count);
        if (!expired)
            return expired;
        removed += *expired;
    }
    if (rollups_before && removed < max_count) {
        const auto expired = expire_rollups(db_, (*cached)->key, *rollups_before, max_count - removed);
        if (!expired)
            return expired;
        removed += *expired;
    }
    return removed;
}

result<std::int64_t> series_store::expire_blocks(device_key device, timestamp before,
                                                 std::int64_t max_count) {
    std::vector<block_entry> old_entries;
    {
        statement entries = db_.prepare(entries_forwards);
        entries.bind(device, lowest);
        for (std::int64_t readings = 0; readings < max_count;) {
            const auto row = entries.step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                break;
            const block_entry entry = read_entry(entries);
            if (entry.first.received_at >= before)
                break;
            old_entries.push_back(entry);
            readings += entry.count;
        }
    }
    std::int64_t removed = 0;
    for (const block_entry& entry : old_entries) {
        if (entry.last.received_at >= before) {
            const auto shortened = shorten_block(device, entry, before);
            if (!shortened)
                return shortened;
            return removed + *shortened;
        }
        if (auto done = remove_block(db_, device, entry); !done)
            return pass(std::move(done));
        removed += entry.count;
    }
    return removed;
}

result<std::int64_t> series_store::shorten_block(device_key device, const block_entry& old,
                                                 timestamp before) {
    const auto opened = open_block(db_, shared_.damage, old.block);
    if (!opened)
        return std::unexpected(opened.error());
    if (!*opened)
        return 0; // a damaged block is removed when all its readings have expired
    std::vector<reading> kept;
    const auto& rows = (*opened)->rows();
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (rows[row].received_at >= before)
            kept.push_back((*opened)->row(row, {}));
    if (auto done = remove_block(db_, device, old); !done)
        return pass(std::move(done));
    if (auto done = insert_block(db_, device, kept, blocks::encode(kept)); !done)
        return pass(std::move(done));
    return static_cast<std::int64_t>(rows.size() - kept.size());
}

result<std::int64_t> series_store::purge(std::int64_t max_count) {
    std::int64_t remaining = max_count;
    while (remaining > 0) {
        statement oldest = db_.prepare("SELECT min(key) FROM removed_devices");
        const auto device = single_number(oldest);
        if (!device)
            return std::unexpected(device.error());
        if (*device == 0) // keys begin at 1
            break;
        auto removed = purge_blocks(*device, remaining);
        if (removed && *removed == 0)
            removed = purge_rollups(*device, remaining);
        if (removed && *removed == 0)
            removed = purge_buffered(*device, remaining);
        if (!removed)
            return removed;
        if (*removed == 0) {
            for (const char* sql :
                 {"DELETE FROM compactions WHERE device = ?1", "DELETE FROM message_ids WHERE device = ?1",
                  "DELETE FROM latest WHERE device = ?1"})
                if (auto done = db_.run(sql, *device); !done)
                    return pass(std::move(done));
            if (auto done = db_.run("DELETE FROM removed_devices WHERE key = ?1", *device); !done)
                return pass(std::move(done));
            memory_->removed.push_back(*device);
            remaining -= 1; // so that devices without readings count too
        }
        remaining -= *removed;
    }
    return max_count - std::max(remaining, std::int64_t{0});
}

result<std::int64_t> series_store::purge_rollups(device_key device, std::int64_t max_count) {
    auto done =
        db_.run("DELETE FROM rollups WHERE key IN (SELECT key FROM rollups WHERE device = ?1 LIMIT ?2)",
                device, max_count);
    if (!done)
        return pass(std::move(done));
    return db_.changes();
}

/// Removes blocks until they held at least `max_count` readings. Returns how many readings they held.
result<std::int64_t> series_store::purge_blocks(device_key device, std::int64_t max_count) {
    std::int64_t removed = 0;
    std::vector<block_entry> blocks;
    {
        statement entries = db_.prepare(entries_backwards);
        entries.bind(device, highest);
        while (removed < max_count) {
            const auto row = entries.step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                break;
            blocks.push_back(read_entry(entries));
            removed += blocks.back().count;
        }
    }
    for (const block_entry& block : blocks)
        if (auto done = remove_block(db_, device, block); !done)
            return pass(std::move(done));
    return removed;
}

/// Scans the next part of the write buffer and deletes the device's readings in it. Returns 0 when the whole
/// buffer was scanned.
result<std::int64_t> series_store::purge_buffered(device_key device, std::int64_t max_count) {
    if (auto saved = save_last_reading_id(db_, *memory_); !saved)
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

result<reading_id> last_reading_id(connection& db) {
    statement query = db.prepare("SELECT max((SELECT value FROM counters WHERE name = 'last_reading_id'),"
                                 " ifnull((SELECT max(id) FROM write_buffer), 0))");
    return single_number(query);
}

result<void> save_last_reading_id(connection& db, const writer_memory& memory) {
    return db.run("UPDATE counters SET value = ?1 WHERE name = 'last_reading_id'",
                  memory.next_reading_id - 1);
}

} // namespace breakwater::storage::sqlite
