#pragma once

#include "domain/reading.hpp"
#include "storage/series_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace breakwater::storage::engine {

/// The intended number of readings in a block.
inline constexpr std::size_t block_size = 512;
/// A block with fewer readings is small: the next compaction adds to it.
inline constexpr std::int64_t small_block = 256;

/// Describes a block of a device, without its bytes. The blocks of a device don't overlap.
struct block_entry {
    reading_position first;
    reading_position last;
    std::int64_t count = 0;
    std::int64_t simulated = 0;
    std::int64_t block = 0; ///< key of the block; 0: not stored yet

    [[nodiscard]] bool holds(const reading_position& position) const noexcept {
        return !(position < first) && !(last < position);
    }
};

/// What a backend stores about a new block, besides its bytes.
struct block_description {
    block_entry entry;
    std::optional<timestamp>
        first_real; ///< `received_at` of the first and the last reading that isn't simulated
    std::optional<timestamp> last_real;
    timestamp first_measured{};
    timestamp last_measured{};
    int span = 0; ///< bit width of the time between the two, in microseconds
};

/// REQUIRES: `readings` of one device, sorted by position, at least one.
[[nodiscard]] block_description describe(std::span<const reading> readings);

} // namespace breakwater::storage::engine
