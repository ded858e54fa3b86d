#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace breakwater {

// What strings in JSON are made of; for the sources of this room only.

/// One UTF-8 sequence (Unicode 15, table 3-7). Where it isn't valid, `length` bytes become one U+FFFD.
struct utf8_sequence {
    std::size_t length;
    bool valid;
};

/// REQUIRES: at < end.
[[nodiscard]] utf8_sequence scan_utf8(const char* at, const char* end) noexcept;

/// The first byte of a string that needs a closer look: a quote, a backslash, a control (DEL too), or not
/// ASCII.
[[nodiscard]] const char* skip_plain(const char* at, const char* end) noexcept;

/// The UTF-16 unit of a `\u` escape, from its four digits on.
[[nodiscard]] std::optional<std::uint32_t> four_hex(const char* at, const char* end) noexcept;

constexpr bool is_high_surrogate(std::uint32_t unit) noexcept {
    return unit >= 0xd800 && unit < 0xdc00;
}
constexpr bool is_low_surrogate(std::uint32_t unit) noexcept {
    return unit >= 0xdc00 && unit < 0xe000;
}

} // namespace breakwater
