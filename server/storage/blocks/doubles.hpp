#pragma once

#include "storage/blocks/bytes.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace breakwater::storage::blocks {

/// Numbers as whole multiples of a power of ten, where all of them are such: then as `put_integers` writes
/// them. Else as the bits in which neighbours differ (the XOR of Pelkonen et al., "Gorilla", VLDB 2015,
/// section 4.1.2, in LEB128). Each comes back as it was, bit by bit.
void put_doubles(std::string& out, std::span<const double> values);
[[nodiscard]] std::vector<double> take_doubles(byte_source& from, std::size_t count);

} // namespace breakwater::storage::blocks
