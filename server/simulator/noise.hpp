#pragma once

#include <cstdint>

namespace breakwater::simulator {

/// Spreads `value` over all 64 bits (the finalizer of SplitMix64): neighbours in, strangers out. Not for
/// secrets.
[[nodiscard]] std::uint64_t mix(std::uint64_t value) noexcept;
[[nodiscard]] std::uint64_t mix(std::uint64_t seed, std::uint64_t value) noexcept;

/// The bits as a number in [0, 1).
[[nodiscard]] double unit(std::uint64_t bits) noexcept;

/// Value noise: a random height at every multiple of `period` seconds, and a smooth path between them. In
/// [-1, 1], and the same for the same (seed, channel, seconds). `channel` keeps the noises of one device
/// apart.
[[nodiscard]] double noise(std::uint64_t seed, std::uint64_t channel, double seconds, double period) noexcept;

} // namespace breakwater::simulator
