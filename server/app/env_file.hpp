#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace breakwater::app {

/// Environment variables: names and values.
using variables = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t max_env_file_bytes = std::size_t{256} * 1024;

/// Parses the text of a .env file: `NAME=value` lines with an optional `export `, and `#` comments (after a
/// value, only after whitespace). Single quotes keep a value as it is; double quotes allow the escapes
/// `\n \t \" \\` (so that a PEM key fits on a line). The last value of a name wins. `malformed` names the
/// line and, from `name`, the file.
[[nodiscard]] result<variables> parse_env(std::string_view text, std::string_view name);

/// Reads a .env file. A missing file counts as empty; an unreadable file, or one larger than
/// `max_env_file_bytes`, is an error.
[[nodiscard]] result<variables> read_env_file(const std::filesystem::path& file);

} // namespace breakwater::app
