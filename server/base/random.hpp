#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace breakwater {

/// Unpredictable bytes for secrets, ids and nonces. Randomness is a parameter, like time: the implementation
/// over the operating system's generator is `crypto/random.hpp`, tests use a seeded one. Callable from any
/// thread.
class random_source {
public:
    virtual ~random_source() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;
};

} // namespace breakwater
