#include "crypto/digest.hpp"

#include "crypto/keyed_hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

namespace breakwater::crypto {

sha256_digest sha256(std::span<const std::uint8_t> data) {
    sha256_digest out;
    SHA256(data.data(), data.size(), out.data());
    return out;
}

sha256_digest hmac_sha256(std::span<const std::uint8_t> key, std::span<const std::uint8_t> message) {
    const hmac_value hmac = keyed_hmac{"SHA256", key}.compute(message);
    sha256_digest out;
    std::copy_n(hmac.bytes.begin(), out.size(), out.begin());
    return out;
}

bool equal_in_constant_time(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace breakwater::crypto
