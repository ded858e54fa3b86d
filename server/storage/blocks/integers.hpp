#pragma once

#include "storage/blocks/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

// Columns of whole numbers, written as whichever takes the fewest bits: the values less the first one, the
// differences between neighbours, or the differences of the differences (Pelkonen et al., "Gorilla", VLDB
// 2015, section 4.1.1), each ZigZag-coded in LEB128. What repeats is left to the compressor that follows.
namespace breakwater::storage::blocks {

/// About how many bits `put_integers` needs, before any compressor.
[[nodiscard]] std::uint64_t bits_of(std::span<const std::int64_t> values) noexcept;

void put_integers(std::string& out, std::span<const std::int64_t> values);
/// Exactly `count` values; fewer, with the source failed, where the bytes don't hold as many.
[[nodiscard]] std::vector<std::int64_t> take_integers(byte_source& from, std::size_t count);

/// Times in microseconds, beside other columns of times that they may follow. A device's clock that counts
/// seconds, or a time that is repeated inside the payload, then costs next to nothing. Each of `beside` has
/// as many values as `values`.
void put_times(std::string& out, std::span<const std::int64_t> values,
               std::span<const std::span<const std::int64_t>> beside);
[[nodiscard]] std::vector<std::int64_t> take_times(byte_source& from, std::size_t count,
                                                   std::span<const std::span<const std::int64_t>> beside);

} // namespace breakwater::storage::blocks
