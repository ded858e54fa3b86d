#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace breakwater::api::schema {

// Field types that carry their rule: it is checked where input is parsed and told in the OpenAPI document.
// Beside these a described struct may have bool, double, timestamp, uuid, the enums of enum_names.hpp and
// std::optional of any; a response also std::int64_t, std::string, std::vector, std::array and other
// described structs.
//
// In a body an optional member may be absent or null and everything else is required. In a query nothing is
// required, and what is absent keeps its member initialiser. In a response every member is written, an empty
// optional as null.

/// `Min` to `Max` Unicode code points, any.
template <std::size_t Min, std::size_t Max>
struct text {
    std::string value;
};

/// The same without control characters: what ends up in lists, logs and file names.
template <std::size_t Min, std::size_t Max>
struct line {
    std::string value;
};

/// Text whose form is somebody else's business (a token, a secret): bounded and nothing more.
using any_text = text<0, 4096>;

/// An address as `normalise_email` made it.
struct email_address {
    std::string value;
};

/// A whole number within the bounds, both allowed.
template <std::int64_t Min, std::int64_t Max>
struct integer {
    std::int64_t value = Min;
};

/// A JSON object, kept as compact text, its numbers and strings as they were spelled.
struct json_object {
    std::string text;
};

/// A string, a number, a boolean or null, as it was spelled.
struct json_scalar {
    std::string text;
};

} // namespace breakwater::api::schema
