#pragma once

#include "base/random.hpp"

namespace breakwater::crypto {

/// The operating system's generator (getrandom(2), by way of OpenSSL's). Throws std::runtime_error where
/// there is no randomness to be had, since nothing safe can follow.
class system_random final : public random_source {
public:
    void fill(std::span<std::uint8_t> out) override;
};

} // namespace breakwater::crypto
