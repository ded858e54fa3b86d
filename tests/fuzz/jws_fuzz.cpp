// Tokens: only the genuine tokens verify, and each token has one spelling.

#include "base/encoding.hpp"
#include "crypto/jws.hpp"
#include "fuzz.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

using namespace breakwater;
using namespace breakwater::crypto;
using fuzz::require;

namespace {

// Keys and tokens of RFC 7515 appendix A.1 and A.3 and RFC 8037 appendix A.1.
constexpr std::array<std::string_view, 3> jwks{
    R"({"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})",
    R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
    R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"};
constexpr std::array<std::string_view, 3> genuine{
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"};

const std::array<jws_key, 3>& keys() {
    static const std::array<jws_key, 3> parsed{jws_key::from_jwk(jwks[0]).value(),
                                               jws_key::from_jwk(jwks[1]).value(),
                                               jws_key::from_jwk(jwks[2]).value()};
    return parsed;
}

std::string encode(std::string_view part) {
    return base64url_encode(as_bytes(part));
}

} // namespace

/// The first byte selects how the rest is parsed: as a token for one of the keys, or as a key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const std::string_view text = fuzz::as_text(data + 1, size - 1);
    if (data[0] % 4 == 3) {
        if (const auto key = jws_key::from_jwk(text); key && key->can_sign()) {
            const auto again = jws_key::from_jwk(key->to_jwk());
            require(again && again->algorithm() == key->algorithm(), "a written key is read back");
            require(again->verify(key->sign("{}")).has_value(), "and verifies what the original key signs");
        }
        return 0;
    }
    const std::size_t index = data[0] % 4;
    if (const auto payload = keys()[index].verify(text))
        require(std::ranges::find(genuine, text) == genuine.begin() + static_cast<std::ptrdiff_t>(index),
                "only the genuine token verifies");
    else
        require(text != genuine[index], "the genuine token verifies");
    if (const auto parts = decode_unverified(text)) {
        const std::string begin = encode(parts->header) + '.' + encode(parts->payload) + '.';
        require(text.starts_with(begin), "a token has one spelling");
        require(text.size() <= max_token_bytes, "tokens are bounded");
    }
    return 0;
}
