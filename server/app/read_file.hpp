#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>

namespace breakwater::app {

/// The whole of a small file. `not_found` where there is none, `too_large` over `max_bytes`, else
/// `bad_state`, each in a sentence that names the file.
[[nodiscard]] result<std::string> read_file(const std::filesystem::path& file, std::size_t max_bytes);

/// The same from an open descriptor, up to its end; `name` stands for it in the sentence.
[[nodiscard]] result<std::string> read_descriptor(int descriptor, std::size_t max_bytes,
                                                  const std::string& name);

} // namespace breakwater::app
