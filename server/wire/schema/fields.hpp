#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::wire::schema {

// Field types with validation rules. Parsing enforces the rules and the OpenAPI document describes them.
// A described struct may also have members of type bool, double, timestamp, uuid, the enums of enum_names.hpp
// and std::optional of any of these; a response also std::int64_t, std::string, std::vector, std::array and
// other described structs.
//
// In a body, an optional member may be absent or null and every other member is required. In a query, no
// parameter is required; a member keeps its initialiser if its parameter is absent. A response has every
// member; an empty optional is null, and only an empty `omittable` is left out.

/// Any text of `Min` to `Max` Unicode code points.
template <std::size_t Min, std::size_t Max>
struct text {
    std::string value;
};

/// Text without control characters, for lists, logs and file names.
template <std::size_t Min, std::size_t Max>
struct line {
    std::string value;
};

/// Text in a format that this layer does not check (a token, a secret); only its length is bounded.
using any_text = text<0, 4096>;

/// An address in the form that `normalise_email` returns.
struct email_address {
    std::string value;
};

/// A whole number from `Min` to `Max`, inclusive.
template <std::int64_t Min, std::int64_t Max>
struct integer {
    std::int64_t value = Min;
};

/// A JSON object as compact text; numbers and strings keep their spelling.
struct json_object {
    std::string text;
};

/// A JSON string, number, boolean or null; keeps its spelling.
struct json_scalar {
    std::string text;
};

// Only in responses. The texts of views live elsewhere until the response is written.

/// A JSON object as compact text.
struct json_object_view {
    std::string_view text;
};

/// A JSON string as a token with its quotes, such as one that a client sent.
struct json_string_view {
    std::string_view token = "\"\"";
};

/// An array whose elements are JSON texts of the types `Elements`, separated by commas.
template <class... Elements>
struct json_array_view {
    std::string_view elements;
};

/// A member that is left out if it is empty.
template <class T>
struct omittable {
    std::optional<T> value;
};

template <std::size_t Size>
struct fixed_text {
    constexpr fixed_text(const char (&text)[Size]) noexcept { // NOLINT(google-explicit-constructor)
        for (std::size_t i = 0; i < Size; ++i)
            characters[i] = text[i];
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {characters, Size - 1}; }
    char characters[Size]{};
};

/// A string that is always the same, such as the `type` of a message. It needs no escaping.
template <fixed_text Text>
struct constant {};

} // namespace breakwater::wire::schema
