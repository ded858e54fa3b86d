#pragma once

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::telemetry {

/// The next line, in bounded memory: of one longer than `most` bytes `line` gets one byte more than that, and
/// the rest of it is passed over. Lines end with LF, CRLF or CR, also with each in turn. Gives the end that
/// the line had, empty for a last line without one; nothing at the end, or where the file can't be read any
/// more (`from.bad()` then). `bytes` grows by what was read.
[[nodiscard]] std::optional<std::string_view> read_bounded_line(std::istream& from, std::string& line,
                                                                std::size_t most, std::uint64_t& bytes);

} // namespace breakwater::telemetry
