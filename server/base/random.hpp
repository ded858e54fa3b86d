#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace breakwater {

/// Unpredictable bytes for secrets, ids and nonces. Randomness is a parameter, like time: `crypto/random.hpp`
/// uses the generator of the operating system, tests use a seeded one. Any thread may call.
class random_source {
public:
    virtual ~random_source() = default;
    virtual void fill(std::span<std::uint8_t> out) = 0;
};

} // namespace breakwater
