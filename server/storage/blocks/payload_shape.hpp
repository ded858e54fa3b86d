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

/// The name of each slot of a shape in order, as domain/field_name.hpp has it; empty where it has none.
[[nodiscard]] std::vector<std::string> slot_names(std::string_view shape);

} // namespace breakwater::storage::blocks
