#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace breakwater::crypto {

using sha256_digest = std::array<std::uint8_t, 32>;

/// FIPS 180-4.
[[nodiscard]] sha256_digest sha256(std::span<const std::uint8_t> data);

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
[[nodiscard]] sha256_digest hmac_sha256(std::span<const std::uint8_t> key,
                                        std::span<const std::uint8_t> message);

/// The time does not depend on the position of a difference. It may depend on the lengths.
[[nodiscard]] bool equal_in_constant_time(std::span<const std::uint8_t> a,
                                          std::span<const std::uint8_t> b) noexcept;

} // namespace breakwater::crypto
