#pragma once

#include "base/random.hpp"

namespace breakwater::crypto {

/// The operating system's generator (getrandom(2), through OpenSSL). Throws std::runtime_error if it returns
/// no random bytes, because the caller cannot continue safely.
class system_random final : public random_source {
public:
    void fill(std::span<std::uint8_t> out) override;
};

} // namespace breakwater::crypto
