#include "storage/sqlite/rollups.hpp"

#include <string>

namespace breakwater::storage::sqlite {

namespace {

using blocks::rollup_chunk;
using blocks::rollup_level;

/// Empty if the chunk is stored as sparse (no bytes), or is damaged.
std::optional<rollup_chunk> read_chunk(damage_log& damage, std::int64_t key, std::string_view bytes,
                                       rollup_level level, timestamp start) {
    if (bytes.empty())
        return std::nullopt;
    auto chunk = rollup_chunk::read(bytes, level, start);
    if (chunk)
        return std::move(*chunk);
    damage.report_rollup(key);
    return std::nullopt;
}

result<void> merge_rollup(connection& db, damage_log& damage, device_key device,
                          const blocks::rollup_part& part) {
    std::int64_t key = 0;
    std::optional<rollup_chunk> merged;
    {
        statement query = db.prepare("SELECT key, bytes FROM rollups WHERE device = ?1 AND level = ?2"
                                     " AND simulated = ?3 AND begins = ?4");
        const auto row = query.bind(device, static_cast<int>(part.level), part.simulated, part.start).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row) {
            key = query.integer(0);
            const bool is_sparse = query.blob_view(1).empty();
            merged = read_chunk(damage, key, query.blob_view(1), part.level, part.start);
            if (is_sparse)
                return {};
        }
    }
    if (key == 0) {
        const std::string bytes = part.sparse ? std::string{} : part.chunk.write(part.level, part.start);
        return db.run(
            "INSERT INTO rollups (device, level, simulated, begins, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
            device, static_cast<int>(part.level), part.simulated, part.start, blob{bytes});
    }
    // Empty bytes mark a chunk that is damaged or sparse (the device now reports less often): queries then
    // use the blocks.
    std::string bytes;
    if (merged && !part.sparse) {
        merged->merge(part.chunk);
        bytes = merged->write(part.level, part.start);
    }
    return db.run("UPDATE rollups SET bytes = ?2 WHERE key = ?1", key, blob{bytes});
}

} // namespace

result<void> merge_rollups(connection& db, damage_log& damage, device_key device,
                           std::span<const blocks::rollup_part> parts) {
    for (const blocks::rollup_part& part : parts)
        if (auto done = merge_rollup(db, damage, device, part); !done)
            return done;
    return {};
}

result<std::int64_t> expire_rollups(connection& db, device_key device, timestamp before,
                                    std::int64_t max_count) {
    std::int64_t removed = 0;
    for (const rollup_level level : blocks::rollup_levels) {
        for (const bool simulated : {false, true}) {
            auto done = db.run(
                "DELETE FROM rollups WHERE key IN (SELECT key FROM rollups WHERE device = ?1 AND"
                " level = ?2 AND simulated = ?3 AND begins <= ?4 ORDER BY begins LIMIT ?5)",
                device, static_cast<int>(level), simulated, before - chunk_width(level), max_count - removed);
            if (!done)
                return pass(std::move(done));
            removed += db.changes();
        }
    }
    return removed;
}

result<std::vector<stored_rollup>> read_rollups(connection& db, damage_log& damage, device_key device,
                                                rollup_level level, bool simulated, timestamp from,
                                                timestamp to) {
    statement query = db.prepare("SELECT key, begins, bytes FROM rollups WHERE device = ?1 AND level = ?2"
                                 " AND simulated = ?3 AND begins > ?4 AND begins < ?5 ORDER BY begins");
    query.bind(device, static_cast<int>(level), simulated, from - chunk_width(level), to);
    return query.rows([&](const statement& row) {
        return stored_rollup{row.time(1),
                             read_chunk(damage, row.integer(0), row.blob_view(2), level, row.time(1))};
    });
}

} // namespace breakwater::storage::sqlite
