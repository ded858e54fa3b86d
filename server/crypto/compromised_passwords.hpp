#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace breakwater::crypto {

/// Bytes of each prefix. Of a million good passwords, fewer than one is refused by chance: 475,000 prefixes
/// of 40 bits meet a given hash with probability 4 × 10⁻⁷.
inline constexpr std::size_t password_prefix_bytes = 5;

/// The first bytes of the SHA-256 of each compromised password of at least 8 bytes, ASCII letters lowered;
/// sorted bytewise, one after the other. The build makes them from the list of an npm package.
[[nodiscard]] std::span<const std::uint8_t> compromised_password_prefixes() noexcept;

} // namespace breakwater::crypto
