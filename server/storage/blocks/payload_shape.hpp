#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage::blocks {

/// Where a value stands in a shape. JSON has no such byte outside of escapes.
inline constexpr char slot = '\x01';

/// Takes a compact JSON text apart: `shape` becomes the text with each scalar value replaced by `slot`
/// (`{"metrics":{"t":\x01}}`), and `values` are appended those scalars as they are spelled, in order. Put
/// back in their slots they give the text again, byte for byte, whatever text it was. False, with nothing
/// appended, where the text can't be taken apart.
[[nodiscard]] bool take_apart(std::string_view text, std::string& shape,
                              std::vector<std::string_view>& values);

/// The path of each slot of a shape in order: the names on the way, each as a JSON string as it is spelled
/// there (`"metrics""temperature_c"`); of values in an array, the array's.
[[nodiscard]] std::vector<std::string> slot_paths(std::string_view shape);

} // namespace breakwater::storage::blocks
