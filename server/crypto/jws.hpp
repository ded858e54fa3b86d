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
/// Bytes that an HMAC key must have at least (RFC 7518 section 3.2); 0 for the signature algorithms.
[[nodiscard]] std::size_t min_secret_bytes(jws_algorithm value) noexcept;

/// A key with its algorithm: the key decides, a token's own `alg` never does (RFC 8725 section 3.1).
/// Immutable, so any thread may use it; copies share the key.
class jws_key {
public:
    /// HMAC over `secret` as it is. `invalid_input` where it is shorter than `min_secret_bytes` and
    /// `allow_short` is not set, or empty in any case.
    static result<jws_key> from_secret(jws_algorithm algorithm, std::string_view secret,
                                       bool allow_short = false);
    /// A private key (to sign and verify) or a public one (to verify), P-256 for ES256, Ed25519 for EdDSA.
    /// Without a passphrase. `invalid_input` where it is anything else.
    static result<jws_key> from_pem(jws_algorithm algorithm, std::string_view pem);
    /// RFC 7517: `oct`, `EC` P-256 or `OKP` Ed25519. The algorithm is the JWK's `alg`, or what its type
    /// implies (an `oct` without `alg` is HS256). `malformed` where it isn't JSON, else `invalid_input`: also
    /// where an `oct` is shorter than `min_secret_bytes`, `d` isn't of the public part, `use` is not `sig`,
    /// or `key_ops` (section 4.3) lack `verify`; without `sign` there it can't sign.
    static result<jws_key> from_jwk(std::string_view json);
    /// A fresh key of full strength.
    static result<jws_key> generate(jws_algorithm algorithm, random_source& random);

    /// With its private part, for the key file.
    [[nodiscard]] std::string to_jwk() const;
    [[nodiscard]] jws_algorithm algorithm() const noexcept;
    [[nodiscard]] bool can_sign() const noexcept;

    /// The compact serialisation (RFC 7515 section 3.1) of a JSON payload under the header
    /// `{"alg":…,"typ":"JWT"}`. REQUIRES: can_sign(); `verify` takes it up to `max_token_bytes`.
    [[nodiscard]] std::string sign(std::string_view payload) const;

    /// The payload of a token that this key signed. `unauthenticated`, always with the same sentence, where
    /// it is not three canonical base64url parts, over `max_token_bytes`, names another algorithm, carries
    /// `crit`, or its signature doesn't verify.
    [[nodiscard]] result<std::string> verify(std::string_view token) const;

    struct impl;

private:
    static result<jws_key> wrap(result<std::shared_ptr<const impl>> made);
    explicit jws_key(std::shared_ptr<const impl> made) : impl_{std::move(made)} {}
    std::shared_ptr<const impl> impl_;
};

inline constexpr std::size_t max_token_bytes = 4096;

/// The decoded parts of a compact JWS without any check of its signature: for `token inspect`, and to choose
/// the key that it is checked by; never for access. The payload is whatever bytes it is, and the signature
/// may be missing (`alg: none`).
struct decoded_jws {
    std::string header; ///< JSON
    std::string payload;
    std::size_t signature_bytes = 0;
};
/// `malformed` where it is not three canonical base64url parts, over `max_token_bytes`, or its header no JSON
/// object.
[[nodiscard]] result<decoded_jws> decode_unverified(std::string_view token);

} // namespace breakwater::crypto
