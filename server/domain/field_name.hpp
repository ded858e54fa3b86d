#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The name of a value in a payload, the same for series, last values, CSV, rules and clients. It is the way
// to the value: keys, joined by dots, each followed by the numbers of elements where it is an array:
// `metrics.temperature_c`, `gps[0]`, `rooms[2].co2`. In a key, `\` goes before each of `\ . , [ ]`; the empty
// key is written `\e`. So each way has one name, and each name is one way. Decision 28.
namespace breakwater {

/// A member's key, or an element's number.
using field_step = std::variant<std::string, std::size_t>;
/// The first is a key, for a payload is an object.
using field_path = std::vector<field_step>;

inline constexpr std::size_t max_field_steps = 32; ///< no payload is nested deeper
/// So many values within an array have names, those of what is nested in it counted with it. So an index is
/// less than this.
inline constexpr std::size_t max_array_values = 64;

/// The name of the member `key` of what `name` names; an empty `name` is the payload itself.
void append_field_key(std::string& name, std::string_view key);
/// The name of an element of what `name` names.
void append_field_index(std::string& name, std::size_t index);
[[nodiscard]] std::string write_field_name(std::span<const field_step> path);

/// `invalid_input` where the text isn't a name, with a sentence that says why and at which byte; `too_large`
/// where it would be one of a value beyond the bounds.
[[nodiscard]] result<field_path> parse_field_name(std::string_view name);

/// What is between the commas that belong to no name. Never empty.
[[nodiscard]] std::vector<std::string_view> split_field_names(std::string_view list);

} // namespace breakwater
