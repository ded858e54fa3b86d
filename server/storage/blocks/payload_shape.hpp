#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage::blocks {

/// Marks the place of a value in a shape. Valid JSON contains this byte only in escaped form.
inline constexpr char slot = '\x01';

/// Splits a compact JSON text into its shape and its values. `shape` becomes the text with each scalar
/// replaced by `slot` (`{"metrics":{"t":\x01}}`). Appends the scalars to `values`, in order and spelled as in
/// the text. Putting the values back into the slots gives the text again, byte for byte; this holds for any
/// input text. Returns false and appends nothing if the text cannot be split.
[[nodiscard]] bool split_payload(std::string_view text, std::string& shape,
                                 std::vector<std::string_view>& values);

/// The field name of each slot, in order, spelled as in domain/field_name.hpp; empty if the slot has no name.
[[nodiscard]] std::vector<std::string> slot_names(std::string_view shape);

} // namespace breakwater::storage::blocks
