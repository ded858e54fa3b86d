#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace breakwater::app {

/// Names and values of an environment.
using variables = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t max_env_file_bytes = std::size_t{256} * 1024;

/// The text of a .env file: `NAME=value` lines, `#` comments (after a value, behind a blank), an optional
/// `export `. A value in single quotes is taken as it stands, one in double quotes may have the escapes
/// `\n \t \" \\` (so that a PEM key fits on a line). Of a name set twice the last counts. `malformed` names
/// the line; `name` is the file's, for that sentence.
[[nodiscard]] result<variables> parse_env(std::string_view text, std::string_view name);

/// Reads such a file. One that isn't there is an empty one; one that can't be read, or is over
/// `max_env_file_bytes`, is a failure.
[[nodiscard]] result<variables> read_env_file(const std::filesystem::path& file);

} // namespace breakwater::app
