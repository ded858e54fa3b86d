#pragma once

#include "storage/blocks/block.hpp"
#include "storage/series_store.hpp"
#include "storage/sqlite/block_entry.hpp"
#include "storage/sqlite/damage_log.hpp"
#include "storage/sqlite/write_buffer_index.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::storage::sqlite {

/// Iterates over the readings of one device in either order, from its blocks and the write buffer. Reads each
/// block only when it is reached. A damaged block is reported and skipped.
class reading_walk {
public:
    /// `buffered`: the device's buffered readings in this snapshot.
    reading_walk(connection& db, damage_log& damage, device_key device, const reading_filter& filter,
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
    result<std::optional<reading>> read_buffered();

    connection& db_;
    damage_log& damage_;
    const reading_filter& filter_;
    const device_key device_;
    const bool newest_first_;
    const std::optional<reading_position> after_;
    timestamp lowest_ = timestamp::min(); ///< both inclusive
    timestamp highest_ = timestamp::max();
    std::vector<buffered_reading> buffered_; ///< in the order of the walk
    std::size_t next_buffered_ = 0;
    statement entries_;
    bool more_blocks_ = true;
    std::optional<blocks::block> block_;
    std::size_t next_row_ = 0; ///< of `block_`, counted in the order of the walk
};

} // namespace breakwater::storage::sqlite
