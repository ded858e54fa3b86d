#pragma once

#include "storage/blocks/block.hpp"
#include "storage/reading_store.hpp"
#include "storage/sqlite/block_entry.hpp"
#include "storage/sqlite/damage_log.hpp"
#include "storage/sqlite/hot_index.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::storage::sqlite {

/// The readings of one device in either order, out of its blocks and its hot readings. Reads no block before
/// it gets to it. A damaged block is reported, and left out.
class reading_walk {
public:
    /// `hot` is what the snapshot shows of the device's hot readings.
    reading_walk(connection& db, damage_log& damage, device_key device, const reading_filter& filter,
                 reading_order order, std::optional<reading_position> after, std::vector<hot_entry> hot);

    /// The next one, or nothing at the end.
    result<std::optional<reading>> next();

private:
    [[nodiscard]] bool wants(const reading_position& at, bool simulated) const noexcept;
    [[nodiscard]] bool comes_before(const reading_position& a, const reading_position& b) const noexcept {
        return newest_first_ ? b < a : a < b;
    }
    [[nodiscard]] std::optional<reading_position> hot_position();
    result<std::optional<reading_position>> block_position();
    result<bool> open_next_block();
    result<std::optional<reading>> take_hot();

    connection& db_;
    damage_log& damage_;
    const reading_filter& filter_;
    const device_key device_;
    const bool newest_first_;
    const std::optional<reading_position> after_;
    timestamp lowest_ = timestamp::min(); ///< both inclusive
    timestamp highest_ = timestamp::max();
    std::vector<hot_entry> hot_; ///< in the walk's order
    std::size_t next_hot_ = 0;
    statement entries_;
    bool more_blocks_ = true;
    std::optional<blocks::block> block_;
    std::size_t next_row_ = 0; ///< counted in the walk's order
};

} // namespace breakwater::storage::sqlite
