#include "storage/sqlite/block_entry.hpp"
#include "storage/sqlite/conditions.hpp"
#include "storage/sqlite/reading_walk.hpp"
#include "storage/sqlite/stores.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::sqlite {

namespace {

constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
constexpr auto highest = std::numeric_limits<std::int64_t>::max();

/// Past this many devices the writer's memory starts anew: a bound on memory, far above the fleets we are
/// made for.
constexpr std::size_t max_remembered_devices = 1U << 18;

/// How many hot readings one step of a purge looks at for each that it may remove: most aren't the device's.
constexpr std::int64_t hot_searched_a_row = 5;

result<std::int64_t> single_number(statement& query) {
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? query.integer(0) : 0;
}

void count_in(reading_summary& total, timestamp at) {
    ++total.total;
    total.oldest = std::min(total.oldest.value_or(at), at);
    total.newest = std::max(total.newest.value_or(at), at);
}

/// Counts the rows of a block that lies across a bound.
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
            count_in(total, row.received_at);
    return {};
}

} // namespace

result<device_key> reading_store::find_key(const device_id& device) const {
    statement query = db_.prepare("SELECT key FROM devices WHERE id = ?1");
    query.bind(device);
    return single_number(query);
}

result<device_key> reading_store::key_of(const device_id& device) {
    auto& keys = memory_->device_keys;
    if (const auto known = keys.find(device); known != keys.end())
        return known->second;
    auto key = find_key(device);
    if (!key || *key == 0)
        return key;
    if (keys.size() >= max_remembered_devices)
        keys.clear();
    keys.emplace(device, *key);
    return key;
}

result<std::vector<hot_entry>> reading_store::hot_readings(device_key device) const {
    statement folded = db_.prepare("SELECT through FROM folds WHERE device = ?1");
    folded.bind(device);
    const auto through = single_number(folded);
    if (!through)
        return std::unexpected(through.error());
    statement newest = db_.prepare("SELECT max(id) FROM hot_readings");
    const auto last = single_number(newest);
    if (!last)
        return std::unexpected(last.error());

    auto known = shared_.hot.of(device);
    std::vector<hot_entry> found;
    if (known.forgotten_through > *through) {
        // The device was folded twice since this snapshot: some of what it shows isn't in the index any more.
        statement scan = db_.prepare("SELECT id, received_at, simulated FROM hot_readings"
                                     " WHERE id > ?1 AND id <= ?2 AND device = ?3");
        scan.bind(*through, known.forgotten_through, device);
        auto rows = scan.rows(
            [](const statement& row) { return hot_entry{row.integer(0), row.time(1), row.integer(2) != 0}; });
        if (!rows)
            return pass(std::move(rows));
        found = std::move(*rows);
    }
    for (const hot_entry& entry : known.entries)
        if (entry.id() > *through && entry.id() <= *last)
            found.push_back(entry);
    if (memory_ != nullptr)
        for (const appended_reading& each : memory_->appended)
            if (each.device == device)
                found.push_back(each.entry);
    return found;
}

result<std::vector<reading>> reading_store::page(const reading_filter& filter, reading_order order,
                                                 std::optional<reading_position> after,
                                                 std::size_t limit) const {
    const auto key = find_key(filter.device_id);
    if (!key)
        return std::unexpected(key.error());
    std::vector<reading> out;
    if (*key == 0 || limit == 0)
        return out;
    auto hot = hot_readings(*key);
    if (!hot)
        return pass(std::move(hot));
    reading_walk walk{db_, shared_.damage, *key, filter, order, after, std::move(*hot)};
    while (out.size() < limit) {
        auto next = walk.next();
        if (!next)
            return pass(std::move(next));
        if (!*next)
            break;
        out.push_back(std::move(**next));
    }
    return out;
}

result<reading_summary> reading_store::summary(const reading_filter& filter) const {
    const auto key = find_key(filter.device_id);
    if (!key)
        return std::unexpected(key.error());
    reading_summary total;
    if (*key == 0)
        return total;
    const auto hot = hot_readings(*key);
    if (!hot)
        return std::unexpected(hot.error());
    for (const hot_entry& entry : *hot)
        if ((filter.include_simulated || !entry.simulated()) &&
            (!filter.since || entry.received_at() >= *filter.since) &&
            (!filter.until || entry.received_at() <= *filter.until))
            count_in(total, entry.received_at());

    // Of the blocks that lie within the bounds it is enough to know how many they hold; the few that lie
    // across one are read.
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
    statement across =
        db_.prepare("SELECT block FROM block_entries WHERE device = ?1 AND first_received <= ?3"
                    " AND last_received >= ?2 AND (first_received < ?2 OR last_received > ?3)");
    across.bind(*key, first, last);
    const auto blocks = across.rows([](const statement& each) { return each.integer(0); });
    if (!blocks)
        return std::unexpected(blocks.error());
    for (const std::int64_t block : *blocks)
        if (auto counted = count_block(db_, shared_.damage, block, filter, total); !counted)
            return pass(std::move(counted));
    return total;
}

result<std::optional<timestamp>> reading_store::last_received(device_id device) const {
    const auto key = find_key(device);
    if (!key)
        return std::unexpected(key.error());
    const auto hot = hot_readings(*key);
    if (!hot)
        return std::unexpected(hot.error());
    std::optional<timestamp> last;
    for (const hot_entry& entry : *hot)
        last = std::max(last.value_or(entry.received_at()), entry.received_at());
    statement query = db_.prepare("SELECT last_received FROM block_entries WHERE device = ?1"
                                  " ORDER BY first_received DESC, first_id DESC LIMIT 1");
    const auto row = query.bind(*key).step();
    if (!row)
        return std::unexpected(row.error());
    if (*row)
        last = std::max(last.value_or(query.time(0)), query.time(0));
    return last;
}

result<void> reading_store::append(std::span<reading> readings) {
    statement insertion =
        db_.prepare("INSERT INTO hot_readings (id, device, simulated, received_at, device_timestamp,"
                    " payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    for (reading& next : readings) {
        next.id = 0;
        const auto key = key_of(next.device_id);
        if (!key)
            return std::unexpected(key.error());
        if (*key == 0)
            continue;
        const reading_id id = memory_->next_reading_id;
        insertion.bind(id, *key, next.simulated, next.received_at, next.device_timestamp, next.payload);
        if (auto done = insertion.run(); !done)
            return done;
        insertion.reset();
        next.id = id;
        ++memory_->next_reading_id;
        memory_->appended.push_back({*key, {id, next.received_at, next.simulated}});
    }
    return {};
}

result<std::int64_t> reading_store::purge(std::int64_t most) {
    std::int64_t left = most;
    while (left > 0) {
        statement oldest = db_.prepare("SELECT min(key) FROM removed_devices");
        const auto device = single_number(oldest);
        if (!device)
            return std::unexpected(device.error());
        if (*device == 0) // keys begin at 1
            break;
        auto removed = purge_blocks(*device, left);
        if (removed && *removed == 0)
            removed = purge_hot(*device, left);
        if (!removed)
            return removed;
        if (*removed == 0) {
            if (auto done = db_.run("DELETE FROM folds WHERE device = ?1", *device); !done)
                return pass(std::move(done));
            if (auto done = db_.run("DELETE FROM removed_devices WHERE key = ?1", *device); !done)
                return pass(std::move(done));
            memory_->removed.push_back(*device);
            left -= 1; // so that devices without readings count as well
        }
        left -= *removed;
    }
    return most - std::max(left, std::int64_t{0});
}

/// Removes blocks of so many readings, or a little more. How many that were.
result<std::int64_t> reading_store::purge_blocks(device_key device, std::int64_t most) {
    std::int64_t removed = 0;
    std::vector<block_entry> found;
    {
        statement entries = db_.prepare(entries_backwards);
        entries.bind(device, highest);
        while (removed < most) {
            const auto row = entries.step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                break;
            found.push_back(read_entry(entries));
            removed += found.back().count;
        }
    }
    for (const block_entry& each : found)
        if (auto done = remove_block(db_, device, each); !done)
            return pass(std::move(done));
    return removed;
}

/// Searches some of the hot readings for those of the device. 0: all were searched.
result<std::int64_t> reading_store::purge_hot(device_key device, std::int64_t most) {
    if (auto kept = keep_last_reading_id(db_, *memory_); !kept)
        return pass(std::move(kept));
    statement bounds =
        db_.prepare("SELECT max((SELECT ifnull(min(id), 1) - 1 FROM hot_readings), swept_through),"
                    " (SELECT ifnull(max(id), 0) FROM hot_readings)"
                    " FROM removed_devices WHERE key = ?1");
    const auto row = bounds.bind(device).step();
    if (!row)
        return std::unexpected(row.error());
    const reading_id from = bounds.integer(0);
    const reading_id to = std::min(bounds.integer(1), from + most * hot_searched_a_row);
    bounds.reset();
    if (to <= from)
        return 0;
    if (auto done =
            db_.run("DELETE FROM hot_readings WHERE id > ?1 AND id <= ?2 AND device = ?3", from, to, device);
        !done)
        return pass(std::move(done));
    if (auto done = db_.run("UPDATE removed_devices SET swept_through = ?2 WHERE key = ?1", device, to);
        !done)
        return pass(std::move(done));
    return (to - from + hot_searched_a_row - 1) / hot_searched_a_row;
}

result<reading_id> last_reading_id(connection& db) {
    statement query = db.prepare("SELECT max((SELECT value FROM counters WHERE name = 'last_reading_id'),"
                                 " ifnull((SELECT max(id) FROM hot_readings), 0))");
    return single_number(query);
}

result<void> keep_last_reading_id(connection& db, const writer_memory& memory) {
    return db.run("UPDATE counters SET value = ?1 WHERE name = 'last_reading_id'",
                  memory.next_reading_id - 1);
}

} // namespace breakwater::storage::sqlite
