#include "storage/sqlite/block_entry.hpp"

#include "storage/sqlite/conditions.hpp"

#include <algorithm>
#include <bit>

namespace breakwater::storage::sqlite {

block_entry read_entry(const statement& row) {
    return {.first = {row.time(0), row.integer(1)},
            .last = {row.time(2), row.integer(3)},
            .count = row.integer(4),
            .simulated = row.integer(5),
            .block = row.integer(6)};
}

result<std::string> block_bytes(connection& db, std::int64_t block) {
    statement query = db.prepare("SELECT bytes FROM blocks WHERE key = ?1");
    const auto row = query.bind(block).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return fail(errc::not_found, "The block does not exist.");
    return std::string{query.blob_view(0)};
}

result<void> insert_block(connection& db, device_key device, std::span<const reading> readings,
                          const std::string& bytes) {
    if (auto done = db.run("INSERT INTO blocks (bytes) VALUES (?1)", blob{bytes}); !done)
        return done;
    const std::int64_t block = db.last_insert_id();
    std::int64_t simulated = 0;
    std::optional<timestamp> first_real;
    std::optional<timestamp> last_real;
    timestamp first_measured = timestamp::max();
    timestamp last_measured = timestamp::min();
    for (const reading& item : readings) {
        if (item.simulated) {
            ++simulated;
        } else {
            first_real = first_real.value_or(item.received_at);
            last_real = item.received_at;
        }
        const timestamp at = measured_at(item);
        first_measured = std::min(first_measured, at);
        last_measured = std::max(last_measured, at);
    }
    const auto span = static_cast<std::uint64_t>((last_measured - first_measured).count());
    return db.run(
        "INSERT INTO block_entries (device, first_received, first_id, last_received, last_id, count,"
        " simulated, first_real, last_real, first_measured, last_measured, span, block)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        device, readings.front().received_at, readings.front().id, readings.back().received_at,
        readings.back().id, static_cast<std::int64_t>(readings.size()), simulated, first_real, last_real,
        first_measured, last_measured, static_cast<int>(std::bit_width(span)), block);
}

result<bool> block_exists(connection& db, device_key device, const block_entry& entry) {
    statement query = db.prepare("SELECT 1 FROM block_entries WHERE device = ?1 AND first_received = ?2 AND"
                                 " first_id = ?3 AND block = ?4");
    return query.bind(device, entry.first.received_at, entry.first.id, entry.block).step();
}

result<void> remove_block(connection& db, device_key device, const block_entry& removed) {
    if (auto done =
            db.run("DELETE FROM block_entries WHERE device = ?1 AND first_received = ?2 AND first_id = ?3",
                   device, removed.first.received_at, removed.first.id);
        !done)
        return done;
    return db.run("DELETE FROM blocks WHERE key = ?1", removed.block);
}

} // namespace breakwater::storage::sqlite
