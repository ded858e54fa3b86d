#pragma once

#include <string_view>

namespace breakwater::storage::blocks {

/// Whether a field's name in version 1 of rollups and last values is none today, or another field's: in that
/// version keys were joined by dots as they were, and the first value in an array was called like the array.
[[nodiscard]] bool is_loose(std::string_view name);

} // namespace breakwater::storage::blocks
