#pragma once

#include "crypto/jws.hpp"
#include "crypto/openssl_handles.hpp"

#include <array>
#include <memory>
#include <span>
#include <string>

namespace breakwater::crypto {

struct jws_signature {
    static constexpr std::size_t max_bytes = 64; ///< HS512, ES256 and EdDSA all end there

    std::array<std::uint8_t, max_bytes> bytes{};
    std::size_t size = 0;

    [[nodiscard]] std::span<const std::uint8_t> view() const noexcept { return std::span{bytes}.first(size); }
};

/// What the kinds of keys do in their own ways. Immutable; every member may be called from any thread.
struct jws_key::impl {
    impl(jws_algorithm which, bool with_private_part);
    virtual ~impl() = default;
    impl(const impl&) = delete;
    impl& operator=(const impl&) = delete;

    /// REQUIRES: can_sign.
    [[nodiscard]] virtual jws_signature sign(std::span<const std::uint8_t> message) const = 0;
    [[nodiscard]] virtual bool verify(std::span<const std::uint8_t> message,
                                      std::span<const std::uint8_t> signature) const = 0;
    [[nodiscard]] virtual std::string to_jwk() const = 0;

    const jws_algorithm algorithm;
    const bool can_sign;
    const std::string encoded_header; ///< the header of our own tokens, in base64url
};

using jws_key_part = std::shared_ptr<const jws_key::impl>;

// Each of these refuses, with `errc::invalid_input`, what isn't a good key of its kind.

[[nodiscard]] result<jws_key_part> make_hmac_key(jws_algorithm algorithm,
                                                 std::span<const std::uint8_t> secret, bool may_sign = true);

inline constexpr std::size_t field_bytes =
    32; ///< of a coordinate or scalar of P-256, of an Ed25519 key or seed
using field = std::span<const std::uint8_t, field_bytes>;

[[nodiscard]] result<jws_key_part> make_ecdsa_key(pkey_handle key, bool with_private_part);
[[nodiscard]] result<jws_key_part> make_ecdsa_public_key(field x, field y);
/// From the scalar alone; the public point follows from it.
[[nodiscard]] result<jws_key_part> make_ecdsa_private_key(field d);

[[nodiscard]] result<jws_key_part> make_ed25519_key(pkey_handle key, bool with_private_part);
[[nodiscard]] result<jws_key_part> make_ed25519_public_key(field x);
[[nodiscard]] result<jws_key_part> make_ed25519_private_key(field seed);

} // namespace breakwater::crypto
