#pragma once

#include "storage/blocks/rollup.hpp"
#include "storage/engine/block_entry.hpp"
#include "storage/engine/series_tables.hpp"
#include "storage/engine/shared_state.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace breakwater::storage::engine {

/// The plan to move the buffered readings of one device into blocks. The compactor computes it outside the
/// writer's thread; the writer applies it.
struct compaction_plan {
    struct new_block {
        std::vector<reading> readings;
        std::string bytes;
    };
    device_key device = 0;
    reading_id compacted_before = 0; ///< when planned; must still be equal when applied
    reading_id through = 0;
    std::size_t moved = 0; ///< number of buffered readings
    std::vector<block_entry> replaced;
    std::vector<new_block> added;
    std::vector<blocks::rollup_part> rollups; ///< of the moved readings
    blocks::latest_values latest;
};

/// Reads the buffered readings of some devices, the oldest first, and the blocks that they have to be merged
/// with: small adjacent blocks, and blocks whose range they overlap. Skips devices that don't exist or have
/// no buffered readings. Leaves newer readings in the write buffer if there are too many for one plan, or for
/// the memory of all of them. REQUIRES: a read transaction is open.
result<std::vector<compaction_plan>> plan_compactions(series_tables& tables, shared_state& shared,
                                                      std::span<const device_key> devices);

/// Returns false, and changes nothing, if the device doesn't exist or its blocks differ from the plan's.
/// REQUIRES: the writer's open transaction; a failure must roll it back.
result<bool> apply_compaction(series_tables& tables, shared_state& shared, const compaction_plan& plan);

} // namespace breakwater::storage::engine
