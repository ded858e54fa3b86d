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

// Aggregates of the numbers in readings by minute, hour and day, kept in chunks of some dozen buckets: so
// that a year is read as fast as an hour. Times are `measured_at`. docs/storage.md describes the format.
namespace breakwater::storage::blocks {

enum class rollup_level : std::uint8_t { minute, hour, day };
inline constexpr std::array rollup_levels{rollup_level::minute, rollup_level::hour, rollup_level::day};

[[nodiscard]] std::chrono::microseconds bucket_width(rollup_level of) noexcept;
/// How long a chunk is: a whole number of buckets, at most 240.
[[nodiscard]] std::chrono::microseconds chunk_width(rollup_level of) noexcept;

/// Fields in a chunk: what more a device thinks of isn't rolled up.
inline constexpr std::size_t max_rolled_fields = 256;

/// The buckets of one chunk by field.
class rollup_chunk {
public:
    using buckets = std::vector<std::pair<std::int64_t, aggregate>>; ///< by number within the chunk, from 0

    /// Merges. A field past the bound is left out, and `is_complete` says so.
    void add(std::string_view field, std::int64_t bucket, const aggregate& what);
    void merge(const rollup_chunk& other);

    /// Null where no bucket has the field.
    [[nodiscard]] const buckets* find(std::string_view field) const;
    [[nodiscard]] bool is_complete() const noexcept { return complete_; }
    [[nodiscard]] std::size_t fields() const noexcept { return fields_.size(); }
    /// About what it takes in memory.
    [[nodiscard]] std::size_t bytes() const noexcept;

    /// `begins`: the chunk's begin, which isn't written.
    [[nodiscard]] std::string write(rollup_level level, timestamp begins) const;
    /// `malformed` where the bytes are damaged or come from a newer version.
    [[nodiscard]] static result<rollup_chunk> read(std::string_view bytes, rollup_level level,
                                                   timestamp begins);

private:
    std::map<std::string, buckets, std::less<>> fields_;
    bool complete_ = true;
};

/// What some readings add to the rollups of their device.
struct rollup_part {
    rollup_level level;
    bool simulated;
    timestamp begins; ///< of the chunk
    rollup_chunk chunk;
    /// Of minutes: its readings are so few that looking at them is as fast, and the chunk has nothing.
    bool sparse;
};

/// What those rows of a device's blocks whose ids are in `ids` (sorted) add. Works on the columns: reading
/// the payloads again would cost ten times as much. `malformed` where a block is damaged.
[[nodiscard]] result<std::vector<rollup_part>> roll_up(std::span<const block> from,
                                                       std::span<const reading_id> ids);

} // namespace breakwater::storage::blocks
