#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The name of a value in a payload. Series, last values, CSV, rules and clients all use it. It is the path to
// the value: keys joined by dots, and array indexes in brackets: `metrics.temperature_c`, `gps[0]`,
// `rooms[2].co2`. In a key, each of `\ . , [ ]` is escaped with `\`; the empty key is written `\e`. Each path
// has exactly one name, and each name exactly one path. Decision 0028.
namespace breakwater {

/// A member's key, or an array index.
using field_step = std::variant<std::string, std::size_t>;
/// The first step is a key, because a payload is an object.
using field_path = std::vector<field_step>;

inline constexpr std::size_t max_field_steps = 32; ///< payloads are not nested deeper
/// The number of values within an array that have names, including nested values. An index is always less
/// than this.
inline constexpr std::size_t max_array_values = 64;

/// Turns the name of an object into the name of its member `key`. An empty `name` is the payload itself.
void append_field_key(std::string& name, std::string_view key);
/// Turns the name of an array into the name of its element `index`.
void append_field_index(std::string& name, std::size_t index);
[[nodiscard]] std::string write_field_name(std::span<const field_step> path);

/// `invalid_input` with a sentence (the reason and the byte) if the text is not a field name; `too_large` if
/// it exceeds `max_field_steps` or `max_array_values`.
[[nodiscard]] result<field_path> parse_field_name(std::string_view name);

/// Splits a list at the commas that are not escaped. The result is never empty.
[[nodiscard]] std::vector<std::string_view> split_field_names(std::string_view list);

} // namespace breakwater
