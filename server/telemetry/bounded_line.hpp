#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>

namespace breakwater::telemetry {

/// As std::getline, in bounded memory: of a line longer than `most` bytes `line` gets somewhat more than
/// `most` bytes, and the rest of it is passed over. False at the end. `bytes` grows by what was read.
bool read_bounded_line(std::istream& from, std::string& line, std::size_t most, std::uint64_t& bytes);

} // namespace breakwater::telemetry
