#pragma once

#include "base/random.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace breakwater::crypto {

/// RFC 7518 section 3.1 and RFC 8037 section 3.1.
enum class jws_algorithm : std::uint8_t { hs256, hs384, hs512, es256, eddsa };

[[nodiscard]] std::string_view to_string(jws_algorithm value) noexcept; ///< `HS256`
[[nodiscard]] std::optional<jws_algorithm> parse_jws_algorithm(std::string_view text) noexcept;
/// Minimum length of an HMAC key in bytes (RFC 7518 section 3.2); 0 for the signature algorithms.
[[nodiscard]] std::size_t min_secret_bytes(jws_algorithm value) noexcept;

/// A key with its algorithm. The key determines the algorithm, never the `alg` of a token (RFC 8725 section
/// 3.1). Immutable; any thread may use it. Copies share the key.
class jws_key {
public:
    /// An HMAC key with the bytes of `secret`. `invalid_input` if it is empty, or if it is shorter than
    /// `min_secret_bytes` and `allow_short` is not set.
    static result<jws_key> from_secret(jws_algorithm algorithm, std::string_view secret,
                                       bool allow_short = false);
    /// A private key (signs and verifies) or a public key (verifies): P-256 for ES256, Ed25519 for EdDSA.
    /// `invalid_input` if it is another kind of key or has a passphrase.
    static result<jws_key> from_pem(jws_algorithm algorithm, std::string_view pem);
    /// A JWK (RFC 7517): `oct`, `EC` P-256 or `OKP` Ed25519. The algorithm is its `alg`, or follows from its
    /// type (an `oct` without `alg` is HS256). If `key_ops` (section 4.3) has no `sign`, the key cannot sign.
    /// `malformed` if it is not JSON. `invalid_input` for all other errors: for instance, if an `oct` is
    /// shorter than `min_secret_bytes`, `d` does not belong to the public part, `use` is not `sig`, or
    /// `key_ops` has no `verify`.
    static result<jws_key> from_jwk(std::string_view json);
    /// A new random key of full strength.
    static result<jws_key> generate(jws_algorithm algorithm, random_source& random);

    /// The key as a JWK for the key file. Contains the private part.
    [[nodiscard]] std::string to_jwk() const;
    [[nodiscard]] jws_algorithm algorithm() const noexcept;
    [[nodiscard]] bool can_sign() const noexcept;

    /// The compact serialisation (RFC 7515 section 3.1) of a JSON payload under the header
    /// `{"alg":…,"typ":"JWT"}`. REQUIRES: can_sign(). `verify` accepts tokens of up to
    /// `max_token_bytes`.
    [[nodiscard]] std::string sign(std::string_view payload) const;

    /// The payload of a token that this key signed. `unauthenticated`, always with the same sentence, if the
    /// token is not three canonical base64url parts, exceeds `max_token_bytes`, names another algorithm, has
    /// `crit`, or has an invalid signature.
    [[nodiscard]] result<std::string> verify(std::string_view token) const;

    struct impl;

private:
    static result<jws_key> wrap(result<std::shared_ptr<const impl>> created);
    explicit jws_key(std::shared_ptr<const impl> created) : impl_{std::move(created)} {}
    std::shared_ptr<const impl> impl_;
};

inline constexpr std::size_t max_token_bytes = 4096;

/// The decoded parts of a compact JWS, without any check of its signature. Only for `token inspect` and to
/// choose the key for the check; never grant access with it. The payload can be any bytes, and the signature
/// can be empty (`alg: none`).
struct decoded_jws {
    std::string header; ///< JSON
    std::string payload;
    std::size_t signature_bytes = 0;
};
/// `malformed` if the token is not three canonical base64url parts, exceeds `max_token_bytes`, or its header
/// is not a JSON object.
[[nodiscard]] result<decoded_jws> decode_unverified(std::string_view token);

} // namespace breakwater::crypto
