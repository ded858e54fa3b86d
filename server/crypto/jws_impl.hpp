#pragma once

#include "crypto/jws.hpp"
#include "crypto/openssl_handles.hpp"

#include <array>
#include <memory>
#include <span>
#include <string>

namespace breakwater::crypto {

struct jws_signature {
    static constexpr std::size_t max_bytes = 64; ///< the size for HS512, ES256 and EdDSA

    std::array<std::uint8_t, max_bytes> bytes{};
    std::size_t size = 0;

    [[nodiscard]] std::span<const std::uint8_t> view() const noexcept { return std::span{bytes}.first(size); }
};

/// The interface of all kinds of keys. Immutable; any thread may call any member.
struct jws_key::impl {
    impl(jws_algorithm key_algorithm, bool has_private_part);
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

using jws_impl_ptr = std::shared_ptr<const jws_key::impl>;

// Each of these functions fails with `errc::invalid_input` if the key is not valid for its kind.

[[nodiscard]] result<jws_impl_ptr> make_hmac_key(jws_algorithm algorithm,
                                                 std::span<const std::uint8_t> secret, bool may_sign = true);

/// Size of a coordinate or scalar of P-256, and of an Ed25519 key or seed.
inline constexpr std::size_t field_bytes = 32;
using field = std::span<const std::uint8_t, field_bytes>;

[[nodiscard]] result<jws_impl_ptr> make_ecdsa_key(pkey_handle key, bool has_private_part);
[[nodiscard]] result<jws_impl_ptr> make_ecdsa_public_key(field x, field y);
/// Computes the public point from the scalar.
[[nodiscard]] result<jws_impl_ptr> make_ecdsa_private_key(field d);

[[nodiscard]] result<jws_impl_ptr> make_ed25519_key(pkey_handle key, bool has_private_part);
[[nodiscard]] result<jws_impl_ptr> make_ed25519_public_key(field x);
[[nodiscard]] result<jws_impl_ptr> make_ed25519_private_key(field seed);

} // namespace breakwater::crypto
