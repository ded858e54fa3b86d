#include "base/encoding.hpp"
#include "crypto/jws_impl.hpp"

#include <openssl/pem.h>

#include <stdexcept>

namespace breakwater::crypto {

namespace {

constexpr std::size_t max_pem_bytes = 16 * 1024;

struct algorithm_row {
    jws_algorithm value;
    std::string_view name;
    std::size_t min_secret_bytes;
};
constexpr std::array<algorithm_row, 5> algorithms{{
    {jws_algorithm::hs256, "HS256", 32},
    {jws_algorithm::hs384, "HS384", 48},
    {jws_algorithm::hs512, "HS512", 64},
    {jws_algorithm::es256, "ES256", 0},
    {jws_algorithm::eddsa, "EdDSA", 0},
}};

std::string encode_header(jws_algorithm algorithm) {
    std::string json = R"({"alg":")";
    return base64url_encode(as_bytes(json.append(to_string(algorithm)).append(R"(","typ":"JWT"})")));
}

/// Refuses encrypted keys. Without this callback OpenSSL would ask for the passphrase on the terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

pkey_handle read_pem(std::string_view pem, decltype(&PEM_read_bio_PrivateKey) reader) {
    const bio_handle source{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    if (!source)
        throw std::bad_alloc();
    return pkey_handle{reader(source.get(), nullptr, no_passphrase, nullptr)};
}

} // namespace

std::string_view to_string(jws_algorithm value) noexcept {
    return algorithms[static_cast<std::size_t>(value)].name;
}

std::optional<jws_algorithm> parse_jws_algorithm(std::string_view text) noexcept {
    for (const algorithm_row& row : algorithms)
        if (row.name == text)
            return row.value;
    return std::nullopt;
}

std::size_t min_secret_bytes(jws_algorithm value) noexcept {
    return algorithms[static_cast<std::size_t>(value)].min_secret_bytes;
}

jws_key::impl::impl(jws_algorithm key_algorithm, bool has_private_part)
    : algorithm{key_algorithm}, can_sign{has_private_part}, encoded_header{encode_header(key_algorithm)} {}

result<jws_key> jws_key::wrap(result<std::shared_ptr<const impl>> created) {
    if (!created)
        return pass(std::move(created));
    return jws_key{std::move(*created)};
}

result<jws_key> jws_key::from_secret(jws_algorithm algorithm, std::string_view secret, bool allow_short) {
    const std::size_t min_bytes = min_secret_bytes(algorithm);
    if (min_bytes == 0)
        return fail(errc::invalid_input,
                    std::string{to_string(algorithm)} + " needs a key pair, not a secret.");
    if (!allow_short && secret.size() < min_bytes)
        return fail(errc::invalid_input, "A secret for " + std::string{to_string(algorithm)} +
                                             " needs at least " + std::to_string(min_bytes) + " bytes.");
    return wrap(make_hmac_key(algorithm, as_bytes(secret)));
}

result<jws_key> jws_key::from_pem(jws_algorithm algorithm, std::string_view pem) {
    if (min_secret_bytes(algorithm) != 0)
        return fail(errc::invalid_input,
                    std::string{to_string(algorithm)} + " needs a secret, not a PEM key.");
    if (pem.size() > max_pem_bytes)
        return fail(errc::invalid_input, "A PEM key may have at most 16 KB.");
    const error_queue_scope errors;
    pkey_handle key = read_pem(pem, PEM_read_bio_PrivateKey);
    const bool has_private_part = key != nullptr;
    if (!key)
        key = read_pem(pem, PEM_read_bio_PUBKEY);
    if (!key)
        return fail(errc::invalid_input,
                    "The key is not in PEM format, or it has a passphrase, which is not supported.");
    return wrap(algorithm == jws_algorithm::es256 ? make_ecdsa_key(std::move(key), has_private_part)
                                                  : make_ed25519_key(std::move(key), has_private_part));
}

result<jws_key> jws_key::generate(jws_algorithm algorithm, random_source& random) {
    secret_bytes bytes(min_secret_bytes(algorithm) != 0 ? min_secret_bytes(algorithm) : field_bytes);
    const auto create = [&]() -> result<jws_impl_ptr> {
        random.fill(bytes);
        switch (algorithm) {
        case jws_algorithm::es256: return make_ecdsa_private_key(field{bytes});
        case jws_algorithm::eddsa: return make_ed25519_private_key(field{bytes});
        default: return make_hmac_key(algorithm, bytes);
        }
    };
    // One random P-256 scalar in 2^32 is out of range and must be drawn again (FIPS 186-5 A.2.2).
    constexpr int max_draws = 8;
    auto created = create();
    for (int draws = 1; !created && draws < max_draws; ++draws)
        created = create();
    return wrap(std::move(created));
}

std::string jws_key::to_jwk() const {
    return impl_->to_jwk();
}

jws_algorithm jws_key::algorithm() const noexcept {
    return impl_->algorithm;
}

bool jws_key::can_sign() const noexcept {
    return impl_->can_sign;
}

} // namespace breakwater::crypto
