#pragma once

#include <cstdint>

namespace breakwater::simulator {

/// A hash of `value` (the finalizer of SplitMix64): close inputs give unrelated outputs. Not for secrets.
[[nodiscard]] std::uint64_t mix(std::uint64_t value) noexcept;
[[nodiscard]] std::uint64_t mix(std::uint64_t seed, std::uint64_t value) noexcept;

/// Converts the bits to a number in [0, 1).
[[nodiscard]] double unit(std::uint64_t bits) noexcept;

/// Value noise: a random value at each multiple of `period` seconds, and a smooth curve between them. The
/// result is in [-1, 1] and depends only on the arguments. Channels of one seed are independent.
[[nodiscard]] double noise(std::uint64_t seed, std::uint64_t channel, double seconds, double period) noexcept;

} // namespace breakwater::simulator
