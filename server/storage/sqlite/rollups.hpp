#pragma once

#include "storage/blocks/rollup.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/damage_log.hpp"
#include "storage/sqlite/hot_index.hpp"

#include <optional>
#include <span>

namespace breakwater::storage::sqlite {

/// Adds what new readings bring to the rollups of their device. REQUIRES: the writer's open transaction.
result<void> merge_rollups(connection& db, damage_log& damage, device_key device,
                           std::span<const blocks::rollup_part> parts);

/// Removes the chunks that end before the limit, about `most`. How many those were.
result<std::int64_t> expire_rollups(connection& db, device_key device, timestamp limit, std::int64_t most);

/// A chunk as it is stored.
struct stored_rollup {
    timestamp begins;
    std::optional<blocks::rollup_chunk> chunk; ///< nothing: look at what is finer
};
/// The chunks of one level with anything in [from, to), in order.
result<std::vector<stored_rollup>> read_rollups(connection& db, damage_log& damage, device_key device,
                                                blocks::rollup_level level, bool simulated, timestamp from,
                                                timestamp to);

} // namespace breakwater::storage::sqlite
