#include "crypto/jws.hpp"

#include "keys.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <string>
#include <vector>

namespace breakwater::crypto {
namespace {

using breakwater::test::seeded_random;

constexpr std::string_view payload = R"({"sub":"42"})";

void expect_invalid(const result<jws_key>& key, std::string_view label, errc code = errc::invalid_input) {
    ASSERT_FALSE(key) << label;
    EXPECT_EQ(key.error().code, code) << label;
    EXPECT_FALSE(key.error().detail.empty());
    EXPECT_EQ(ERR_peek_error(), 0U) << label;
}

TEST(jws_algorithm_names, convert_both_ways) {
    for (const auto value : {jws_algorithm::hs256, jws_algorithm::hs384, jws_algorithm::hs512,
                             jws_algorithm::es256, jws_algorithm::eddsa})
        EXPECT_EQ(parse_jws_algorithm(to_string(value)), value);
    EXPECT_EQ(to_string(jws_algorithm::eddsa), "EdDSA");
    EXPECT_EQ(parse_jws_algorithm("ES256"), jws_algorithm::es256);
    for (const std::string_view text : {"", "none", "hs256", "HS256 ", "RS256", "ES384", "EDDSA"})
        EXPECT_EQ(parse_jws_algorithm(text), std::nullopt) << text;
}

TEST(jws_key_from_secret, needs_as_many_bytes_as_the_digest) {
    const std::pair<jws_algorithm, std::size_t> sizes[] = {
        {jws_algorithm::hs256, 32}, {jws_algorithm::hs384, 48}, {jws_algorithm::hs512, 64}};
    for (const auto& [algorithm, min_bytes] : sizes) {
        EXPECT_EQ(min_secret_bytes(algorithm), min_bytes);
        EXPECT_TRUE(jws_key::from_secret(algorithm, std::string(min_bytes, 'k')));
        expect_invalid(jws_key::from_secret(algorithm, std::string(min_bytes - 1, 'k')),
                       to_string(algorithm));
        EXPECT_TRUE(jws_key::from_secret(algorithm, "k", true));
        expect_invalid(jws_key::from_secret(algorithm, "", true), "empty");
    }
}

TEST(jws_key_from_secret, uses_every_byte_of_a_secret) {
    using namespace std::string_view_literals;
    const jws_key one = jws_key::from_secret(jws_algorithm::hs256, "a\0b"sv, true).value();
    const jws_key other = jws_key::from_secret(jws_algorithm::hs256, "a\0c"sv, true).value();
    EXPECT_FALSE(other.verify(one.sign(payload)));
    std::string text(300, 'k');
    const jws_key long_one = jws_key::from_secret(jws_algorithm::hs256, text).value();
    text.back() = 'l';
    const jws_key long_other = jws_key::from_secret(jws_algorithm::hs256, text).value();
    EXPECT_FALSE(long_other.verify(long_one.sign(payload)));
    EXPECT_TRUE(long_one.verify(long_one.sign(payload)));
}

TEST(jws_key_from_secret, is_only_for_hmac) {
    EXPECT_EQ(min_secret_bytes(jws_algorithm::es256), 0U);
    expect_invalid(jws_key::from_secret(jws_algorithm::es256, std::string(64, 'k')), "ES256");
    expect_invalid(jws_key::from_secret(jws_algorithm::eddsa, std::string(64, 'k'), true), "EdDSA");
}

TEST(jws_key_from_pem, reads_private_and_public_keys) {
    const jws_key ec = jws_key::from_pem(jws_algorithm::es256, test::ec_private_pem).value();
    const jws_key ec_public = jws_key::from_pem(jws_algorithm::es256, test::ec_public_pem).value();
    EXPECT_TRUE(ec_public.verify(ec.sign(payload)));
    EXPECT_EQ(ec_public.algorithm(), jws_algorithm::es256);
    const jws_key ed = jws_key::from_pem(jws_algorithm::eddsa, test::ed25519_private_pem).value();
    const jws_key ed_public = jws_key::from_pem(jws_algorithm::eddsa, test::ed25519_public_pem).value();
    EXPECT_TRUE(ed.can_sign());
    EXPECT_FALSE(ed_public.can_sign());
    EXPECT_TRUE(ed_public.verify(ed.sign(payload)));
    EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(jws_key_from_pem, refuses_keys_of_another_kind_or_curve) {
    expect_invalid(jws_key::from_pem(jws_algorithm::es256, test::ed25519_private_pem), "Ed25519 for ES256");
    expect_invalid(jws_key::from_pem(jws_algorithm::eddsa, test::ec_private_pem), "P-256 for EdDSA");
    expect_invalid(jws_key::from_pem(jws_algorithm::es256, test::p384_public_pem), "P-384");
    expect_invalid(jws_key::from_pem(jws_algorithm::es256, test::secp256k1_public_pem), "secp256k1");
    expect_invalid(jws_key::from_pem(jws_algorithm::hs256, test::ec_public_pem), "a PEM for HS256");
    expect_invalid(jws_key::from_pem(jws_algorithm::hs256, test::ec_private_pem), "a PEM for HS256");
    expect_invalid(jws_key::from_pem(jws_algorithm::hs256, test::ed25519_private_pem), "a PEM for HS256");
}

TEST(jws_key_from_pem, refuses_invalid_keys_and_never_asks_for_a_passphrase) {
    expect_invalid(jws_key::from_pem(jws_algorithm::es256, test::ec_encrypted_pem), "encrypted");
    expect_invalid(jws_key::from_pem(jws_algorithm::es256, ""), "empty");
    expect_invalid(jws_key::from_pem(jws_algorithm::es256, "hello"), "text");
    expect_invalid(jws_key::from_pem(jws_algorithm::es256, test::ec_public_pem.substr(0, 100)), "truncated");
    expect_invalid(jws_key::from_pem(jws_algorithm::es256, std::string(20'000, '\n')), "large");
}

TEST(jws_key_from_jwk, derives_the_algorithm_from_alg_or_type) {
    const auto algorithm = [](std::string_view json) { return jws_key::from_jwk(json).value().algorithm(); };
    const std::string k(86, 'A'); // 64 bytes
    EXPECT_EQ(algorithm(R"({"kty":"oct","k":")" + k + R"("})"), jws_algorithm::hs256);
    EXPECT_EQ(algorithm(R"({"kty":"oct","alg":"HS384","k":")" + k + R"("})"), jws_algorithm::hs384);
    EXPECT_EQ(algorithm(R"({"kty":"oct","alg":"HS512","k":")" + k + R"(","kid":"x","use":"sig"})"),
              jws_algorithm::hs512);
    EXPECT_EQ(algorithm(test::rfc7515_ec_jwk), jws_algorithm::es256);
    EXPECT_EQ(algorithm(test::rfc8037_public_jwk), jws_algorithm::eddsa);
    EXPECT_TRUE(jws_key::from_jwk(test::rfc8037_jwk).value().can_sign());
    EXPECT_FALSE(jws_key::from_jwk(test::rfc7515_ec_public_jwk).value().can_sign());
}

// RFC 7517 section 4.3
TEST(jws_key_from_jwk, honours_key_ops) {
    const auto with_member = [](std::string_view jwk, const std::string& member) {
        return jws_key::from_jwk("{" + member + "," + std::string{jwk.substr(1)});
    };
    const std::string oct = R"({"kty":"oct","k":")" + std::string(43, 'A') + "\"}";
    for (const std::string_view jwk : {std::string_view{oct}, test::rfc7515_ec_jwk, test::rfc8037_jwk}) {
        const auto both = with_member(jwk, R"("key_ops":["sign", "verify"])");
        ASSERT_TRUE(both) << both.error().detail;
        EXPECT_TRUE(both->can_sign());
        const std::string token = both->sign("{}");
        const auto verifier = with_member(jwk, R"("key_ops":["ver\u0069fy"])");
        ASSERT_TRUE(verifier) << verifier.error().detail;
        EXPECT_FALSE(verifier->can_sign());
        EXPECT_TRUE(verifier->verify(token));
        EXPECT_TRUE(with_member(jwk, R"("key_ops":["verify","sign"],"use":"sig")"));
        for (const char* bad :
             {R"("key_ops":["sign"])", R"("key_ops":[])", R"("key_ops":["encrypt","decrypt"])",
              R"("key_ops":"verify")", R"("key_ops":null)", R"("key_ops":[1,"verify"])",
              R"("key_ops":["verify","verify"])", R"("key_ops":["Verify"])",
              R"("key_ops":["verify","encrypt"],"use":"sig")"})
            expect_invalid(with_member(jwk, bad), bad);
    }
    EXPECT_TRUE(with_member(test::rfc7515_ec_public_jwk, R"("key_ops":["verify"])"));
    expect_invalid(with_member(test::rfc7515_ec_public_jwk, R"("key_ops":["sign"])"), "not to verify");
}

TEST(jws_key_from_jwk, refuses_invalid_json) {
    for (const std::string_view text : {"", "{", "hello", R"({"kty":"oct","kty":"EC"})", R"({"kty":"oct"}x)"})
        expect_invalid(jws_key::from_jwk(text), text, errc::malformed);
}

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string out{text};
    const std::size_t at = out.find(from);
    EXPECT_NE(at, out.npos);
    return out.replace(at, from.size(), to);
}

TEST(jws_key_from_jwk, refuses_bad_symmetric_keys) {
    const std::string k = R"("k":")" + std::string(43, 'A') + '"';
    EXPECT_TRUE(jws_key::from_jwk(R"({"kty":"oct",)" + k + '}'));
    for (const std::string& text :
         {std::string{"[]"}, std::string{"{}"}, std::string{R"({"kty":"oct"})"}, '{' + k + '}',
          R"({"kty":"RSA",)" + k + '}', R"({"kty":["oct"],)" + k + '}',
          R"({"kty":"oct","alg":"ES256",)" + k + '}', R"({"kty":"oct","alg":"none",)" + k + '}',
          R"({"kty":"oct","alg":null,)" + k + '}', R"({"kty":"oct","alg":"HS384",)" + k + '}',
          R"({"kty":"oct","use":"enc",)" + k + '}', R"({"kty":"oct","use":1,)" + k + '}',
          std::string{R"({"kty":"oct","k":""})"}, std::string{R"({"kty":"oct","k":7})"},
          R"({"kty":"oct","k":")" + std::string(42, 'A') + "\"}",
          R"({"kty":"oct","k":")" + std::string(43, 'A') + "=\"}",
          R"({"kty":"oct","k":")" + std::string(42, 'A') + "B\"}",
          R"({"kty":"oct",)" + k + R"(,"x":")" + std::string(17'000, 'A') + "\"}"})
        expect_invalid(jws_key::from_jwk(text), text.substr(0, 80));
}

TEST(jws_key_from_jwk, refuses_bad_ec_keys) {
    const std::string_view good = test::rfc7515_ec_jwk;
    const std::string_view x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    const std::string_view d = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";
    const std::string zero(43, 'A');
    expect_invalid(jws_key::from_jwk(replaced(good, "P-256", "P-384")), "curve");
    expect_invalid(jws_key::from_jwk(replaced(good, "P-256", "Ed25519")), "curve");
    expect_invalid(jws_key::from_jwk(replaced(good, "\"EC\"", "\"OKP\"")), "type");
    expect_invalid(jws_key::from_jwk(replaced(good, "\"EC\"", "\"EC\",\"alg\":\"EdDSA\"")), "alg");
    expect_invalid(jws_key::from_jwk(replaced(good, "\"EC\"", "\"EC\",\"alg\":\"HS256\"")), "alg");
    expect_invalid(jws_key::from_jwk(replaced(good, x, zero)), "not on the curve");
    expect_invalid(jws_key::from_jwk(replaced(replaced(good, x, zero),
                                              "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", zero)),
                   "0, 0");
    expect_invalid(jws_key::from_jwk(replaced(good, x, x.substr(0, 40))), "short x");
    expect_invalid(jws_key::from_jwk(replaced(good, x, "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA")),
                   "31 bytes");
    expect_invalid(jws_key::from_jwk(replaced(good, x, "AH_Nzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF")),
                   "leading zero");
    const std::string with_k = R"("EC","alg":"HS256","k":")" + std::string(43, 'A') + '"';
    expect_invalid(jws_key::from_jwk(replaced(good, "\"EC\"", with_k)), "an oct in an EC key");
    expect_invalid(jws_key::from_jwk(replaced(good, "\"x\"", "\"z\"")), "no x");
    expect_invalid(jws_key::from_jwk(replaced(good, d, zero)), "d = 0");
    expect_invalid(jws_key::from_jwk(replaced(good, d, "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE")),
                   "d = n");
    expect_invalid(jws_key::from_jwk(replaced(good, d, "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM")),
                   "d + 1");
    expect_invalid(jws_key::from_jwk(replaced(good, d, d.substr(0, 40))), "short d");
    expect_invalid(jws_key::from_jwk(replaced(test::rfc7515_ec_public_jwk, R"("EC",)", R"("EC","d":null,)")),
                   "d null");
}

TEST(jws_key_from_jwk, refuses_bad_okp_keys) {
    const std::string_view good = test::rfc8037_jwk;
    const std::string_view d = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    expect_invalid(jws_key::from_jwk(replaced(good, "Ed25519", "X25519")), "curve");
    expect_invalid(jws_key::from_jwk(replaced(good, "Ed25519", "Ed448")), "curve");
    expect_invalid(jws_key::from_jwk(replaced(good, "\"OKP\"", "\"EC\"")), "type");
    expect_invalid(jws_key::from_jwk(replaced(good, d, "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2E")),
                   "other d");
    expect_invalid(jws_key::from_jwk(replaced(good, d, d.substr(0, 42))), "short d");
    expect_invalid(jws_key::from_jwk(replaced(good, d, "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyufw")),
                   "31 bytes");
    expect_invalid(jws_key::from_jwk(replaced(good, d, "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2AA")),
                   "33 bytes");
    expect_invalid(jws_key::from_jwk(replaced(good, "\"x\"", "\"z\"")), "no x");
}

class every_algorithm_key : public testing::TestWithParam<jws_algorithm> {};
INSTANTIATE_TEST_SUITE_P(jws_key, every_algorithm_key,
                         testing::Values(jws_algorithm::hs256, jws_algorithm::hs384, jws_algorithm::hs512,
                                         jws_algorithm::es256, jws_algorithm::eddsa),
                         [](const auto& row) { return std::string{to_string(row.param)}; });

TEST_P(every_algorithm_key, survives_conversion_to_a_jwk_and_back) {
    seeded_random random;
    const jws_key key = jws_key::generate(GetParam(), random).value();
    const std::string jwk = key.to_jwk();
    const jws_key again = jws_key::from_jwk(jwk).value();
    EXPECT_EQ(again.to_jwk(), jwk);
    EXPECT_EQ(again.algorithm(), GetParam());
    EXPECT_TRUE(again.can_sign());
    EXPECT_TRUE(again.verify(key.sign(payload)));
    EXPECT_TRUE(key.verify(again.sign(payload)));
}

TEST_P(every_algorithm_key, depends_only_on_the_random_source) {
    seeded_random one{1};
    seeded_random same{1};
    seeded_random other{2};
    const std::string jwk = jws_key::generate(GetParam(), one).value().to_jwk();
    EXPECT_EQ(jws_key::generate(GetParam(), same).value().to_jwk(), jwk);
    EXPECT_NE(jws_key::generate(GetParam(), other).value().to_jwk(), jwk);
    EXPECT_NE(jws_key::generate(GetParam(), one).value().to_jwk(), jwk);
}

TEST(jws_key_to_jwk, of_a_public_key_has_only_the_public_part) {
    for (const std::string_view jwk : {test::rfc7515_ec_public_jwk, test::rfc8037_public_jwk}) {
        const std::string out = jws_key::from_jwk(jwk).value().to_jwk();
        EXPECT_EQ(out.find("\"d\""), out.npos);
        EXPECT_EQ(jws_key::from_jwk(out).value().to_jwk(), out);
    }
}

/// Returns the given bytes on the first draw (or on each, with `always`), then seeded bytes.
class scripted_random final : public random_source {
public:
    explicit scripted_random(std::vector<std::uint8_t> first_bytes) : first_bytes_{std::move(first_bytes)} {}
    void fill(std::span<std::uint8_t> out) override {
        ++draws;
        if (draws == 1 || always)
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = first_bytes_[i % first_bytes_.size()];
        else
            rest_.fill(out);
    }
    int draws = 0;
    bool always = false;

private:
    std::vector<std::uint8_t> first_bytes_;
    seeded_random rest_;
};

TEST(jws_key_generate, draws_again_if_a_scalar_is_out_of_range) {
    scripted_random random{{0xff}};
    EXPECT_TRUE(jws_key::generate(jws_algorithm::es256, random));
    EXPECT_EQ(random.draws, 2);
}

TEST(jws_key_generate, fails_after_a_few_draws_from_a_stuck_source) {
    scripted_random random{{0}};
    random.always = true;
    EXPECT_FALSE(jws_key::generate(jws_algorithm::es256, random));
    EXPECT_LE(random.draws, 8);
}

} // namespace
} // namespace breakwater::crypto
