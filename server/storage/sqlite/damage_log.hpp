#pragma once

#include "storage/blocks/block.hpp"
#include "storage/sqlite/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_set>

namespace breakwater::storage::sqlite {

/// Blocks and rollups that were found damaged: each is told to the log once, however often somebody comes
/// upon it. Any thread may call.
class damage_log {
public:
    void found(std::int64_t block);
    void found_rollup(std::int64_t key);
    [[nodiscard]] std::size_t size() const;

private:
    mutable std::mutex mutex_;
    std::unordered_set<std::int64_t> known_;
    std::unordered_set<std::int64_t> known_rollups_;
};

/// Reads a block with its payloads. Nothing, and `damage` knows, where it is damaged; an error is the
/// medium's.
result<std::optional<blocks::block>> open_block(connection& db, damage_log& damage, std::int64_t block);

} // namespace breakwater::storage::sqlite
