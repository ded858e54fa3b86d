#include "storage/sqlite/conditions.hpp"
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

/// One walk along the index: ?1 device, ?2 and ?3 the bounds, ?4 and ?5 the place to go on from, ?6 the
/// limit. Of the rows with the time ?4 only those beyond the id ?5 count.
std::string range(bool simulated, reading_order order) {
    std::string out = "SELECT id, received_at, device_timestamp, simulated, payload FROM readings"
                      " WHERE device = (SELECT key FROM devices WHERE id = ?1) AND simulated = ";
    out += simulated ? '1' : '0';
    out += " AND received_at BETWEEN ?2 AND ?3 AND (received_at <> ?4 OR id ";
    out += order == reading_order::newest_first ? "< ?5)" : "> ?5)";
    return out;
}

/// Both kinds in one order: SQLite merges the two walks, and reads no further than the limit.
std::string page_text(bool include_simulated, reading_order order) {
    std::string out = range(false, order);
    if (include_simulated)
        out += " UNION ALL " + range(true, order);
    out += order == reading_order::newest_first ? " ORDER BY received_at DESC, id DESC LIMIT ?6"
                                                : " ORDER BY received_at, id LIMIT ?6";
    return out;
}

const char* page_statement(bool include_simulated, reading_order order) {
    static const std::string newest = page_text(false, reading_order::newest_first);
    static const std::string oldest = page_text(false, reading_order::oldest_first);
    static const std::string newest_of_all = page_text(true, reading_order::newest_first);
    static const std::string oldest_of_all = page_text(true, reading_order::oldest_first);
    if (order == reading_order::newest_first)
        return (include_simulated ? newest_of_all : newest).c_str();
    return (include_simulated ? oldest_of_all : oldest).c_str();
}

} // namespace

result<std::vector<reading>> reading_store::page(const reading_filter& filter, reading_order order,
                                                 std::optional<reading_position> after,
                                                 std::size_t limit) const {
    std::int64_t first = filter.since ? micros(*filter.since) : lowest;
    std::int64_t last = filter.until ? micros(*filter.until) : highest;
    const bool newest_first = order == reading_order::newest_first;
    std::int64_t resume_time = newest_first ? highest : lowest;
    reading_id resume_id = newest_first ? highest : lowest;
    if (after) {
        resume_time = micros(after->received_at);
        resume_id = after->id;
        if (newest_first)
            last = std::min(last, resume_time);
        else
            first = std::max(first, resume_time);
    }
    statement query = db_.prepare(page_statement(filter.include_simulated, order));
    query.bind(filter.device_id, first, last, resume_time, resume_id,
               static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<int>::max())));
    return query.rows([&filter](const statement& row) {
        return reading{.id = row.integer(0),
                       .device_id = filter.device_id,
                       .device_timestamp = row.optional_time(2),
                       .received_at = row.time(1),
                       .payload = row.text(4),
                       .simulated = row.integer(3) != 0};
    });
}

result<reading_summary> reading_store::summary(const reading_filter& filter) const {
    statement query =
        db_.prepare("SELECT count(*), min(received_at), max(received_at) FROM readings"
                    " WHERE device = (SELECT key FROM devices WHERE id = ?1) AND simulated IN (0, ?2)"
                    " AND received_at BETWEEN ?3 AND ?4");
    query.bind(filter.device_id, filter.include_simulated ? 1 : 0,
               filter.since ? micros(*filter.since) : lowest, filter.until ? micros(*filter.until) : highest);
    auto row = query.step();
    if (!row)
        return pass(std::move(row));
    return reading_summary{
        .total = query.integer(0), .oldest = query.optional_time(1), .newest = query.optional_time(2)};
}

result<std::optional<timestamp>> reading_store::last_received(device_id device) const {
    statement query =
        db_.prepare("SELECT max(last) FROM (SELECT max(received_at) AS last FROM readings"
                    " WHERE device = (SELECT key FROM devices WHERE id = ?1) AND simulated = 0"
                    " UNION ALL SELECT max(received_at) FROM readings"
                    " WHERE device = (SELECT key FROM devices WHERE id = ?1) AND simulated = 1)");
    auto row = query.bind(device).step();
    if (!row)
        return pass(std::move(row));
    return query.optional_time(0);
}

result<std::int64_t> reading_store::key_of(const device_id& device) {
    auto& keys = memory_->device_keys;
    if (const auto known = keys.find(device); known != keys.end())
        return known->second;
    statement query = db_.prepare("SELECT key FROM devices WHERE id = ?1");
    auto row = query.bind(device).step();
    if (!row)
        return pass(std::move(row));
    if (!*row)
        return 0;
    if (keys.size() >= max_remembered_devices)
        keys.clear();
    return keys.emplace(device, query.integer(0)).first->second;
}

result<void> reading_store::append(std::span<reading> readings) {
    statement insertion =
        db_.prepare("INSERT INTO readings (id, device, simulated, received_at, device_timestamp,"
                    " payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    for (reading& next : readings) {
        next.id = 0;
        auto key = key_of(next.device_id);
        if (!key)
            return pass(std::move(key));
        if (*key == 0)
            continue;
        const reading_id id = memory_->next_reading_id;
        insertion.bind(id, *key, next.simulated, next.received_at, next.device_timestamp, next.payload);
        if (auto done = insertion.run(); !done)
            return done;
        insertion.reset();
        next.id = id;
        ++memory_->next_reading_id;
    }
    return {};
}

result<std::int64_t> reading_store::purge(std::int64_t most) {
    std::int64_t left = most;
    while (left > 0) {
        statement oldest = db_.prepare("SELECT min(key) FROM removed_devices");
        auto row = oldest.step();
        if (!row)
            return pass(std::move(row));
        if (oldest.integer(0) == 0) // keys begin at 1
            break;
        const std::int64_t key = oldest.integer(0);
        if (left == most)
            if (auto kept = keep_last_reading_id(db_, *memory_); !kept)
                return pass(std::move(kept));
        if (auto done = db_.run("DELETE FROM readings WHERE id IN"
                                " (SELECT id FROM readings WHERE device = ?1 LIMIT ?2)",
                                key, left);
            !done)
            return pass(std::move(done));
        const auto removed = db_.changes();
        if (removed < left) {
            if (auto done = db_.run("DELETE FROM removed_devices WHERE key = ?1", key); !done)
                return pass(std::move(done));
            --left; // so that devices without readings count as well
        }
        left -= removed;
    }
    return most - left;
}

result<reading_id> last_reading_id(connection& db) {
    statement query = db.prepare("SELECT max((SELECT value FROM counters WHERE name = 'last_reading_id'),"
                                 " ifnull((SELECT max(id) FROM readings), 0))");
    auto row = query.step();
    if (!row)
        return pass(std::move(row));
    return query.integer(0);
}

result<void> keep_last_reading_id(connection& db, const writer_memory& memory) {
    return db.run("UPDATE counters SET value = ?1 WHERE name = 'last_reading_id'",
                  memory.next_reading_id - 1);
}

} // namespace breakwater::storage::sqlite
