#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

// Zstandard (RFC 8878), with the frame's content checksum.
namespace breakwater::storage::blocks {

void append_compressed(std::string& out, std::string_view bytes);

/// `malformed` where the frame is damaged, holds more than `most` bytes, or is followed by anything.
[[nodiscard]] result<std::string> decompressed(std::string_view frame, std::size_t most);

} // namespace breakwater::storage::blocks
