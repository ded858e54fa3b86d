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
    // The console has a view of that name.
    statement query = db_.prepare("SELECT key FROM main.devices WHERE id = ?1");
    query.bind(device);
    return single_number(query);
}

result<writer_memory::device_memory*> reading_store::recall(const device_id& device) {
    auto& known = memory_->devices;
    if (const auto found = known.find(device); found != known.end())
        return &found->second;
    const auto key = find_key(device);
    if (!key)
        return std::unexpected(key.error());
    if (*key == 0)
        return nullptr;
    if (known.size() >= max_remembered_devices)
        known.clear();
    return &known.emplace(device, writer_memory::device_memory{.key = *key}).first->second;
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
    return hot_readings(device, *through, *last);
}

result<std::vector<hot_entry>> reading_store::hot_readings(device_key device, reading_id through,
                                                           reading_id last) const {
    auto known = shared_.hot.of(device);
    std::vector<hot_entry> found;
    if (known.forgotten_through > through) {
        // The device was folded twice since this snapshot: some of what it shows isn't in the index any more.
        statement scan = db_.prepare("SELECT id, received_at, simulated FROM hot_readings"
                                     " WHERE id > ?1 AND id <= ?2 AND device = ?3");
        scan.bind(through, known.forgotten_through, device);
        auto rows = scan.rows(
            [](const statement& row) { return hot_entry{row.integer(0), row.time(1), row.integer(2) != 0}; });
        if (!rows)
            return pass(std::move(rows));
        found = std::move(*rows);
    }
    for (const hot_entry& entry : known.entries)
        if (entry.id() > through && entry.id() <= last)
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

result<std::vector<latest_state>> reading_store::latest(std::span<const device_id> devices,
                                                        bool include_simulated) const {
    std::vector<latest_state> out;
    out.reserve(devices.size());
    statement newest = db_.prepare("SELECT max(id) FROM hot_readings");
    const auto last = single_number(newest);
    if (!last)
        return std::unexpected(last.error());
    for (const device_id& device : devices) {
        // The console has a view of that name.
        statement query = db_.prepare("SELECT d.key, ifnull(f.through, 0), l.bytes FROM main.devices AS d"
                                      " LEFT JOIN folds AS f ON f.device = d.key"
                                      " LEFT JOIN latest AS l ON l.device = d.key WHERE d.id = ?1");
        const auto row = query.bind(device).step();
        if (!row)
            return std::unexpected(row.error());
        latest_state& its = out.emplace_back();
        if (!*row)
            continue;
        const auto hot = hot_readings(query.integer(0), query.integer(1), *last);
        if (!hot)
            return std::unexpected(hot.error());
        auto found = shared_.latest.of(db_, query.integer(0), query.blob_view(2), *hot, include_simulated,
                                       shared_.believed());
        if (!found)
            return pass(std::move(found));
        its.fields = std::move(*found);
        const auto received = last_received(query.integer(0), *hot, include_simulated);
        if (!received)
            return std::unexpected(received.error());
        its.received_at = *received;
    }
    return out;
}

result<std::vector<series>> reading_store::aggregates(const series_question& asked) const {
    const auto key = find_key(asked.device_id);
    if (!key)
        return std::unexpected(key.error());
    if (*key == 0)
        return std::vector<series>(asked.fields.size());
    const auto hot = hot_readings(*key);
    if (!hot)
        return std::unexpected(hot.error());
    return series_reader{db_, shared_.damage, *key, asked}.read(*hot);
}

result<std::optional<timestamp>> reading_store::last_received(device_id device,
                                                              bool include_simulated) const {
    const auto key = find_key(device);
    if (!key)
        return std::unexpected(key.error());
    const auto hot = hot_readings(*key);
    if (!hot)
        return std::unexpected(hot.error());
    return last_received(*key, *hot, include_simulated);
}

result<std::optional<timestamp>> reading_store::last_received(device_key device,
                                                              const std::vector<hot_entry>& hot,
                                                              bool include_simulated) const {
    std::optional<timestamp> last;
    for (const hot_entry& entry : hot)
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
    const timestamp believed = shared_.believed();
    if (!last || *last <= believed)
        return last;
    const reading_filter until_now{
        .device_id = {}, .until = believed, .include_simulated = include_simulated};
    reading_walk walk{db_, shared_.damage, device, until_now, reading_order::newest_first, std::nullopt, hot};
    const auto found = walk.next();
    if (!found)
        return std::unexpected(found.error());
    return *found ? (*found)->received_at : last;
}

result<std::vector<device_id>> reading_store::heard_since(timestamp since) const {
    std::vector<device_key> keys = shared_.hot.heard_since(since);
    // Without DISTINCT: for its sake SQLite would walk all devices in their order.
    statement in_blocks = db_.prepare("SELECT device FROM block_entries WHERE last_received >= ?1");
    const auto folded =
        in_blocks.bind(since).rows([](const statement& row) { return device_key{row.integer(0)}; });
    if (!folded)
        return std::unexpected(folded.error());
    keys.insert(keys.end(), folded->begin(), folded->end());
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    std::vector<device_id> found;
    statement id_of = db_.prepare("SELECT id FROM main.devices WHERE key = ?1");
    for (const device_key key : keys) {
        const auto row = id_of.bind(key).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row) // else it is gone
            found.push_back(id_of.id(0));
        id_of.reset();
    }
    return found;
}

result<std::optional<reading_position>> reading_store::last_position(device_key device) const {
    const auto hot = hot_readings(device);
    if (!hot)
        return std::unexpected(hot.error());
    std::optional<reading_position> last;
    for (const hot_entry& entry : *hot) {
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

result<void> reading_store::append(std::span<reading> readings, const prepared_readings* prepared) {
    if (shared_.hot.unfolded() > shared_.max_hot)
        return fail_later(errc::overloaded, "Readings come in faster than the server can put them away.",
                          std::chrono::seconds{1});
    while (!readings.empty()) {
        const device_id device = readings.front().device_id;
        const auto end =
            std::ranges::find_if(readings, [&](const reading& each) { return each.device_id != device; });
        const auto count = static_cast<std::size_t>(end - readings.begin());
        if (auto done =
                append_of(device, readings.first(count), dynamic_cast<const prepared_block*>(prepared));
            !done)
            return done;
        readings = readings.subspan(count);
    }
    return {};
}

result<void> reading_store::append_of(const device_id& device, std::span<reading> readings,
                                      const prepared_block* prepared) {
    const auto known = recall(device);
    if (!known)
        return std::unexpected(known.error());
    if (*known == nullptr) {
        for (reading& each : readings)
            each.id = 0;
        return {};
    }
    writer_memory::device_memory& its = **known;
    if (auto noted = note_heard(its, readings); !noted)
        return noted;
    while (!readings.empty()) {
        // As far as nothing is known already.
        std::size_t fresh = 0;
        bool recognised = false;
        while (fresh < readings.size() && !recognised) {
            reading& next = readings[fresh];
            next.repeated = false;
            next.id = memory_->next_reading_id + static_cast<reading_id>(fresh);
            if (!next.message_id.empty()) {
                const auto found = recognise(its.key, next);
                if (!found)
                    return std::unexpected(found.error());
                recognised = *found;
                if (const reading_id first = memory_->next_reading_id; recognised && next.id >= first) {
                    const reading& same = readings[static_cast<std::size_t>(next.id - first)];
                    next.device_timestamp = same.device_timestamp;
                    next.payload = same.payload;
                }
            }
            fresh += recognised ? 0 : 1;
        }
        const auto run = readings.first(fresh);
        if (run.size() >= worth_a_block) {
            // Readings that were left out, as known already, are in what was prepared.
            const bool whole = prepared != nullptr && run.size() == prepared->count();
            const auto stored = append_block(its, run, whole ? prepared : nullptr);
            if (!stored)
                return std::unexpected(stored.error());
            if (!*stored)
                if (auto done = append_hot(its.key, run); !done)
                    return done;
        } else if (auto done = append_hot(its.key, run); !done) {
            return done;
        }
        for (const reading& each : run)
            if (its.last)
                its.last = std::max(*its.last, {each.received_at, each.id});
        memory_->next_reading_id += static_cast<reading_id>(run.size());
        readings = readings.subspan(fresh + (recognised ? 1 : 0));
    }
    return {};
}

/// Once a device and run: the database knows already, or learns it now.
result<void> reading_store::note_heard(writer_memory::device_memory& device,
                                       std::span<const reading> readings) {
    if (device.heard)
        return {};
    const auto own = std::ranges::find(readings, false, &reading::simulated);
    if (own == readings.end())
        return {};
    device.heard = true;
    memory_->device_added = true;
    return db_.run(
        "UPDATE devices SET first_heard_at = ?2, simulated = 0 WHERE key = ?1 AND first_heard_at IS NULL",
        device.key, own->received_at);
}

result<void> reading_store::append_hot(device_key device, std::span<reading> readings) {
    statement insertion =
        db_.prepare("INSERT INTO hot_readings (id, device, simulated, received_at, device_timestamp,"
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

result<bool> reading_store::append_block(writer_memory::device_memory& device, std::span<reading> readings,
                                         const prepared_block* prepared) {
    if (!device.last) {
        const auto found = last_position(device.key);
        if (!found)
            return std::unexpected(found.error());
        device.last = found->value_or(reading_position{timestamp::min(), 0});
    }
    const auto position_of = [](const reading& of) { return reading_position{of.received_at, of.id}; };
    if (readings.size() > blocks::max_rows || position_of(readings.front()) < *device.last ||
        !std::ranges::is_sorted(readings, {}, position_of))
        return false;
    auto merged = take_small_end(device, readings.size());
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
    const timestamp believed = shared_.believed();
    std::optional<block_sums> summed_here;
    if (prepared == nullptr) {
        const auto opened = blocks::block::open(bytes);
        if (!opened)
            return std::unexpected(opened.error());
        auto sums = sums_of(*opened, readings, believed);
        if (!sums)
            return pass(std::move(sums));
        summed_here = std::move(*sums);
    }
    const block_sums& sums = prepared != nullptr ? prepared->sums() : *summed_here;
    if (auto done = merge_latest(db_, device.key, sums.latest, believed); !done)
        return pass(std::move(done));
    if (auto done = merge_rollups(db_, shared_.damage, device.key, sums.rollups); !done)
        return pass(std::move(done));
    // No hot reading shows how far the ids went.
    const reading_id last = readings.back().id;
    auto kept = db_.run("UPDATE counters SET value = ?1 WHERE name = 'last_reading_id'", last);
    if (!kept)
        return pass(std::move(kept));
    return true;
}

result<std::vector<reading>> reading_store::take_small_end(const writer_memory::device_memory& device,
                                                           std::size_t more) {
    std::vector<reading> taken;
    std::optional<block_entry> last;
    {
        statement entries = db_.prepare(entries_backwards);
        const auto row = entries.bind(device.key, highest).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row)
            last = read_entry(entries);
    }
    // What is hot and later than it would come to lie within the new block.
    if (!last || last->count >= small_block || last->last != *device.last ||
        static_cast<std::size_t>(last->count) + more > blocks::max_rows)
        return taken;
    const auto opened = open_block(db_, shared_.damage, last->block);
    if (!opened)
        return std::unexpected(opened.error());
    if (!*opened)
        return taken;
    for (std::size_t row = 0; row < (*opened)->rows().size(); ++row)
        taken.push_back((*opened)->row(row, {}));
    if (auto done = remove_block(db_, device.key, *last); !done)
        return pass(std::move(done));
    return taken;
}

result<bool> reading_store::recognise(device_key device, reading& what) {
    statement known = db_.prepare("SELECT reading, received_at FROM message_ids"
                                  " WHERE device = ?1 AND message_id = ?2");
    const auto row = known.bind(device, what.message_id).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row) {
        auto added = db_.run("INSERT INTO message_ids VALUES (?1, ?2, ?3, ?4, ?5)", device, what.message_id,
                             what.id, what.received_at, shared_.time.now());
        if (!added)
            return pass(std::move(added));
        return false;
    }
    what.id = known.integer(0);
    what.received_at = known.time(1);
    what.repeated = true;
    auto first = page({.device_id = what.device_id,
                       .since = what.received_at,
                       .until = what.received_at,
                       .include_simulated = true},
                      reading_order::oldest_first, reading_position{what.received_at, what.id - 1}, 1);
    if (!first)
        return pass(std::move(first));
    if (!first->empty() && first->front().id == what.id) { // else retention took it
        what.device_timestamp = first->front().device_timestamp;
        what.payload = std::move(first->front().payload);
    }
    return true;
}

result<std::int64_t> reading_store::forget_message_ids(timestamp limit, std::int64_t most) {
    auto done = db_.run("DELETE FROM message_ids WHERE (device, message_id) IN (SELECT device, message_id"
                        " FROM message_ids WHERE noted_at < ?1 ORDER BY noted_at LIMIT ?2)",
                        limit, most);
    if (!done)
        return pass(std::move(done));
    return db_.changes();
}

result<std::int64_t> reading_store::expire(const device_id& device, std::optional<timestamp> readings_before,
                                           std::optional<timestamp> rollups_before, std::int64_t most) {
    const auto known = recall(device);
    if (!known)
        return std::unexpected(known.error());
    if (*known == nullptr)
        return 0;
    std::int64_t removed = 0;
    if (readings_before) {
        const auto gone = expire_blocks((*known)->key, *readings_before, most);
        if (!gone)
            return gone;
        removed += *gone;
    }
    if (rollups_before && removed < most) {
        const auto gone = expire_rollups(db_, (*known)->key, *rollups_before, most - removed);
        if (!gone)
            return gone;
        removed += *gone;
    }
    return removed;
}

result<std::int64_t> reading_store::expire_blocks(device_key device, timestamp limit, std::int64_t most) {
    std::vector<block_entry> found;
    {
        statement entries = db_.prepare(entries_forwards);
        entries.bind(device, lowest);
        for (std::int64_t readings = 0; readings < most;) {
            const auto row = entries.step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                break;
            const block_entry entry = read_entry(entries);
            if (entry.first.received_at >= limit)
                break;
            found.push_back(entry);
            readings += entry.count;
        }
    }
    std::int64_t removed = 0;
    for (const block_entry& each : found) {
        if (each.last.received_at >= limit) {
            const auto trimmed = trim_block(device, each, limit);
            if (!trimmed)
                return trimmed;
            return removed + *trimmed;
        }
        if (auto done = remove_block(db_, device, each); !done)
            return pass(std::move(done));
        removed += each.count;
    }
    return removed;
}

result<std::int64_t> reading_store::trim_block(device_key device, const block_entry& old, timestamp limit) {
    const auto opened = open_block(db_, shared_.damage, old.block);
    if (!opened)
        return std::unexpected(opened.error());
    if (!*opened)
        return 0; // damaged: it goes when all of it is old
    std::vector<reading> kept;
    const auto& rows = (*opened)->rows();
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (rows[row].received_at >= limit)
            kept.push_back((*opened)->row(row, {}));
    if (auto done = remove_block(db_, device, old); !done)
        return pass(std::move(done));
    if (auto done = insert_block(db_, device, kept, blocks::encode(kept)); !done)
        return pass(std::move(done));
    return static_cast<std::int64_t>(rows.size() - kept.size());
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
            removed = purge_rollups(*device, left);
        if (removed && *removed == 0)
            removed = purge_hot(*device, left);
        if (!removed)
            return removed;
        if (*removed == 0) {
            for (const char* left_over :
                 {"DELETE FROM folds WHERE device = ?1", "DELETE FROM message_ids WHERE device = ?1",
                  "DELETE FROM latest WHERE device = ?1"})
                if (auto done = db_.run(left_over, *device); !done)
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

result<std::int64_t> reading_store::purge_rollups(device_key device, std::int64_t most) {
    auto done =
        db_.run("DELETE FROM rollups WHERE key IN (SELECT key FROM rollups WHERE device = ?1 LIMIT ?2)",
                device, most);
    if (!done)
        return pass(std::move(done));
    return db_.changes();
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
