#pragma once

#include "storage/blocks/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

// Columns of integers. The encoder uses the form that takes the fewest bits: the difference of each value
// from the first value, the difference from the value before, or the difference of these differences
// (Pelkonen et al., "Gorilla", VLDB 2015, section 4.1.1). Each number is written as ZigZag in LEB128.
// Removing repetitions is left to the compressor.
namespace breakwater::storage::blocks {

/// Approximate size of the output of `put_integers` in bits, before compression.
[[nodiscard]] std::uint64_t estimated_bits(std::span<const std::int64_t> values) noexcept;

void put_integers(std::string& out, std::span<const std::int64_t> values);
/// Returns exactly `count` values; fewer if the source fails.
[[nodiscard]] std::vector<std::int64_t> read_integers(byte_source& source, std::size_t count);

/// Writes times in microseconds, relative to one of the columns in `beside` if that is shorter. Times in
/// whole seconds, or times that repeat one of these columns, then need almost no space. REQUIRES: each column
/// in `beside` has as many values as `values`.
void put_times(std::string& out, std::span<const std::int64_t> values,
               std::span<const std::span<const std::int64_t>> beside);
[[nodiscard]] std::vector<std::int64_t> read_times(byte_source& source, std::size_t count,
                                                   std::span<const std::span<const std::int64_t>> beside);

} // namespace breakwater::storage::blocks
