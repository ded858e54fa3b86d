#include "simulator/noise.hpp"

#include <cmath>

namespace breakwater::simulator {

std::uint64_t mix(std::uint64_t value) noexcept {
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) noexcept {
    return mix(mix(seed) ^ value);
}

double unit(std::uint64_t bits) noexcept {
    return static_cast<double>(bits >> 11) * 0x1p-53;
}

double noise(std::uint64_t seed, std::uint64_t channel, double seconds, double period) noexcept {
    const double position = seconds / period;
    const double cell = std::floor(position);
    const double fraction = position - cell;
    const std::uint64_t stream = mix(seed, channel);
    const auto index = static_cast<std::int64_t>(cell);
    const double start = unit(mix(stream, static_cast<std::uint64_t>(index)));
    const double end = unit(mix(stream, static_cast<std::uint64_t>(index + 1)));
    const double eased = fraction * fraction * (3 - 2 * fraction);
    return 2 * (start + (end - start) * eased) - 1;
}

} // namespace breakwater::simulator
