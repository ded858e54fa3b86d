#pragma once

#include "storage/blocks/rollup.hpp"
#include "storage/engine/damage_log.hpp"
#include "storage/engine/write_buffer_index.hpp"

#include <optional>
#include <span>

namespace breakwater::storage::engine {

/// Merges the aggregates of new readings into the rollups of their device. REQUIRES: the writer's open
/// transaction.
result<void> merge_rollups(series_tables& tables, damage_log& damage, device_key device,
                           std::span<const blocks::rollup_part> parts);

/// Removes at most `max_count` chunks that end at or before `before`. Returns how many.
result<std::int64_t> expire_rollups(series_tables& tables, device_key device, timestamp before,
                                    std::int64_t max_count);

/// A stored chunk.
struct stored_rollup {
    timestamp start;
    std::optional<blocks::rollup_chunk> chunk; ///< empty: use a finer level instead
};
/// The chunks of one level that overlap [from, to), in order.
result<std::vector<stored_rollup>> read_rollups(series_tables& tables, damage_log& damage, device_key device,
                                                blocks::rollup_level level, bool simulated, timestamp from,
                                                timestamp to);

} // namespace breakwater::storage::engine
