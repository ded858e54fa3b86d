#pragma once

#include "storage/blocks/bytes.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace breakwater::storage::blocks {

/// Writes numbers without loss, bit by bit. If all are multiples of the same power of ten (10^0 to 10^-9),
/// writes the integer factors with `put_integers`. Otherwise writes the XOR of each number's bits with those
/// of the number before it, in LEB128 (Pelkonen et al., "Gorilla", VLDB 2015, section 4.1.2).
void put_doubles(std::string& out, std::span<const double> values);
[[nodiscard]] std::vector<double> read_doubles(byte_source& source, std::size_t count);

} // namespace breakwater::storage::blocks
