#pragma once

#include "crypto/openssl_handles.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace breakwater::crypto {

/// The result of an HMAC: at most 64 bytes (SHA-512).
struct hmac_value {
    std::array<std::uint8_t, 64> bytes{};
    std::size_t size = 0;
};

/// HMAC (RFC 2104) with a fixed key. Only for the sources of this module. Any thread may call.
class keyed_hmac {
public:
    /// `digest`: `SHA256`, `SHA384` or `SHA512`. Throws std::runtime_error if OpenSSL does not provide it.
    keyed_hmac(const char* digest, std::span<const std::uint8_t> key);
    [[nodiscard]] hmac_value compute(std::span<const std::uint8_t> message) const;

private:
    mac_context keyed_; ///< only copied, never used directly
};

} // namespace breakwater::crypto
