#pragma once

#include "storage/blocks/rollup.hpp"
#include "storage/sqlite/block_entry.hpp"
#include "storage/sqlite/stores.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::storage::sqlite {

/// What moves the hot readings of one device into blocks: worked out beside the writer, applied by it.
struct fold_plan {
    struct new_block {
        std::vector<reading> readings;
        std::string bytes;
    };
    device_key device = 0;
    reading_id folded_before = 0; ///< REQUIRED when it is applied
    reading_id through = 0;
    std::size_t moved = 0; ///< hot readings
    std::vector<block_entry> replaced;
    std::vector<new_block> added;
    std::vector<blocks::rollup_part> rollups; ///< of what is moved
    blocks::latest_values latest;
};

/// Reads what is hot of a device, and the blocks that it has to be merged with: small ones beside it, and
/// those that it lies within. Nothing where the device is gone, or has nothing hot. REQUIRES: a read
/// transaction is open.
result<std::optional<fold_plan>> plan_fold(connection& db, shared_state& shared, device_key device);

/// False, and nothing is changed, where the device is gone, or its blocks aren't those of the plan any more.
/// REQUIRES: the writer's open transaction; a failure must roll it back.
result<bool> apply_fold(connection& db, shared_state& shared, const fold_plan& plan);

} // namespace breakwater::storage::sqlite
