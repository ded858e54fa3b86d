#pragma once

#include "domain/reading.hpp"
#include "storage/reading_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/hot_index.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace breakwater::storage::sqlite {

/// About how many readings go into a block, and below how many it is small: then the next fold adds to it.
inline constexpr std::size_t block_size = 512;
inline constexpr std::int64_t small_block = 256;

/// A row of `block_entries`: what a block holds, without its bytes.
struct block_entry {
    reading_position first;
    reading_position last;
    std::int64_t count = 0;
    std::int64_t simulated = 0;
    std::int64_t block = 0; ///< its key in `blocks`; 0: not stored yet

    [[nodiscard]] bool holds(const reading_position& at) const noexcept {
        return !(at < first) && !(last < at);
    }
};

/// The blocks of the device ?1, the last first, from the one that may hold the time ?2.
inline constexpr const char* entries_backwards =
    "SELECT first_received, first_id, last_received, last_id, count, simulated, block FROM block_entries"
    " WHERE device = ?1 AND first_received <= ?2 ORDER BY first_received DESC, first_id DESC";
/// The same, the first first: where several begin with one time, more of them than may hold it.
inline constexpr const char* entries_forwards =
    "SELECT first_received, first_id, last_received, last_id, count, simulated, block FROM block_entries"
    " WHERE device = ?1 AND first_received >= ifnull((SELECT max(first_received) FROM block_entries"
    " WHERE device = ?1 AND first_received < ?2), ?2) ORDER BY first_received, first_id";
/// A row of either.
[[nodiscard]] block_entry read_entry(const statement& row);
/// The bytes of a block; `not_found` where it is gone.
result<std::string> block_bytes(connection& db, std::int64_t block);

/// Stores the readings, sorted by position and of one device, as one block. REQUIRES: at most
/// `blocks::max_rows`, none of them in another block's range. `bytes` is what `blocks::encode` made of them.
result<void> insert_block(connection& db, device_key device, std::span<const reading> readings,
                          const std::string& bytes);
/// Whether it is still there.
result<bool> block_stands(connection& db, device_key device, const block_entry& asked);
/// REQUIRES: it is there.
result<void> remove_block(connection& db, device_key device, const block_entry& removed);

} // namespace breakwater::storage::sqlite
