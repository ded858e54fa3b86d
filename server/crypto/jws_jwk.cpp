#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "crypto/jws_impl.hpp"

#include <set>

namespace breakwater::crypto {

namespace {

constexpr std::size_t max_jwk_bytes = 16 * 1024;

/// The text of a string member; nothing if it is missing or not a string.
std::optional<std::string> text_of(const json_document& jwk, std::string_view name) {
    const auto* member = jwk.find(name);
    if (member == nullptr || member->kind != json_kind::string)
        return std::nullopt;
    return unescape_json_string(jwk.value(*member));
}

std::optional<secret_bytes> bytes_of(const json_document& jwk, std::string_view name) {
    auto text = text_of(jwk, name);
    if (!text)
        return std::nullopt;
    const cleansed_at_exit text_guard{*text};
    auto decoded = base64url_decode(*text);
    if (!decoded)
        return std::nullopt;
    const cleansed_at_exit decoded_guard{*decoded};
    return secret_bytes{decoded->begin(), decoded->end()};
}

/// A member of exactly `field_bytes` bytes (RFC 7518 section 6.2.1.2, RFC 8037 section 2).
std::optional<secret_bytes> field_of(const json_document& jwk, std::string_view name) {
    auto bytes = bytes_of(jwk, name);
    return bytes && bytes->size() == field_bytes ? std::move(bytes) : std::nullopt;
}

/// The permitted uses of a JWK (RFC 7517 section 4.3); both if it has no `key_ops`.
struct key_uses {
    bool verify = true;
    bool sign = true;
};

result<key_uses> uses_of(const json_document& jwk) {
    const auto* member = jwk.find("key_ops");
    if (member == nullptr)
        return key_uses{};
    constexpr std::size_t max_operations = 16;
    const auto invalid_list =
        fail(errc::invalid_input, "The JWK's key_ops is not a list of different names.");
    const auto elements = split_json_array(jwk.value(*member), max_operations);
    if (!elements)
        return invalid_list;
    std::set<std::string> names;
    for (const std::string_view element : *elements)
        if (!element.starts_with('"') || !names.insert(unescape_json_string(element)).second)
            return invalid_list;
    key_uses uses{.verify = names.contains("verify"), .sign = names.contains("sign")};
    const std::size_t signature_uses = (uses.verify ? 1 : 0) + (uses.sign ? 1 : 0);
    if (jwk.find("use") != nullptr && names.size() != signature_uses)
        return fail(errc::invalid_input, "The JWK's key_ops contains operations that its use excludes.");
    return uses;
}

result<jws_impl_ptr> read_oct(const json_document& jwk, jws_algorithm algorithm, bool may_sign) {
    const auto secret = bytes_of(jwk, "k");
    if (!secret)
        return fail(errc::invalid_input, "A JWK of kty oct needs its secret as base64url in k.");
    if (secret->size() < min_secret_bytes(algorithm))
        return fail(errc::invalid_input, "The secret in k is too short for its alg.");
    return make_hmac_key(algorithm, *secret, may_sign);
}

/// Reads a key pair. The private and the public part must match. If the key may not sign, only the public
/// part is kept.
template <class MakePublic, class MakePrivate>
result<jws_impl_ptr> read_pair(const json_document& jwk, bool may_sign, MakePublic make_public,
                               MakePrivate make_private) {
    auto verifier = make_public();
    if (!verifier || jwk.find("d") == nullptr)
        return verifier;
    const auto d = field_of(jwk, "d");
    if (!d)
        return fail(errc::invalid_input, "The JWK's d must be 32 bytes as base64url.");
    auto signer = make_private(field{*d});
    if (!signer)
        return signer;
    constexpr std::string_view probe = "do the two parts belong together";
    if (!(*verifier)->verify(as_bytes(probe), (*signer)->sign(as_bytes(probe)).view()))
        return fail(errc::invalid_input, "The JWK's d does not belong to its public part.");
    return may_sign ? signer : verifier;
}

result<jws_impl_ptr> read_ec(const json_document& jwk, bool may_sign) {
    const auto x = field_of(jwk, "x");
    const auto y = field_of(jwk, "y");
    if (text_of(jwk, "crv") != "P-256" || !x || !y)
        return fail(errc::invalid_input,
                    "A JWK of kty EC needs crv P-256, and x and y of 32 bytes as base64url.");
    return read_pair(
        jwk, may_sign, [&] { return make_ecdsa_public_key(field{*x}, field{*y}); }, make_ecdsa_private_key);
}

result<jws_impl_ptr> read_okp(const json_document& jwk, bool may_sign) {
    const auto x = field_of(jwk, "x");
    if (text_of(jwk, "crv") != "Ed25519" || !x)
        return fail(errc::invalid_input,
                    "A JWK of kty OKP needs crv Ed25519, and x of 32 bytes as base64url.");
    return read_pair(
        jwk, may_sign, [&] { return make_ed25519_public_key(field{*x}); }, make_ed25519_private_key);
}

result<jws_impl_ptr> read_jwk(const json_document& jwk) {
    if (jwk.kind != json_kind::object)
        return fail(errc::invalid_input, "A JWK must be a JSON object.");
    if (jwk.find("use") != nullptr && text_of(jwk, "use") != "sig")
        return fail(errc::invalid_input, "The JWK's use must be sig.");
    const auto uses = uses_of(jwk);
    if (!uses)
        return std::unexpected(uses.error());
    if (!uses->verify)
        return fail(errc::invalid_input, "The JWK's key_ops must contain verify.");

    const auto type = text_of(jwk, "kty");
    auto algorithm = type == "oct"   ? jws_algorithm::hs256
                     : type == "EC"  ? jws_algorithm::es256
                     : type == "OKP" ? jws_algorithm::eddsa
                                     : std::optional<jws_algorithm>{};
    if (!algorithm)
        return fail(errc::invalid_input, "The JWK's kty must be oct, EC or OKP.");
    if (jwk.find("alg") != nullptr) {
        const auto named = parse_jws_algorithm(text_of(jwk, "alg").value_or(""));
        const bool fits = named && (type == "oct" ? min_secret_bytes(*named) != 0 : named == algorithm);
        if (!fits)
            return fail(errc::invalid_input, "The JWK's alg is unknown or does not fit its kty.");
        algorithm = named;
    }
    switch (*algorithm) {
    case jws_algorithm::es256: return read_ec(jwk, uses->sign);
    case jws_algorithm::eddsa: return read_okp(jwk, uses->sign);
    default: return read_oct(jwk, *algorithm, uses->sign);
    }
}

} // namespace

result<jws_key> jws_key::from_jwk(std::string_view json) {
    if (json.size() > max_jwk_bytes)
        return fail(errc::invalid_input, "A JWK may have at most 16 KB.");
    auto jwk = read_json(json);
    if (!jwk)
        return pass(std::move(jwk));
    const cleansed_at_exit guard{jwk->text};
    return wrap(read_jwk(*jwk));
}

} // namespace breakwater::crypto
