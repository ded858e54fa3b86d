#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace breakwater {

// The parts of JSON strings. Only for the sources of this module.

/// One UTF-8 sequence (Unicode 15, table 3-7). If it is not valid, `length` bytes are replaced by one U+FFFD.
struct utf8_sequence {
    std::size_t length;
    bool valid;
};

/// REQUIRES: at < end.
[[nodiscard]] utf8_sequence scan_utf8(const char* at, const char* end) noexcept;

/// Skips printable ASCII. Returns the first byte that is a quote, a backslash, a control character (DEL too)
/// or not ASCII; `end` if there is none.
[[nodiscard]] const char* skip_plain(const char* at, const char* end) noexcept;

/// The UTF-16 unit of a `\u` escape; `at` is the first of its four digits. Nothing if they are not
/// hexadecimal.
[[nodiscard]] std::optional<std::uint32_t> four_hex(const char* at, const char* end) noexcept;

constexpr bool is_high_surrogate(std::uint32_t unit) noexcept {
    return unit >= 0xd800 && unit < 0xdc00;
}
constexpr bool is_low_surrogate(std::uint32_t unit) noexcept {
    return unit >= 0xdc00 && unit < 0xe000;
}

} // namespace breakwater
