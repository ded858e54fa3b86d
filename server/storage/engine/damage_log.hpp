#pragma once

#include "base/mutex.hpp"
#include "storage/blocks/block.hpp"
#include "storage/engine/series_tables.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_set>

namespace breakwater::storage::engine {

/// Records damaged blocks, rollups and chunks of the write buffer, and logs each of them once. Any thread may
/// call.
class damage_log {
public:
    void report_block(std::int64_t key);
    void report_rollup(std::int64_t key);
    void report_chunk(std::int64_t key);
    /// The number of damaged parts.
    [[nodiscard]] std::size_t size() const;

private:
    mutable mutex mutex_;
    std::unordered_set<std::int64_t> blocks_ GUARDED_BY(mutex_);
    std::unordered_set<std::int64_t> rollups_ GUARDED_BY(mutex_);
    std::unordered_set<std::int64_t> chunks_ GUARDED_BY(mutex_);
};

/// Reads a block with its payloads. If the block is damaged, reports it to `damage` and returns an empty
/// result. An error is a failure of the medium.
result<std::optional<blocks::block>> open_block(series_tables& tables, damage_log& damage, device_key device,
                                                std::int64_t block);

} // namespace breakwater::storage::engine
