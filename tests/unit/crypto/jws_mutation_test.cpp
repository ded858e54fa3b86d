#include "crypto/jws.hpp"

#include "base/encoding.hpp"
#include "keys.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace breakwater::crypto {
namespace {

/// Applies one to four random edits, as broken clients, broken proxies or attackers might.
class mutator {
public:
    explicit mutator(std::uint64_t seed) : engine_{seed} {}

    std::string operator()(std::string text) {
        for (std::size_t edits = 1 + below(4); edits > 0; --edits)
            edit(text);
        return text;
    }

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : engine_() % bound; }

    char character() {
        constexpr std::string_view likely = "AZaz09-_.=+/ {}[]\":,\\\n";
        return below(2) == 0 ? likely[below(likely.size())] : static_cast<char>(below(256));
    }

    void edit(std::string& text) {
        const std::size_t at = below(text.size() + 1);
        switch (below(6)) {
        case 0: // replace
            if (at < text.size())
                text[at] = character();
            break;
        case 1: // insert
            text.insert(at, 1 + below(3), character());
            break;
        case 2: // remove
            text.erase(at, 1 + below(8));
            break;
        case 3: // truncate
            text.resize(at);
            break;
        case 4: // repeat a piece
            text.insert(at, std::string{text, at, below(64)});
            break;
        default: // flip a bit
            if (at < text.size())
                text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
            break;
        }
    }

    std::mt19937_64 engine_;
};

void verify_mutations(jws_algorithm algorithm, int rounds) {
    breakwater::test::seeded_random random;
    const jws_key key = jws_key::generate(algorithm, random).value();
    const std::string token = key.sign(R"({"sub":"42","exp":1300819380,"token_type":"user_access"})");
    mutator mutate{static_cast<std::uint64_t>(algorithm)};
    for (int i = 0; i < rounds; ++i) {
        const std::string changed = mutate(token);
        EXPECT_EQ(key.verify(changed).has_value(), changed == token) << changed;
    }
}

TEST(jws_mutations, are_never_accepted_by_hs256) {
    verify_mutations(jws_algorithm::hs256, 20'000);
}
TEST(jws_mutations, are_never_accepted_by_hs512) {
    verify_mutations(jws_algorithm::hs512, 5'000);
}
TEST(jws_mutations, are_never_accepted_by_es256) {
    verify_mutations(jws_algorithm::es256, 2'000);
}
TEST(jws_mutations, are_never_accepted_by_eddsa) {
    verify_mutations(jws_algorithm::eddsa, 2'000);
}

// A decoded token must be the only encoding of its parts.
TEST(jws_mutations, that_decode_encode_to_the_same_text) {
    const std::string token = jws_key::from_jwk(test::rfc7515_hmac_jwk).value().sign(R"({"sub":"42"})");
    mutator mutate{17};
    int decoded_count = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string changed = mutate(token);
        const auto decoded = decode_unverified(changed);
        if (!decoded)
            continue;
        ++decoded_count;
        const std::string front = base64url_encode(as_bytes(decoded->header)) + '.' +
                                  base64url_encode(as_bytes(decoded->payload)) + '.';
        EXPECT_TRUE(changed.starts_with(front)) << changed;
        EXPECT_EQ(changed.find('.', front.size()), changed.npos);
    }
    EXPECT_GT(decoded_count, 100);
}

TEST(jws_mutations, of_a_jwk_give_a_complete_key_or_none) {
    mutator mutate{23};
    int key_count = 0;
    for (const std::string_view jwk :
         {test::rfc7515_hmac_jwk, test::rfc7515_ec_jwk, test::rfc7515_ec_public_jwk, test::rfc8037_jwk,
          test::rfc8037_public_jwk})
        for (int i = 0; i < 500; ++i) {
            const auto key = jws_key::from_jwk(mutate(std::string{jwk}));
            if (!key)
                continue;
            ++key_count;
            const std::string out = key->to_jwk();
            const auto again = jws_key::from_jwk(out);
            ASSERT_TRUE(again) << out;
            EXPECT_EQ(again->to_jwk(), out);
            if (key->can_sign()) {
                EXPECT_TRUE(again->verify(key->sign("{}")));
            }
        }
    EXPECT_GT(key_count, 0);
}

TEST(jws_mutations, of_a_pem_key_are_harmless) {
    mutator mutate{29};
    for (int i = 0; i < 300; ++i)
        for (const std::string_view pem :
             {test::ec_private_pem, test::ec_public_pem, test::ed25519_private_pem}) {
            const std::string changed = mutate(std::string{pem});
            for (const auto algorithm : {jws_algorithm::es256, jws_algorithm::eddsa})
                if (const auto key = jws_key::from_pem(algorithm, changed); key && key->can_sign()) {
                    EXPECT_TRUE(key->verify(key->sign("{}")));
                }
        }
}

} // namespace
} // namespace breakwater::crypto
