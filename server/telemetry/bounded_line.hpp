#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::telemetry {

/// Reads the next line in bounded memory: `line` gets at most `max_size` + 1 bytes, and the rest of a longer
/// line is skipped. Lines end with LF, CRLF or CR; a file may mix them. Returns the line ending, which is
/// empty for a last line without one. Returns nothing at the end of the file and on a read error
/// (`input.bad()` then). `bytes` grows by the number of bytes read.
[[nodiscard]] std::optional<std::string_view> read_bounded_line(std::istream& input, std::string& line,
                                                                std::size_t max_size, std::uint64_t& bytes);

} // namespace breakwater::telemetry
