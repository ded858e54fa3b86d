#pragma once

#include <string_view>

namespace breakwater::storage::blocks {

/// True if a field name from version 1 of rollups and last values is invalid today or names another field
/// today. Version 1 joined keys with dots without escaping, and gave the first value of an array the name of
/// the array.
[[nodiscard]] bool is_obsolete_name(std::string_view name);

} // namespace breakwater::storage::blocks
