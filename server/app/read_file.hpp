#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace breakwater::app {

/// Reads a small file. Errors: `not_found`, `too_large` if it has more than `max_bytes`, else `bad_state`.
/// The error text names the file.
[[nodiscard]] result<std::string> read_file(const std::filesystem::path& file, std::size_t max_bytes);

/// Reads an open descriptor to its end. The error text contains `name`.
[[nodiscard]] result<std::string> read_descriptor(int descriptor, std::size_t max_bytes,
                                                  const std::string& name);

} // namespace breakwater::app
