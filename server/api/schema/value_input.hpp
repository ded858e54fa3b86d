#pragma once

#include "api/schema/enum_names.hpp"
#include "api/schema/fields.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/json_text.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::api::schema {

/// What is wrong with a value, as a sentence that doesn't repeat it; empty where nothing is.
using complaint = std::string;

// From text, decoded and without quotes: a query parameter, or a JSON string's content. REQUIRES: it is
// UTF-8.

/// The length is counted in code points; `single_line` refuses control characters.
[[nodiscard]] complaint check_text(std::string_view text, std::size_t min, std::size_t max, bool single_line);
[[nodiscard]] complaint read_integer(std::string_view text, std::int64_t min, std::int64_t max,
                                     std::int64_t& into);

template <std::size_t Min, std::size_t Max>
complaint read_text(std::string_view from, text<Min, Max>& into) {
    complaint wrong = check_text(from, Min, Max, false);
    if (wrong.empty())
        into.value = from;
    return wrong;
}

template <std::size_t Min, std::size_t Max>
complaint read_text(std::string_view from, line<Min, Max>& into) {
    complaint wrong = check_text(from, Min, Max, true);
    if (wrong.empty())
        into.value = from;
    return wrong;
}

template <std::int64_t Min, std::int64_t Max>
complaint read_text(std::string_view from, integer<Min, Max>& into) {
    return read_integer(from, Min, Max, into.value);
}

template <named_enum Enum>
complaint read_text(std::string_view from, Enum& into) {
    if (const std::optional<Enum> known = enum_value<Enum>(from)) {
        into = *known;
        return {};
    }
    return "Must be one of: " + enum_list<Enum>(", ") + ".";
}

[[nodiscard]] complaint read_text(std::string_view from, email_address& into);
/// With the leniency of `parse_lenient_time`.
[[nodiscard]] complaint read_text(std::string_view from, timestamp& into);
[[nodiscard]] complaint read_text(std::string_view from, uuid& into);
/// From a query only: in JSON a boolean isn't text.
[[nodiscard]] complaint read_text(std::string_view from, bool& into);

// From a JSON value; `token` as json_document spells it.

[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, bool& into);
[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, double& into);
/// A text as above, or a number as `time_of_number` has it.
[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, timestamp& into);
[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, json_object& into);
[[nodiscard]] complaint read_json_value(json_kind kind, std::string_view token, json_scalar& into);

template <std::int64_t Min, std::int64_t Max>
complaint read_json_value(json_kind kind, std::string_view token, integer<Min, Max>& into) {
    return kind == json_kind::number ? read_integer(token, Min, Max, into.value) : "Must be a whole number.";
}

/// All that JSON spells as a string.
template <class T>
complaint read_json_value(json_kind kind, std::string_view token, T& into) {
    if (kind != json_kind::string)
        return "Must be a string.";
    return read_text(unescape_json_string(token), into);
}

} // namespace breakwater::api::schema
