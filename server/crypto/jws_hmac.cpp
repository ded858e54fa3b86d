#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws_impl.hpp"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include <stdexcept>

namespace breakwater::crypto {

namespace {

constexpr const char* digest_of(jws_algorithm algorithm) noexcept {
    switch (algorithm) {
    case jws_algorithm::hs384: return "SHA384";
    case jws_algorithm::hs512: return "SHA512";
    default: return "SHA256";
    }
}

class hmac_key final : public jws_key::impl {
public:
    hmac_key(jws_algorithm which, std::span<const std::uint8_t> secret)
        : impl{which, true}, secret_{secret.begin(), secret.end()} {
        const mac_algorithm hmac{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
        keyed_.reset(EVP_MAC_CTX_new(hmac.get()));
        const std::array parameters{
            OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char*>(digest_of(which)), 0),
            OSSL_PARAM_construct_end()};
        if (!keyed_ || EVP_MAC_init(keyed_.get(), secret.data(), secret.size(), parameters.data()) != 1)
            throw std::runtime_error("OpenSSL has no HMAC.");
    }

    [[nodiscard]] jws_signature sign(std::span<const std::uint8_t> message) const override {
        // A copy of the keyed state costs half a microsecond and no lock; a new one looks its algorithm up
        // first.
        const mac_context context{EVP_MAC_CTX_dup(keyed_.get())};
        jws_signature out;
        if (!context || EVP_MAC_update(context.get(), message.data(), message.size()) != 1 ||
            EVP_MAC_final(context.get(), out.bytes.data(), &out.size, out.bytes.size()) != 1)
            throw std::runtime_error("OpenSSL could not compute an HMAC.");
        return out;
    }

    [[nodiscard]] bool verify(std::span<const std::uint8_t> message,
                              std::span<const std::uint8_t> signature) const override {
        return equal_in_constant_time(sign(message).view(), signature);
    }

    [[nodiscard]] std::string to_jwk() const override {
        std::string encoded = base64url_encode(secret_);
        const cleansed_at_exit guard{encoded};
        std::string out;
        out.reserve(encoded.size() + 48); // a growing string would leave copies of the secret behind
        return out.append(R"({"kty":"oct","alg":")")
            .append(to_string(algorithm))
            .append(R"(","k":")")
            .append(encoded)
            .append(R"("})");
    }

private:
    secret_bytes secret_;
    mac_context keyed_; ///< only ever copied
};

} // namespace

result<jws_key_part> make_hmac_key(jws_algorithm algorithm, std::span<const std::uint8_t> secret) {
    if (secret.empty())
        return fail(errc::invalid_input, "A signing secret must not be empty.");
    return std::make_shared<hmac_key>(algorithm, secret);
}

} // namespace breakwater::crypto
