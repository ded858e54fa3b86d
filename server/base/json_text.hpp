#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater {

enum class json_kind : std::uint8_t { null, boolean, number, string, array, object };

/// The kind of the value that begins with this character.
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
/// keep the spelling they came in, so nothing of a payload is lost to a conversion.
struct json_document {
    struct member {
        std::string key; ///< unescaped
        json_kind kind;
        std::size_t offset; ///< of the value in `text`
        std::size_t length;
    };

    std::string text;
    json_kind kind = json_kind::null;
    std::vector<member> members; ///< the top level's, where it is an object, in order

    [[nodiscard]] const member* find(std::string_view key) const noexcept;
    [[nodiscard]] std::string_view value(const member& of) const noexcept {
        return std::string_view{text}.substr(of.offset, of.length);
    }
};

/// Reads a JSON text (RFC 8259) and refuses, with `errc::malformed` and a sentence that names the byte, all
/// that the grammar allows and a schema can't mean: duplicate names within an object, text that isn't UTF-8,
/// lone surrogates, numbers beyond a double's range, nesting over `max_depth`, anything after the value. One
/// pass, no tree, no recursion; names are compared in n log n at worst, however many there are and whoever
/// chose them.
[[nodiscard]] result<json_document> read_json(std::string_view text, std::size_t max_depth = 32);

/// Whether a text is JSON as RFC 8259 has it, whatever `read_json` refuses beside (duplicate names, lone
/// surrogates, large numbers, nesting down to 1,000): else `errc::malformed`, with a sentence that names the
/// byte.
[[nodiscard]] result<void> check_json(std::string_view text);

/// The elements of a JSON array as they stand there, without the white space around them; each is still to be
/// read by `read_json`. `malformed` where the text isn't one array as far as its brackets tell, `too_large`
/// where it has more than `most` elements.
[[nodiscard]] result<std::vector<std::string_view>> split_json_array(std::string_view text, std::size_t most);

/// Where the string token that begins at the quote `at` ends, behind its closing quote; npos where it
/// doesn't.
[[nodiscard]] std::size_t json_string_end(std::string_view text, std::size_t at) noexcept;

/// Appends `value` as a JSON string with its quotes, controls escaped (DEL and C1 too: they steer terminals);
/// what isn't UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view value);

/// Where the text stops being UTF-8 (Unicode 15, table 3-7): the place of the first byte that is none.
[[nodiscard]] std::optional<std::size_t> first_not_utf8(std::string_view text) noexcept;

/// The text that a JSON string token (with its quotes, already checked by `read_json`) stands for.
[[nodiscard]] std::string unescape_json_string(std::string_view token);

} // namespace breakwater
