#pragma once

#include "storage/blocks/block.hpp"
#include "storage/engine/block_entry.hpp"
#include "storage/engine/damage_log.hpp"
#include "storage/engine/write_buffer_index.hpp"
#include "storage/series_store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::storage::engine {

/// Iterates over the readings of one device in either order, from its blocks and the write buffer. Reads each
/// block only when it is reached. A damaged block is reported and skipped.
class reading_walk {
public:
    /// `buffered`: the device's buffered readings in this snapshot.
    reading_walk(series_tables& tables, damage_log& damage, device_key device, const reading_filter& filter,
                 reading_order order, std::optional<reading_position> after,
                 std::vector<buffered_reading> buffered);

    /// The next reading; empty at the end.
    result<std::optional<reading>> next();

private:
    [[nodiscard]] bool matches(const reading_position& position, bool simulated) const noexcept;
    [[nodiscard]] bool comes_before(const reading_position& a, const reading_position& b) const noexcept {
        return newest_first_ ? b < a : a < b;
    }
    [[nodiscard]] std::optional<reading_position> buffered_position();
    result<std::optional<reading_position>> block_position();
    result<bool> open_next_block();
    result<std::optional<block_entry>> next_entry();
    result<std::optional<reading>> read_buffered();

    series_tables& tables_;
    damage_log& damage_;
    const reading_filter& filter_;
    const device_key device_;
    const bool newest_first_;
    const std::optional<reading_position> after_;
    timestamp lowest_ = timestamp::min(); ///< both inclusive
    timestamp highest_ = timestamp::max();
    std::vector<buffered_reading> buffered_; ///< in the order of the walk
    std::size_t next_buffered_ = 0;
    std::size_t buffered_batch_ = 4; ///< grows: most walks end early
    std::size_t read_through_ = 0;   ///< entries before this one of `buffered_` were read
    std::vector<reading> read_;      ///< those of them that exist
    std::size_t next_read_ = 0;
    std::size_t entry_batch_ = 2; ///< grows, too
    std::vector<block_entry> entries_;
    std::size_t next_entry_ = 0;
    std::optional<reading_position> last_entry_; ///< begin of the last entry that was fetched
    bool more_entries_ = true;                   ///< the tables may have more
    bool more_blocks_ = true;
    std::optional<blocks::block> block_;
    std::size_t next_row_ = 0; ///< of `block_`, counted in the order of the walk
};

} // namespace breakwater::storage::engine
