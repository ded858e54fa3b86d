#pragma once

#include "base/result.hpp"
#include "domain/aggregate.hpp"
#include "domain/reading.hpp"
#include "storage/blocks/block.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Rollups are aggregates of the numbers in readings by minute, hour and day. They are stored in chunks of
// some dozen buckets, so reading a year is as fast as reading an hour. All times are `measured_at`.
// docs/storage.md describes the format.
namespace breakwater::storage::blocks {

enum class rollup_level : std::uint8_t { minute, hour, day };
inline constexpr std::array rollup_levels{rollup_level::minute, rollup_level::hour, rollup_level::day};

[[nodiscard]] std::chrono::microseconds bucket_width(rollup_level level) noexcept;
/// Length of a chunk: a whole number of buckets, at most 240.
[[nodiscard]] std::chrono::microseconds chunk_width(rollup_level level) noexcept;

/// Limit of fields per chunk. Further fields have no rollups.
inline constexpr std::size_t max_rolled_fields = 256;

/// One chunk: the buckets of each field.
class rollup_chunk {
public:
    /// Ascending by bucket number. The first bucket of the chunk has number 0.
    using buckets = std::vector<std::pair<std::int64_t, aggregate>>;

    /// Merges `values` into the bucket. Beyond `max_rolled_fields`, skips the field and clears `is_complete`.
    void add(std::string_view field, std::int64_t bucket, const aggregate& values);
    void merge(const rollup_chunk& other);

    /// Null if the chunk has no bucket for the field.
    [[nodiscard]] const buckets* find(std::string_view field) const;
    /// False if fields may be missing. Read a missing field from the blocks then.
    [[nodiscard]] bool is_complete() const noexcept { return complete_; }
    [[nodiscard]] std::size_t fields() const noexcept { return fields_.size(); }
    /// Approximate memory use.
    [[nodiscard]] std::size_t bytes() const noexcept;

    /// `start`: start of the chunk; the bytes do not contain it.
    [[nodiscard]] std::string write(rollup_level level, timestamp start) const;
    /// `malformed` if the bytes are damaged or come from a newer version.
    [[nodiscard]] static result<rollup_chunk> read(std::string_view bytes, rollup_level level,
                                                   timestamp start);

private:
    std::map<std::string, buckets, std::less<>> fields_;
    bool complete_ = true;
};

/// The contribution of some readings to one chunk of their device.
struct rollup_part {
    rollup_level level;
    bool simulated;
    timestamp start; ///< start of the chunk
    rollup_chunk chunk;
    /// Only for minutes: there are so few readings per minute that reading the blocks is as fast. The chunk
    /// is then empty.
    bool sparse;
};

/// Aggregates the rows of a device's blocks whose ids are in `ids` (sorted). Works on the columns, because
/// parsing the payloads would cost ten times as much. `malformed` if a block is damaged.
[[nodiscard]] result<std::vector<rollup_part>> roll_up(std::span<const block> blocks,
                                                       std::span<const reading_id> ids);

} // namespace breakwater::storage::blocks
