#pragma once

#include "storage/blocks/payload_values.hpp"
#include "storage/blocks/rollup.hpp"
#include "storage/series.hpp"
#include "storage/sqlite/block_entry.hpp"
#include "storage/sqlite/rollups.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace breakwater::storage::sqlite {

/// Answers a question of series: whole buckets from the coarsest rollups that fit, the ends from finer ones,
/// what is finer than those from the blocks, what is not in blocks yet from the hot readings.
class series_reader {
public:
    series_reader(connection& db, damage_log& damage, device_key device, const series_question& asked)
        : db_{db}, damage_{damage}, device_{device}, asked_{asked}, found_(asked.fields.size()) {}

    /// `hot` is what the snapshot shows of the device's hot readings.
    result<std::vector<series>> read(const std::vector<hot_entry>& hot);

private:
    struct range {
        timestamp from;
        timestamp to;
    };

    void add(std::size_t field, timestamp at, const aggregate& what);
    [[nodiscard]] timestamp bucket_of(timestamp at) const;
    /// `level`: how many of the rollup levels may be used.
    result<void> cover(range asked, bool simulated, std::size_t levels);
    /// The same for whole buckets of the coarsest of the levels: those that a bound cuts are left to finer
    /// ones.
    result<void> cover_whole(range asked, bool simulated, std::size_t levels);
    result<void> read_chunks(range asked, bool simulated, std::size_t levels);
    result<void> read_blocks();
    result<void> read_blocks_of(int span);
    result<void> read_block(std::int64_t block);
    result<void> read_hot(const std::vector<hot_entry>& hot);
    /// Notes that the blocks are to be looked at for it.
    void want_raw(range asked, bool simulated) { raw_[simulated ? 1 : 0].push_back(asked); }
    [[nodiscard]] bool wants_raw(timestamp at, bool simulated) const;

    connection& db_;
    damage_log& damage_;
    const device_key device_;
    const series_question& asked_;
    blocks::payload_values numbers_;
    std::vector<series> found_;
    std::array<std::vector<range>, 2>
        raw_; ///< of real and simulated readings; sorted and joined for the blocks
};

} // namespace breakwater::storage::sqlite
