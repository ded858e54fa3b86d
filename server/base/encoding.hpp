#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater {

/// Base64 with the URL-safe alphabet and no padding (RFC 4648 section 5, as RFC 7515 uses it).
[[nodiscard]] std::string base64url_encode(std::span<const std::uint8_t> bytes);
/// Returns nothing for padding, other characters or non-zero trailing bits: each value has one valid
/// encoding.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text);

/// Base64 with the standard alphabet and padding (RFC 4648 section 4).
[[nodiscard]] std::string base64_encode(std::span<const std::uint8_t> bytes);

/// The value of a hexadecimal digit in either case; -1 for any other character.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Lower-case hexadecimal.
[[nodiscard]] std::string hex_encode(std::span<const std::uint8_t> bytes);

/// The bytes of a text. The span refers to the text's memory.
[[nodiscard]] inline std::span<const std::uint8_t> as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace breakwater
