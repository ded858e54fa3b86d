#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "crypto/jws_impl.hpp"
#include "crypto/keyed_hmac.hpp"

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
    hmac_key(jws_algorithm hmac_algorithm, std::span<const std::uint8_t> secret, bool may_sign)
        : impl{hmac_algorithm, may_sign},
          secret_{secret.begin(), secret.end()},
          hmac_{digest_of(hmac_algorithm), secret} {}

    [[nodiscard]] jws_signature sign(std::span<const std::uint8_t> message) const override {
        return mac(message);
    }

    [[nodiscard]] bool verify(std::span<const std::uint8_t> message,
                              std::span<const std::uint8_t> signature) const override {
        return equal_in_constant_time(mac(message).view(), signature);
    }

    [[nodiscard]] std::string to_jwk() const override {
        std::string encoded = base64url_encode(secret_);
        const cleansed_at_exit guard{encoded};
        std::string out;
        out.reserve(encoded.size() + 48); // reallocation would leave copies of the secret in memory
        return out.append(R"({"kty":"oct","alg":")")
            .append(to_string(algorithm))
            .append(R"(","k":")")
            .append(encoded)
            .append(R"("})");
    }

private:
    [[nodiscard]] jws_signature mac(std::span<const std::uint8_t> message) const {
        const hmac_value hmac = hmac_.compute(message);
        return {.bytes = hmac.bytes, .size = hmac.size};
    }

    secret_bytes secret_;
    keyed_hmac hmac_;
};

} // namespace

result<jws_impl_ptr> make_hmac_key(jws_algorithm algorithm, std::span<const std::uint8_t> secret,
                                   bool may_sign) {
    if (secret.empty())
        return fail(errc::invalid_input, "A signing secret must not be empty.");
    return std::make_shared<hmac_key>(algorithm, secret, may_sign);
}

} // namespace breakwater::crypto
