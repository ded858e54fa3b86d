#include "crypto/jws.hpp"

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "crypto/jws_impl.hpp"

#include <stdexcept>

namespace breakwater::crypto {

namespace {

/// The three parts of a token, still encoded.
struct compact_parts {
    std::string_view header;
    std::string_view payload;
    std::string_view signature;
    std::string_view signed_text; ///< header, dot, payload
};

std::optional<compact_parts> split(std::string_view token) noexcept {
    if (token.size() > max_token_bytes)
        return std::nullopt;
    const std::size_t first = token.find('.');
    const std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
    if (second == token.npos)
        return std::nullopt; // a third dot would be in the signature, which is then not base64url
    return compact_parts{.header = token.substr(0, first),
                         .payload = token.substr(first + 1, second - first - 1),
                         .signature = token.substr(second + 1),
                         .signed_text = token.substr(0, second)};
}

std::optional<std::string> decode_text(std::string_view part) {
    const auto bytes = base64url_decode(part);
    if (!bytes)
        return std::nullopt;
    return std::string{bytes->begin(), bytes->end()};
}

/// Checks a header that differs from our own: it must name the key's algorithm, and it must have no `crit`,
/// because we support no extensions (RFC 7515 section 4.1.11).
bool is_header_acceptable(std::string_view encoded, jws_algorithm algorithm) {
    const auto text = decode_text(encoded);
    if (!text)
        return false;
    const auto header = read_json(*text);
    if (!header || header->kind != json_kind::object || header->find("crit") != nullptr)
        return false;
    const auto* alg = header->find("alg");
    return alg != nullptr && alg->kind == json_kind::string &&
           unescape_json_string(header->value(*alg)) == to_string(algorithm);
}

} // namespace

std::string jws_key::sign(std::string_view payload) const {
    if (!can_sign())
        throw std::logic_error("A public key cannot sign.");
    std::string token = impl_->encoded_header + '.' + base64url_encode(as_bytes(payload));
    const jws_signature signature = impl_->sign(as_bytes(token));
    return token.append(1, '.').append(base64url_encode(signature.view()));
}

result<std::string> jws_key::verify(std::string_view token) const {
    const auto refuse = [] { return fail(errc::unauthenticated, "The token is not valid."); };
    const auto parts = split(token);
    if (!parts || parts->payload.empty())
        return refuse();
    // Check the signature first, with the key's algorithm, so that the JSON reader never sees untrusted
    // bytes.
    const auto signature = base64url_decode(parts->signature);
    if (!signature || !impl_->verify(as_bytes(parts->signed_text), *signature))
        return refuse();
    if (parts->header != impl_->encoded_header && !is_header_acceptable(parts->header, impl_->algorithm))
        return refuse();
    auto payload = decode_text(parts->payload);
    if (!payload)
        return refuse();
    return std::move(*payload);
}

result<decoded_jws> decode_unverified(std::string_view token) {
    const auto parts = split(token);
    if (!parts)
        return fail(errc::malformed,
                    "A token must have three parts separated by dots, and at most 4,096 bytes.");
    auto header = decode_text(parts->header);
    auto payload = decode_text(parts->payload);
    const auto signature = base64url_decode(parts->signature);
    if (!header || !payload || !signature)
        return fail(errc::malformed, "A part of the token is not base64url without padding.");
    const auto json = read_json(*header);
    if (!json || json->kind != json_kind::object)
        return fail(errc::malformed, "The token's header is not a JSON object.");
    return decoded_jws{
        .header = std::move(*header), .payload = std::move(*payload), .signature_bytes = signature->size()};
}

} // namespace breakwater::crypto
