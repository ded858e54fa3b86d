#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

// Zstandard (RFC 8878), with the content checksum of the frame.
namespace breakwater::storage::blocks {

void append_compressed(std::string& out, std::string_view bytes);

/// `malformed` if the frame is damaged, contains more than `max_size` bytes, or is followed by other bytes.
[[nodiscard]] result<std::string> decompressed(std::string_view frame, std::size_t max_size);

} // namespace breakwater::storage::blocks
