#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json_text.hpp"
#include "wire/schema/enum_names.hpp"
#include "wire/schema/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::wire::schema {

/// What is wrong with a value, as a sentence that does not repeat the value; empty if the value is valid.
using complaint = std::string;

// Reading from decoded text: a query parameter, or the content of a JSON string. REQUIRES: the text is UTF-8.

/// `min` and `max` count code points. `single_line` forbids control characters.
[[nodiscard]] complaint check_text(std::string_view text, std::size_t min, std::size_t max, bool single_line);
[[nodiscard]] complaint read_integer(std::string_view text, std::int64_t min, std::int64_t max,
                                     std::int64_t& out);

template <std::size_t Min, std::size_t Max>
complaint read_text(std::string_view input, text<Min, Max>& out) {
    complaint message = check_text(input, Min, Max, false);
    if (message.empty())
        out.value = input;
    return message;
}

template <std::size_t Min, std::size_t Max>
complaint read_text(std::string_view input, line<Min, Max>& out) {
    complaint message = check_text(input, Min, Max, true);
    if (message.empty())
        out.value = input;
    return message;
}

template <std::int64_t Min, std::int64_t Max>
complaint read_text(std::string_view input, integer<Min, Max>& out) {
    return read_integer(input, Min, Max, out.value);
}

template <named_enum Enum>
complaint read_text(std::string_view input, Enum& out) {
    if (const std::optional<Enum> value = enum_value<Enum>(input)) {
        out = *value;
        return {};
    }
    return "Must be one of: " + enum_list<Enum>(", ") + ".";
}

[[nodiscard]] complaint read_text(std::string_view input, email_address& out);
/// Accepts the formats of `parse_lenient_time`.
[[nodiscard]] complaint read_text(std::string_view input, timestamp& out);
[[nodiscard]] complaint read_text(std::string_view input, uuid& out);
/// Only for queries: in JSON a boolean is not text.
[[nodiscard]] complaint read_text(std::string_view input, bool& out);

// Reading from a JSON value; `token` is its text as json_document returns it.

[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, bool& out);
[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, double& out);
/// A string as above, or a number in the format of `parse_unix_time`.
[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, timestamp& out);
[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, json_object& out);
[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, json_scalar& out);

template <std::int64_t Min, std::int64_t Max>
complaint read_json_value(json_kind kind, std::string_view token, integer<Min, Max>& out) {
    return kind == json_kind::number ? read_integer(token, Min, Max, out.value) : "Must be a whole number.";
}

/// For every type that is a string in JSON.
template <class T>
complaint read_json_value(json_kind kind, std::string_view token, T& out) {
    if (kind != json_kind::string)
        return "Must be a string.";
    return read_text(unescape_json_string(token), out);
}

} // namespace breakwater::wire::schema
