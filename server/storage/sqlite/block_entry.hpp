#pragma once

#include "domain/reading.hpp"
#include "storage/series_store.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/write_buffer_index.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace breakwater::storage::sqlite {

/// The intended number of readings in a block.
inline constexpr std::size_t block_size = 512;
/// A block with fewer readings is small: the next compaction adds to it.
inline constexpr std::int64_t small_block = 256;

/// A row of `block_entries`: describes a block, without its bytes.
struct block_entry {
    reading_position first;
    reading_position last;
    std::int64_t count = 0;
    std::int64_t simulated = 0;
    std::int64_t block = 0; ///< key in `blocks`; 0: not stored yet

    [[nodiscard]] bool holds(const reading_position& position) const noexcept {
        return !(position < first) && !(last < position);
    }
};

/// The blocks of device ?1, last first, beginning with the one that may hold the time ?2.
inline constexpr const char* entries_backwards =
    "SELECT first_received, first_id, last_received, last_id, count, simulated, block FROM block_entries"
    " WHERE device = ?1 AND first_received <= ?2 ORDER BY first_received DESC, first_id DESC";
/// The same, first first. If several blocks begin at the same time, the result may include blocks before ?2.
inline constexpr const char* entries_forwards =
    "SELECT first_received, first_id, last_received, last_id, count, simulated, block FROM block_entries"
    " WHERE device = ?1 AND first_received >= ifnull((SELECT max(first_received) FROM block_entries"
    " WHERE device = ?1 AND first_received < ?2), ?2) ORDER BY first_received, first_id";
/// Reads a row of either statement.
[[nodiscard]] block_entry read_entry(const statement& row);
/// The bytes of a block; `not_found` if it doesn't exist.
result<std::string> block_bytes(connection& db, std::int64_t block);

/// Stores readings of one device, sorted by position, as one block. `bytes` is the result of `blocks::encode`
/// for them. REQUIRES: at most `blocks::max_rows` readings, none in the range of another block.
result<void> insert_block(connection& db, device_key device, std::span<const reading> readings,
                          const std::string& bytes);
/// Whether the block still exists.
result<bool> block_exists(connection& db, device_key device, const block_entry& entry);
/// REQUIRES: the block exists.
result<void> remove_block(connection& db, device_key device, const block_entry& removed);

} // namespace breakwater::storage::sqlite
