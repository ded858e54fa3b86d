#include "base/encoding.hpp"
#include "crypto/jws_impl.hpp"

#include <stdexcept>

namespace breakwater::crypto {

namespace {

/// RFC 8037 section 3.1.
class ed25519_key final : public jws_key::impl {
public:
    ed25519_key(pkey_handle key, bool has_private_part)
        : impl{jws_algorithm::eddsa, has_private_part}, key_{std::move(key)} {}

    [[nodiscard]] jws_signature sign(std::span<const std::uint8_t> message) const override {
        const error_queue_scope errors;
        const digest_context context{EVP_MD_CTX_new()};
        jws_signature out;
        out.size = out.bytes.size();
        if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
            EVP_DigestSign(context.get(), out.bytes.data(), &out.size, message.data(), message.size()) != 1)
            throw std::runtime_error("OpenSSL could not sign with an Ed25519 key.");
        return out;
    }

    [[nodiscard]] bool verify(std::span<const std::uint8_t> message,
                              std::span<const std::uint8_t> signature) const override {
        const error_queue_scope errors;
        const digest_context context{EVP_MD_CTX_new()};
        return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
               EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                                message.size()) == 1;
    }

    [[nodiscard]] std::string to_jwk() const override {
        std::string out;
        out.reserve(192); // reallocation would leave copies of the secret in memory
        secret_bytes bytes(field_bytes);
        std::size_t size = bytes.size();
        if (EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size) != 1)
            throw std::runtime_error("OpenSSL did not return the public part of an Ed25519 key.");
        out.append(R"({"kty":"OKP","crv":"Ed25519","alg":"EdDSA","x":")").append(base64url_encode(bytes));
        if (can_sign) {
            size = bytes.size();
            if (EVP_PKEY_get_raw_private_key(key_.get(), bytes.data(), &size) != 1)
                throw std::runtime_error("OpenSSL did not return the seed of an Ed25519 key.");
            std::string encoded = base64url_encode(bytes);
            const cleansed_at_exit guard{encoded};
            out.append(R"(","d":")").append(encoded);
        }
        return out.append(R"("})");
    }

private:
    pkey_handle key_;
};

} // namespace

result<jws_impl_ptr> make_ed25519_key(pkey_handle key, bool has_private_part) {
    if (!key || EVP_PKEY_is_a(key.get(), "ED25519") != 1)
        return fail(errc::invalid_input, "EdDSA needs an Ed25519 key.");
    return std::make_shared<ed25519_key>(std::move(key), has_private_part);
}

result<jws_impl_ptr> make_ed25519_public_key(field x) {
    const error_queue_scope errors;
    return make_ed25519_key(
        pkey_handle{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, x.data(), x.size())}, false);
}

result<jws_impl_ptr> make_ed25519_private_key(field seed) {
    const error_queue_scope errors;
    return make_ed25519_key(
        pkey_handle{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size())}, true);
}

} // namespace breakwater::crypto
