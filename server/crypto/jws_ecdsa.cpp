#include "base/encoding.hpp"
#include "crypto/jws_impl.hpp"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/objects.h>

#include <algorithm>
#include <stdexcept>

namespace breakwater::crypto {

namespace {

constexpr std::size_t point_bytes = 1 + 2 * field_bytes; // uncompressed: 04, x, y
constexpr std::size_t max_der_bytes = 72;                // two integers of at most 33 bytes

std::array<std::uint8_t, point_bytes> public_point(EVP_PKEY* key) {
    std::array<std::uint8_t, point_bytes> out{};
    const auto read = [key](const char* name, std::span<std::uint8_t> coordinate) {
        BIGNUM* number = nullptr;
        const bool has_number = EVP_PKEY_get_bn_param(key, name, &number) == 1;
        const bignum owner{number};
        const int size = static_cast<int>(coordinate.size());
        return has_number && BN_bn2binpad(number, coordinate.data(), size) == size;
    };
    out[0] = POINT_CONVERSION_UNCOMPRESSED;
    if (!read(OSSL_PKEY_PARAM_EC_PUB_X, std::span{out}.subspan(1, field_bytes)) ||
        !read(OSSL_PKEY_PARAM_EC_PUB_Y, std::span{out}.subspan(1 + field_bytes)))
        throw std::runtime_error("OpenSSL did not return the public point of an EC key.");
    return out;
}

/// RFC 7518 section 3.4: the signature is r and s, 32 bytes each. OpenSSL uses DER instead.
class ecdsa_key final : public jws_key::impl {
public:
    ecdsa_key(pkey_handle key, bool has_private_part)
        : impl{jws_algorithm::es256, has_private_part}, key_{std::move(key)} {}

    [[nodiscard]] jws_signature sign(std::span<const std::uint8_t> message) const override {
        const error_queue_scope errors;
        const digest_context context{EVP_MD_CTX_new()};
        std::array<unsigned char, max_der_bytes> der{};
        std::size_t size = der.size();
        if (!context || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
            EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) != 1)
            throw std::runtime_error("OpenSSL could not sign with an EC key.");
        const unsigned char* at = der.data();
        const ecdsa_signature parts{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size))};
        jws_signature out{.size = 2 * field_bytes};
        if (!parts || BN_bn2binpad(ECDSA_SIG_get0_r(parts.get()), out.bytes.data(), field_bytes) < 0 ||
            BN_bn2binpad(ECDSA_SIG_get0_s(parts.get()), out.bytes.data() + field_bytes, field_bytes) < 0)
            throw std::runtime_error("OpenSSL created a malformed EC signature.");
        return out;
    }

    [[nodiscard]] bool verify(std::span<const std::uint8_t> message,
                              std::span<const std::uint8_t> signature) const override {
        if (signature.size() != 2 * field_bytes)
            return false;
        const error_queue_scope errors;
        const ecdsa_signature parts{ECDSA_SIG_new()};
        bignum r{BN_bin2bn(signature.data(), field_bytes, nullptr)};
        bignum s{BN_bin2bn(signature.data() + field_bytes, field_bytes, nullptr)};
        if (!parts || !r || !s)
            throw std::bad_alloc();
        ECDSA_SIG_set0(parts.get(), r.release(), s.release());
        std::array<unsigned char, max_der_bytes> der{};
        unsigned char* end = der.data();
        const int size = i2d_ECDSA_SIG(parts.get(), &end);
        const digest_context context{EVP_MD_CTX_new()};
        // OpenSSL refuses an r or s that is 0 or not below the order of the group.
        return size > 0 && context &&
               EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
               EVP_DigestVerify(context.get(), der.data(), static_cast<std::size_t>(size), message.data(),
                                message.size()) == 1;
    }

    [[nodiscard]] std::string to_jwk() const override {
        const auto point = public_point(key_.get());
        const std::span coordinates = std::span{point}.subspan(1);
        std::string out;
        out.reserve(256); // reallocation would leave copies of the secret in memory
        out.append(R"({"kty":"EC","crv":"P-256","alg":"ES256","x":")")
            .append(base64url_encode(coordinates.first(field_bytes)))
            .append(R"(","y":")")
            .append(base64url_encode(coordinates.last(field_bytes)));
        if (can_sign) {
            BIGNUM* number = nullptr;
            const bool has_scalar = EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1;
            const bignum scalar{number};
            secret_bytes d(field_bytes);
            if (!has_scalar || BN_bn2binpad(scalar.get(), d.data(), field_bytes) < 0)
                throw std::runtime_error("OpenSSL did not return the private scalar of an EC key.");
            std::string encoded = base64url_encode(d);
            const cleansed_at_exit guard{encoded};
            out.append(R"(","d":")").append(encoded);
        }
        return out.append(R"("})");
    }

private:
    pkey_handle key_;
};

pkey_handle build(std::span<const std::uint8_t> point, const BIGNUM* scalar) {
    const param_builder builder{OSSL_PARAM_BLD_new()};
    if (!builder ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0) !=
            1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) != 1 ||
        (scalar != nullptr && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1))
        throw std::bad_alloc();
    const param_list parameters{OSSL_PARAM_BLD_to_param(builder.get())};
    const pkey_context context{EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr)};
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, scalar != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                          parameters.get()) != 1)
        return nullptr;
    return pkey_handle{key};
}

bool is_p256(EVP_PKEY* key) {
    std::array<char, 32> group{};
    std::size_t length = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1 &&
           std::string_view{group.data(), length} == SN_X9_62_prime256v1;
}

} // namespace

result<jws_impl_ptr> make_ecdsa_key(pkey_handle key, bool has_private_part) {
    const error_queue_scope errors;
    if (!key || !is_p256(key.get()))
        return fail(errc::invalid_input, "ES256 needs an EC key on the curve P-256.");
    const pkey_context context{EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr)};
    if (!context ||
        (has_private_part ? EVP_PKEY_check(context.get()) : EVP_PKEY_public_check(context.get())) != 1)
        return fail(errc::invalid_input, "The EC key is not valid: its parts do not match.");
    return std::make_shared<ecdsa_key>(std::move(key), has_private_part);
}

result<jws_impl_ptr> make_ecdsa_public_key(field x, field y) {
    const error_queue_scope errors;
    std::array<std::uint8_t, point_bytes> point{POINT_CONVERSION_UNCOMPRESSED};
    std::ranges::copy(x, point.begin() + 1);
    std::ranges::copy(y, point.begin() + 1 + field_bytes);
    pkey_handle key = build(point, nullptr);
    if (!key)
        return fail(errc::invalid_input, "The EC key's x and y are not a point of P-256.");
    return make_ecdsa_key(std::move(key), false);
}

result<jws_impl_ptr> make_ecdsa_private_key(field d) {
    const error_queue_scope errors;
    const ec_group group{EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)};
    const bignum scalar{BN_secure_new()};
    if (!group || !scalar || BN_bin2bn(d.data(), field_bytes, scalar.get()) == nullptr)
        throw std::bad_alloc();
    BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
    if (BN_is_zero(scalar.get()) || BN_cmp(scalar.get(), EC_GROUP_get0_order(group.get())) >= 0)
        return fail(errc::invalid_input, "The EC key's d is out of range.");
    const ec_point point{EC_POINT_new(group.get())};
    std::array<std::uint8_t, point_bytes> encoded{};
    if (!point || EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, nullptr) != 1 ||
        EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, encoded.data(),
                           encoded.size(), nullptr) != encoded.size())
        throw std::runtime_error("OpenSSL could not compute an EC key's public point.");
    return make_ecdsa_key(build(encoded, scalar.get()), true);
}

} // namespace breakwater::crypto
