#pragma once

#include "storage/blocks/payload_values.hpp"
#include "storage/blocks/rollup.hpp"
#include "storage/engine/block_entry.hpp"
#include "storage/engine/rollups.hpp"
#include "storage/series.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace breakwater::storage::engine {

/// Answers a series query. Whole buckets come from the coarsest rollups that fit, the ends of the range from
/// finer rollups, and the parts that no rollup covers from the blocks. Adds the buffered readings at the end.
class series_reader {
public:
    series_reader(series_tables& tables, damage_log& damage, device_key device, const series_query& query)
        : tables_{tables}, damage_{damage}, device_{device}, query_{query}, results_(query.fields.size()) {}

    /// `buffered`: the device's buffered readings in this snapshot.
    result<std::vector<series>> read(const std::vector<buffered_reading>& buffered);

private:
    struct range {
        timestamp from;
        timestamp to;
    };

    void add(std::size_t field, timestamp at, const aggregate& values);
    [[nodiscard]] timestamp bucket_of(timestamp at) const;
    /// Reads rollups for the range, or requests raw readings. `levels`: the number of rollup levels to use,
    /// finest first.
    result<void> cover(range span, bool simulated, std::size_t levels);
    /// The same for a range of whole buckets of the coarsest level. Buckets that a bound divides are covered
    /// by finer levels.
    result<void> cover_whole(range span, bool simulated, std::size_t levels);
    result<void> read_chunks(range span, bool simulated, std::size_t levels);
    result<void> read_blocks();
    result<void> read_block(std::int64_t block);
    result<void> read_buffered(const std::vector<buffered_reading>& buffered);
    void add_buffered(const reading& item);
    /// Adds the range to those that are read from blocks.
    void request_raw(range span, bool simulated) { raw_[simulated ? 1 : 0].push_back(span); }
    [[nodiscard]] bool needs_raw(timestamp at, bool simulated) const;

    series_tables& tables_;
    damage_log& damage_;
    const device_key device_;
    const series_query& query_;
    blocks::payload_values numbers_;
    std::vector<series> results_;
    /// Ranges to read from blocks, for real and for simulated readings; sorted and merged in `read_blocks`.
    std::array<std::vector<range>, 2> raw_;
};

} // namespace breakwater::storage::engine
