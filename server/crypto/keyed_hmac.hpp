#pragma once

#include "crypto/openssl_handles.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace breakwater::crypto {

/// What an HMAC comes to: 64 bytes at most, with SHA-512.
struct hmac_value {
    std::array<std::uint8_t, 64> bytes{};
    std::size_t size = 0;
};

/// HMAC (RFC 2104) under one key, set up once. For the sources of this room. Any thread may call.
class keyed_hmac {
public:
    /// `digest`: `SHA256`, `SHA384`, `SHA512`. Throws std::runtime_error where OpenSSL has none.
    keyed_hmac(const char* digest, std::span<const std::uint8_t> key);
    [[nodiscard]] hmac_value of(std::span<const std::uint8_t> message) const;

private:
    mac_context keyed_; ///< only ever copied
};

} // namespace breakwater::crypto
