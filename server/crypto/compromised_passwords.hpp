#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace breakwater::crypto {

/// Bytes of each prefix. Fewer than one in a million good passwords is refused by chance: with 475,000
/// prefixes of 40 bits, a given hash matches one with probability 4 × 10⁻⁷.
inline constexpr std::size_t password_prefix_bytes = 5;

/// The first bytes of the SHA-256 of each compromised password of at least 8 bytes, with ASCII letters in
/// lower case. The prefixes are concatenated and sorted bytewise. The build generates them from a list in an
/// npm package.
[[nodiscard]] std::span<const std::uint8_t> compromised_password_prefixes() noexcept;

} // namespace breakwater::crypto
