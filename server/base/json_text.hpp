#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater {

enum class json_kind : std::uint8_t { null, boolean, number, string, array, object };

/// The kind of a value, from its first character.
[[nodiscard]] constexpr json_kind json_kind_of(char first) noexcept {
    switch (first) {
    case '{': return json_kind::object;
    case '[': return json_kind::array;
    case '"': return json_kind::string;
    case 't':
    case 'f': return json_kind::boolean;
    case 'n': return json_kind::null;
    default: return json_kind::number;
    }
}

/// A JSON document that passed every check, without the white space between its tokens. Numbers and strings
/// keep their original spelling, so no conversion changes a payload.
struct json_document {
    struct member {
        std::string key; ///< unescaped
        json_kind kind;
        std::size_t offset; ///< of the value in `text`
        std::size_t length;
    };

    std::string text;
    json_kind kind = json_kind::null;
    std::vector<member> members; ///< of the top-level object, in order; empty for other kinds

    [[nodiscard]] const member* find(std::string_view key) const noexcept;
    [[nodiscard]] std::string_view value(const member& entry) const noexcept {
        return std::string_view{text}.substr(entry.offset, entry.length);
    }
};

/// Reads a JSON text (RFC 8259). Fails with `errc::malformed` and a sentence that names the byte. Beyond the
/// grammar it refuses duplicate names in an object, invalid UTF-8, lone surrogates, numbers outside the range
/// of a double, nesting deeper than `max_depth`, and anything after the value. One pass, no tree, no
/// recursion; comparing names takes at most n log n steps for any choice of names.
[[nodiscard]] result<json_document> read_json(std::string_view text, std::size_t max_depth = 32);

/// Checks that a text is valid JSON (RFC 8259). Accepts some texts that `read_json` refuses: duplicate names,
/// lone surrogates, large numbers, nesting up to 1,000 levels. Fails with `errc::malformed` and a sentence
/// that names the byte.
[[nodiscard]] result<void> check_json(std::string_view text);

/// The elements of a JSON array, unchanged, without the white space around them. Does not check the elements:
/// read each with `read_json`. `malformed` if the brackets do not form one array, `too_large` if it has more
/// than `max_elements` elements.
[[nodiscard]] result<std::vector<std::string_view>> split_json_array(std::string_view text,
                                                                     std::size_t max_elements);

/// The position after the closing quote of the string token that begins with the quote at `at`; npos if the
/// string is not closed.
[[nodiscard]] std::size_t json_string_end(std::string_view text, std::size_t at) noexcept;

/// Appends `value` as a JSON string with quotes. Escapes control characters (also DEL and C1: they affect
/// terminals) and replaces invalid UTF-8 by U+FFFD.
void append_json_string(std::string& out, std::string_view value);

/// The position of the first byte that is not valid UTF-8 (Unicode 15, table 3-7); nothing if all is valid.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept;

/// The text of a JSON string token. REQUIRES: the token has its quotes and was checked by `read_json`.
[[nodiscard]] std::string unescape_json_string(std::string_view token);

} // namespace breakwater
