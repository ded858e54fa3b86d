#include "storage/engine/rollups.hpp"

#include <string>

namespace breakwater::storage::engine {

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

result<void> merge_rollup(series_tables& tables, damage_log& damage, device_key device,
                          const blocks::rollup_part& part) {
    const auto stored = tables.find_rollup(device, part.level, part.simulated, part.start);
    if (!stored)
        return std::unexpected(stored.error());
    if (!*stored) {
        const std::string bytes = part.sparse ? std::string{} : part.chunk.write(part.level, part.start);
        return tables.insert_rollup(device, part.level, part.simulated, part.start, bytes);
    }
    const rollup_row& row = **stored;
    if (row.bytes.empty())
        return {};
    // Empty bytes mark a chunk that is damaged or sparse (the device now reports less often): queries then
    // use the blocks.
    std::string bytes;
    auto merged = read_chunk(damage, row.key, row.bytes, part.level, part.start);
    if (merged && !part.sparse) {
        merged->merge(part.chunk);
        bytes = merged->write(part.level, part.start);
    }
    return tables.update_rollup(device, row.key, bytes);
}

} // namespace

result<void> merge_rollups(series_tables& tables, damage_log& damage, device_key device,
                           std::span<const blocks::rollup_part> parts) {
    for (const blocks::rollup_part& part : parts)
        if (auto done = merge_rollup(tables, damage, device, part); !done)
            return done;
    return {};
}

result<std::int64_t> expire_rollups(series_tables& tables, device_key device, timestamp before,
                                    std::int64_t max_count) {
    std::int64_t removed = 0;
    for (const rollup_level level : blocks::rollup_levels) {
        for (const bool simulated : {false, true}) {
            const auto done = tables.remove_rollups(device, level, simulated, before - chunk_width(level),
                                                    max_count - removed);
            if (!done)
                return done;
            removed += *done;
        }
    }
    return removed;
}

result<std::vector<stored_rollup>> read_rollups(series_tables& tables, damage_log& damage, device_key device,
                                                rollup_level level, bool simulated, timestamp from,
                                                timestamp to) {
    const auto rows = tables.rollups(device, level, simulated, from - chunk_width(level), to);
    if (!rows)
        return std::unexpected(rows.error());
    std::vector<stored_rollup> out;
    out.reserve(rows->size());
    for (const rollup_row& row : *rows)
        out.push_back({row.start, read_chunk(damage, row.key, row.bytes, level, row.start)});
    return out;
}

} // namespace breakwater::storage::engine
