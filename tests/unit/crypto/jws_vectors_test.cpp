#include "crypto/jws.hpp"

#include "keys.hpp"

#include <gtest/gtest.h>

#include <string>

namespace breakwater::crypto {
namespace {

constexpr std::string_view rfc7515_payload =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
constexpr std::string_view rfc7515_hs256_token =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view rfc7515_es256_token =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr std::string_view rfc8037_token =
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

TEST(jws_vectors, rfc7515_appendix_a1_hs256) {
    const jws_key key = jws_key::from_jwk(test::rfc7515_hmac_jwk).value();
    EXPECT_EQ(key.algorithm(), jws_algorithm::hs256);
    const auto payload = key.verify(rfc7515_hs256_token);
    ASSERT_TRUE(payload) << payload.error().detail;
    EXPECT_EQ(*payload, rfc7515_payload);
}

TEST(jws_vectors, rfc7515_appendix_a3_es256) {
    for (const std::string_view jwk : {test::rfc7515_ec_jwk, test::rfc7515_ec_public_jwk}) {
        const jws_key key = jws_key::from_jwk(jwk).value();
        EXPECT_EQ(key.algorithm(), jws_algorithm::es256);
        const auto payload = key.verify(rfc7515_es256_token);
        ASSERT_TRUE(payload) << payload.error().detail;
        EXPECT_EQ(*payload, rfc7515_payload);
    }
}

TEST(jws_vectors, rfc8037_appendix_a5_eddsa) {
    for (const std::string_view jwk : {test::rfc8037_jwk, test::rfc8037_public_jwk}) {
        const jws_key key = jws_key::from_jwk(jwk).value();
        EXPECT_EQ(key.algorithm(), jws_algorithm::eddsa);
        const auto payload = key.verify(rfc8037_token);
        ASSERT_TRUE(payload) << payload.error().detail;
        EXPECT_EQ(*payload, "Example of Ed25519 signing");
    }
}

TEST(jws_vectors, rfc7520_section_4_4_hs256_with_a_key_id) {
    const jws_key key = jws_key::from_jwk(R"({"kty":"oct","kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037",)"
                                          R"("use":"sig","alg":"HS256",)"
                                          R"("k":"hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"})")
                            .value();
    const auto payload =
        key.verify("eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9."
                   "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb"
                   "250byB0aGUgcm9h"
                   "ZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91I"
                   "G1pZ2h0IGJlIHN3"
                   "ZXB0IG9mZiB0by4."
                   "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0");
    ASSERT_TRUE(payload) << payload.error().detail;
    EXPECT_EQ(*payload,
              "It\u2019s a dangerous business, Frodo, going out your door. You step onto the road, and if "
              "you don't keep your feet, there\u2019s no knowing where you might be swept off to.");
}

// HMAC and Ed25519 are deterministic. The expected tokens were made with other tools: an HMAC module of
// another language, and `openssl pkeyutl -sign -rawin` with the RFC's key.
TEST(jws_vectors, our_tokens_match_those_of_another_implementation) {
    const auto hmac = [](std::string_view alg) {
        std::string jwk{test::rfc7515_hmac_jwk};
        return jws_key::from_jwk(jwk.insert(1, R"("alg":")" + std::string{alg} + R"(",)")).value();
    };
    EXPECT_EQ(hmac("HS256").sign(R"({"sub":"1"})"), "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
                                                    "eyJzdWIiOiIxIn0."
                                                    "mW13g2L8zCCB2Z_yXFO12IXeDsG5VNv4V4t-UfdT4xU");
    EXPECT_EQ(hmac("HS384").sign(R"({"sub":"1"})"),
              "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9."
              "eyJzdWIiOiIxIn0."
              "71Vy8a5Z45Er0SOhIiv5OcV0cF4gGbGb0fNjiLuvKpGIRz58S8aExI_Cy5jsZiJh");
    EXPECT_EQ(hmac("HS512").sign(R"({"sub":"1"})"),
              "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9."
              "eyJzdWIiOiIxIn0."
              "-N_Lm2wLXtv7HYEpoCTnO0-0mJ8CgVSmR-P3cFZyPwxcBWTXD_0J2k3128B6iTxoCGWrE8qR6nmG9vhXtJzOKQ");
    const jws_key ed25519 = jws_key::from_jwk(test::rfc8037_jwk).value();
    EXPECT_EQ(ed25519.sign(R"({"sub":"1"})"),
              "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9."
              "eyJzdWIiOiIxIn0."
              "fD1Rxnaqkos1oI7F9W1VKOW27d39YQp2csK7Ho0gA2KOseXxNq8tU4Ly0AWFbOLau10UdxkGlU3XFcom49jbCA");
}

} // namespace
} // namespace breakwater::crypto
