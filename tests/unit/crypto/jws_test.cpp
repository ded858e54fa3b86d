#include "crypto/jws.hpp"

#include "base/encoding.hpp"
#include "crypto/jws_impl.hpp"
#include "keys.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace breakwater::crypto {
namespace {

constexpr std::string_view secret = "a secret of at least 32 bytes, for tests";
constexpr std::string_view payload = R"({"sub":"42","token_type":"user_access"})";
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

jws_key hs256_key() {
    return jws_key::from_secret(jws_algorithm::hs256, secret).value();
}

jws_key fresh_key(jws_algorithm algorithm, std::uint64_t seed = 1) {
    breakwater::test::seeded_random random{seed};
    return jws_key::generate(algorithm, random).value();
}

void expect_refused(const result<std::string>& verified, std::string_view label) {
    ASSERT_FALSE(verified) << label;
    EXPECT_EQ(verified.error().code, errc::unauthenticated) << label;
    EXPECT_EQ(verified.error().detail, "The token is not valid.") << label;
}

/// A token with a valid signature and any header.
std::string signed_with(const jws_impl_ptr& key, std::string_view header, std::string_view body = payload) {
    std::string token = base64url_encode(as_bytes(header)) + '.' + base64url_encode(as_bytes(body));
    return token + '.' + base64url_encode(key->sign(as_bytes(token)).view());
}
std::string hs256_token(std::string_view hmac_secret, std::string_view header) {
    return signed_with(make_hmac_key(jws_algorithm::hs256, as_bytes(hmac_secret)).value(), header);
}

/// The token with its signature replaced.
std::string with_signature(std::string_view token, std::span<const std::uint8_t> signature) {
    return std::string{token.substr(0, token.rfind('.') + 1)} + base64url_encode(signature);
}
std::vector<std::uint8_t> signature_of(std::string_view token) {
    return base64url_decode(token.substr(token.rfind('.') + 1)).value();
}

class every_algorithm : public testing::TestWithParam<jws_algorithm> {};
INSTANTIATE_TEST_SUITE_P(jws, every_algorithm,
                         testing::Values(jws_algorithm::hs256, jws_algorithm::hs384, jws_algorithm::hs512,
                                         jws_algorithm::es256, jws_algorithm::eddsa),
                         [](const auto& row) { return std::string{to_string(row.param)}; });

TEST_P(every_algorithm, returns_the_payload_of_its_own_token) {
    const jws_key key = fresh_key(GetParam());
    for (const std::string_view text : {payload, std::string_view{"{}"}, std::string_view{"\xff\0\n", 3}}) {
        const auto verified = key.verify(key.sign(text));
        ASSERT_TRUE(verified);
        EXPECT_EQ(*verified, text);
    }
}

TEST_P(every_algorithm, writes_the_header_of_the_contract) {
    const auto decoded = decode_unverified(fresh_key(GetParam()).sign(payload));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->header, R"({"alg":")" + std::string{to_string(GetParam())} + R"(","typ":"JWT"})");
    EXPECT_EQ(decoded->payload, payload);
}

TEST_P(every_algorithm, refuses_a_token_of_another_key) {
    expect_refused(fresh_key(GetParam(), 1).verify(fresh_key(GetParam(), 2).sign(payload)), "other key");
}

TEST_P(every_algorithm, refuses_a_token_with_any_one_character_changed) {
    const jws_key key = fresh_key(GetParam());
    const std::string token = key.sign(payload);
    for (std::size_t at = 0; at < token.size(); ++at) {
        std::string changed = token;
        // Changes only the lowest bit of the character. In the last character of a part, a lenient decoder
        // would ignore this bit.
        const std::size_t value = alphabet.find(token[at]);
        changed[at] = value == alphabet.npos ? 'A' : alphabet[value ^ 1];
        expect_refused(key.verify(changed), changed);
    }
}

TEST_P(every_algorithm, refuses_a_truncated_or_extended_token) {
    const jws_key key = fresh_key(GetParam());
    const std::string token = key.sign(payload);
    for (std::size_t length = 0; length < token.size(); ++length)
        expect_refused(key.verify(std::string_view{token}.substr(0, length)), "truncated");
    for (const std::string_view tail : {"A", "AA", "AAA", "AAAA", "=", "==", ".", ".A", " ", "\n"})
        expect_refused(key.verify(token + std::string{tail}), tail);
    expect_refused(key.verify(token + '\0'), "NUL");
    expect_refused(key.verify(' ' + token), "leading space");
}

TEST_P(every_algorithm, refuses_a_valid_signature_if_the_header_names_another_algorithm) {
    breakwater::test::seeded_random random;
    const jws_key key = fresh_key(GetParam());
    const std::string jwk = key.to_jwk();
    // The same key as an impl, to sign headers that jws_key::sign never writes.
    const std::string member =
        GetParam() == jws_algorithm::es256 || GetParam() == jws_algorithm::eddsa ? "d" : "k";
    const std::size_t start = jwk.find('"' + member + "\":\"") + member.size() + 4;
    const auto bytes = base64url_decode(jwk.substr(start, jwk.find('"', start) - start)).value();
    const jws_impl_ptr signer =
        GetParam() == jws_algorithm::es256   ? make_ecdsa_private_key(field{bytes}).value()
        : GetParam() == jws_algorithm::eddsa ? make_ed25519_private_key(field{bytes}).value()
                                             : make_hmac_key(GetParam(), bytes).value();
    for (const std::string_view name : {"HS256", "HS384", "HS512", "ES256", "EdDSA", "none", "RS256", ""}) {
        const std::string token = signed_with(signer, R"({"alg":")" + std::string{name} + R"("})");
        if (name == to_string(GetParam())) {
            EXPECT_TRUE(key.verify(token)) << name;
        } else {
            expect_refused(key.verify(token), name);
        }
    }
}

TEST_P(every_algorithm, works_on_many_threads_with_one_key) {
    const jws_key key = fresh_key(GetParam());
    const std::string token = key.sign(payload);
    std::atomic<int> successes = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, copy = key] {
                for (int round = 0; round < 50; ++round)
                    successes +=
                        copy.verify(token) && copy.verify(copy.sign("{}")) && !copy.verify(token + 'A');
            });
    }
    EXPECT_EQ(successes, 200);
}

TEST_P(every_algorithm, does_not_change_the_error_queue_of_the_thread) {
    const jws_key key = fresh_key(GetParam());
    const std::string token = key.sign(payload);
    ERR_clear_error();
    std::vector<std::uint8_t> zeros(64);
    expect_refused(key.verify(with_signature(token, zeros)), "zeros");
    EXPECT_EQ(ERR_peek_error(), 0U);

    ERR_raise(ERR_LIB_USER, 1); // an error that TLS on this thread has not read yet
    expect_refused(key.verify(with_signature(token, zeros)), "zeros");
    EXPECT_EQ(ERR_GET_LIB(ERR_peek_last_error()), ERR_LIB_USER);
    ERR_clear_error();
}

TEST(jws, refuses_algorithm_none_in_every_spelling) {
    const jws_key key = hs256_key();
    for (const std::string_view name : {"none", "None", "NONE", "nOnE"}) {
        const std::string header = R"({"alg":")" + std::string{name} + R"("})";
        const std::string unsigned_text =
            base64url_encode(as_bytes(header)) + '.' + base64url_encode(as_bytes(payload));
        expect_refused(key.verify(unsigned_text), name);
        expect_refused(key.verify(unsigned_text + '.'), name);
        expect_refused(key.verify(unsigned_text + ".AA"), name);
        expect_refused(key.verify(hs256_token(secret, header)), name);
    }
}

// Algorithm confusion: an attacker computes an HMAC with a public key.
TEST(jws, refuses_an_hmac_made_with_the_public_key) {
    const jws_key ec = jws_key::from_pem(jws_algorithm::es256, test::ec_public_pem).value();
    const jws_key ed = jws_key::from_pem(jws_algorithm::eddsa, test::ed25519_public_pem).value();
    for (const std::string_view header : {R"({"alg":"HS256","typ":"JWT"})", R"({"alg":"ES256","typ":"JWT"})",
                                          R"({"alg":"EdDSA","typ":"JWT"})"}) {
        expect_refused(ec.verify(hs256_token(test::ec_public_pem, header)), header);
        expect_refused(ec.verify(hs256_token(ec.to_jwk(), header)), header);
        expect_refused(ed.verify(hs256_token(test::ed25519_public_pem, header)), header);
        // 64 bytes, like an EC or Ed25519 signature.
        const auto long_mac = make_hmac_key(jws_algorithm::hs512, as_bytes(test::ec_public_pem)).value();
        expect_refused(ec.verify(signed_with(long_mac, header)), header);
        expect_refused(ed.verify(signed_with(long_mac, header)), header);
    }
}

TEST(jws, never_uses_a_key_from_the_token) {
    const jws_key attacker = fresh_key(jws_algorithm::es256, 9);
    const jws_key ours = fresh_key(jws_algorithm::es256, 1);
    const std::string forged = attacker.sign(payload);
    const std::string header = R"({"alg":"ES256","jwk":)" + attacker.to_jwk() + "}";
    expect_refused(ours.verify(base64url_encode(as_bytes(header)) + forged.substr(forged.find('.'))),
                   "embedded jwk");
}

TEST(jws, accepts_other_spellings_of_a_valid_header) {
    for (const std::string_view header :
         {R"({"alg":"HS256"})", R"({"typ":"JWT","alg":"HS256"})", R"( { "alg" : "HS256" } )",
          R"({"alg":"\u0048S256"})", R"({"alg":"HS256","kid":"7","jku":"https://example.org/","x":[{}]})"}) {
        const auto verified = hs256_key().verify(hs256_token(secret, header));
        ASSERT_TRUE(verified) << header;
        EXPECT_EQ(*verified, payload);
    }
}

TEST(jws, refuses_invalid_headers_with_a_valid_signature) {
    for (const std::string_view header : {R"({})",
                                          R"([])",
                                          R"("HS256")",
                                          R"(null)",
                                          R"({"typ":"JWT"})",
                                          R"({"alg":null})",
                                          R"({"alg":256})",
                                          R"({"alg":["HS256"]})",
                                          R"({"alg":"hs256"})",
                                          R"({"alg":"HS256 "})",
                                          R"({"Alg":"HS256"})",
                                          R"({"alg":"HS256","alg":"HS256"})",
                                          R"({"alg":"HS256","kid":"1","kid":"2"})",
                                          R"({"alg":"HS256","\u0061lg":"HS256"})",
                                          R"({"alg":"HS256","x":{"y":1,"y":2}})",
                                          R"({"alg":"HS256","crit":["exp"],"exp":1})",
                                          R"({"alg":"HS256","crit":["b64"],"b64":false})",
                                          R"({"alg":"HS256","crit":[]})",
                                          R"({"alg":"HS256","crit":null})",
                                          R"({"alg":"HS256"}{})",
                                          R"({"alg":"HS256"},)",
                                          R"({"alg":"HS256")",
                                          R"({"alg":"HS256",})",
                                          R"({'alg':'HS256'})",
                                          "{\"alg\":\"HS256\",\"kid\":\"\xff\"}",
                                          "\xef\xbb\xbf{\"alg\":\"HS256\"}"})
        expect_refused(hs256_key().verify(hs256_token(secret, header)), header);
    const std::string deep = R"({"alg":"HS256","x":)" + std::string(1000, '[') + std::string(1000, ']') + '}';
    expect_refused(hs256_key().verify(hs256_token(secret, deep)), "deep");
}

TEST(jws, refuses_a_part_that_is_empty_or_missing) {
    const jws_key key = hs256_key();
    const std::string token = key.sign(payload);
    const std::size_t first = token.find('.');
    const std::size_t second = token.rfind('.');
    const std::string header = token.substr(0, first);
    const std::string signature = token.substr(second + 1);
    for (const std::string& text :
         {std::string{}, std::string{"."}, std::string{".."}, std::string{"..."}, token.substr(first),
          header + ".." + signature, token.substr(0, second), token.substr(0, second + 1), header,
          header + '.', header + '.' + signature, token + '.' + signature, '.' + token,
          std::string(100, '.')})
        expect_refused(key.verify(text), text);
    // Correctly signed, but empty.
    expect_refused(key.verify(key.sign("")), "empty payload");
}

TEST(jws, refuses_other_encodings_of_the_same_bytes) {
    const jws_key key = hs256_key();
    const std::string token = key.sign(payload);
    // 32 bytes make 43 characters. The last one has two unused bits, which must be zero.
    for (const std::size_t bits : {1U, 2U, 3U}) {
        std::string changed = token;
        changed.back() = alphabet[alphabet.find(token.back()) | bits];
        ASSERT_NE(changed, token);
        expect_refused(key.verify(changed), changed);
    }
    expect_refused(key.verify(token + '='), "padding");

    // The same in a payload that was signed in this form.
    const auto hmac = make_hmac_key(jws_algorithm::hs256, as_bytes(secret)).value();
    const std::string header = token.substr(0, token.find('.') + 1);
    for (const std::string_view text :
         {"e30", "e31", "e3", "e", "e30=", "e3 0", "e3+0", "e3/0", "e\n30", "e30\n"}) {
        const std::string signed_text = header + std::string{text};
        const auto verified =
            key.verify(signed_text + '.' + base64url_encode(hmac->sign(as_bytes(signed_text)).view()));
        if (text == "e30") {
            EXPECT_EQ(verified.value_or(""), "{}");
        } else {
            expect_refused(verified, text);
        }
    }
}

TEST(jws, accepts_a_token_of_the_maximum_size_and_refuses_a_larger_one) {
    const jws_key key = hs256_key();
    const std::string largest = key.sign(std::string(3011, 'x'));
    ASSERT_EQ(largest.size(), max_token_bytes);
    EXPECT_TRUE(key.verify(largest));
    EXPECT_TRUE(decode_unverified(largest));
    const std::string larger = key.sign(std::string(3012, 'x'));
    ASSERT_EQ(larger.size(), max_token_bytes + 1);
    expect_refused(key.verify(larger), "4097 bytes");
    EXPECT_FALSE(decode_unverified(larger));
    expect_refused(key.verify(std::string(50'000'000, 'A')), "50 MB");
}

// The order of the group P-256, big-endian (SEC 2 section 2.4.2).
constexpr std::array<std::uint8_t, 32> order{0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff,
                                             0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                             0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

TEST(jws, es256_refuses_r_and_s_out_of_range) {
    const jws_key key = fresh_key(jws_algorithm::es256);
    const std::string token = key.sign(payload);
    const auto good = signature_of(token);
    ASSERT_EQ(good.size(), 64U);
    const std::array<std::uint8_t, 32> zero{};
    std::array<std::uint8_t, 32> ones{};
    ones.fill(0xff);
    for (const auto& bad : {zero, order, ones}) {
        auto bad_r = good;
        std::ranges::copy(bad, bad_r.begin());
        expect_refused(key.verify(with_signature(token, bad_r)), "r");
        auto bad_s = good;
        std::ranges::copy(bad, bad_s.begin() + 32);
        expect_refused(key.verify(with_signature(token, bad_s)), "s");
        auto both = bad_r;
        std::ranges::copy(bad, both.begin() + 32);
        expect_refused(key.verify(with_signature(token, both)), "both");
    }
}

TEST(jws, es256_refuses_signatures_of_another_size_or_form) {
    const jws_key key = fresh_key(jws_algorithm::es256);
    const std::string token = key.sign(payload);
    const auto good = signature_of(token);
    for (const std::size_t size : {1U, 31U, 32U, 63U, 65U, 96U, 128U}) {
        auto resized = good;
        resized.resize(size);
        expect_refused(key.verify(with_signature(token, resized)), "resized");
    }
    auto front_zero = good;
    front_zero.insert(front_zero.begin(), 0);
    expect_refused(key.verify(with_signature(token, front_zero)), "leading zero");
    // DER, the format of OpenSSL: SEQUENCE { INTEGER r, INTEGER s }, each with a leading zero.
    std::vector<std::uint8_t> der{0x30, 70, 0x02, 33, 0};
    der.insert(der.end(), good.begin(), good.begin() + 32);
    der.insert(der.end(), {0x02, 33, 0});
    der.insert(der.end(), good.begin() + 32, good.end());
    expect_refused(key.verify(with_signature(token, der)), "DER");
    auto swapped = good;
    std::ranges::rotate(swapped, swapped.begin() + 32);
    expect_refused(key.verify(with_signature(token, swapped)), "s before r");
}

// In DER, r and s below 2^248 have fewer bytes. They must still be written as 32 bytes.
TEST(jws, es256_signatures_always_have_64_bytes) {
    const jws_key key = fresh_key(jws_algorithm::es256);
    bool had_short_number = false;
    for (int i = 0; i < 4000 && !had_short_number; ++i) {
        const std::string token = key.sign(payload);
        const auto signature = signature_of(token);
        ASSERT_EQ(signature.size(), 64U);
        had_short_number = signature[0] == 0 || signature[32] == 0;
        EXPECT_TRUE(key.verify(token));
    }
    EXPECT_TRUE(had_short_number);
}

// RFC 8032 section 5.1.7: S must be below the order of the group; otherwise a signature has two encodings.
TEST(jws, eddsa_refuses_s_plus_the_order) {
    constexpr std::array<std::uint8_t, 32> l{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                             0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                             0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    const jws_key key = fresh_key(jws_algorithm::eddsa);
    const std::string token = key.sign(payload);
    auto signature = signature_of(token);
    unsigned carry = 0;
    for (std::size_t i = 0; i < l.size(); ++i) {
        carry += signature[32 + i] + l[i];
        signature[32 + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    ASSERT_EQ(carry, 0U);
    expect_refused(key.verify(with_signature(token, signature)), "S + L");
}

TEST(jws, a_public_key_verifies_and_does_not_sign) {
    const jws_key pair = jws_key::from_pem(jws_algorithm::es256, test::ec_private_pem).value();
    const jws_key public_key = jws_key::from_pem(jws_algorithm::es256, test::ec_public_pem).value();
    EXPECT_TRUE(pair.can_sign());
    EXPECT_FALSE(public_key.can_sign());
    EXPECT_EQ(public_key.verify(pair.sign(payload)).value_or(""), payload);
    EXPECT_THROW((void)public_key.sign(payload), std::logic_error);
}

TEST(decode_unverified, returns_the_parts_for_any_signature) {
    const auto decoded = decode_unverified(hs256_key().sign(payload));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->payload, payload);
    EXPECT_EQ(decoded->signature_bytes, 32U);
    const auto none = decode_unverified("eyJhbGciOiJub25lIn0.e30.");
    ASSERT_TRUE(none);
    EXPECT_EQ(none->header, R"({"alg":"none"})");
    EXPECT_EQ(none->signature_bytes, 0U);
}

TEST(decode_unverified, refuses_a_text_that_is_not_a_token_with_a_reason) {
    for (const std::string_view text :
         {"", "abc", "e30", "e30.e30", "e30.e30.e30.e30", ".e30.e30", "e31.e30.e30", "e30.e31.e30",
          "e30.e30.e31", "e30=.e30.e30", "W10.e30.e30", "eyJhIjoxLCJhIjoxfQ.e30.e30"}) {
        const auto decoded = decode_unverified(text);
        ASSERT_FALSE(decoded) << text;
        EXPECT_EQ(decoded.error().code, errc::malformed) << text;
        EXPECT_FALSE(decoded.error().detail.empty());
    }
}

} // namespace
} // namespace breakwater::crypto
