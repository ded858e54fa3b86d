#include "identity/token_service.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

crypto::jws_key key_of(std::string_view secret) {
    return crypto::jws_key::from_secret(crypto::jws_algorithm::hs256, secret).value();
}

class token_service_test : public testing::Test {
protected:
    test::manual_clock clock_;
    test::seeded_random random_;
    crypto::jws_key access_ = key_of("access-key-access-key-access-key-");
    crypto::jws_key refresh_ = key_of("refresh-key-refresh-key-refresh-k");
    crypto::jws_key device_ = key_of("device-key-device-key-device-key-");
    token_service tokens_{
        {.access_key = access_, .refresh_key = refresh_, .device_key = device_}, clock_, random_};
    const uuid session_ = *uuid::parse("6f0a4c59-9d0b-4a1f-8f6a-7c110b8f6f0e");
    user ada_{.id = 7, .email = "ada@example.com", .role = role::admin, .session_version = 3};
    device sensor_{.id = uuid::random(random_), .token_version = 9};

    /// Valid claims, with the given values.
    std::string claims(std::string_view type, std::string_view issuer, std::string_view audience,
                       std::int64_t iat, std::int64_t nbf, std::int64_t exp) const {
        return R"({"iss":")" + std::string{issuer} + R"(","aud":")" + std::string{audience} +
               R"(","sub":"7","token_type":")" + std::string{type} + R"(","session_version":3,"iat":)" +
               std::to_string(iat) + R"(,"nbf":)" + std::to_string(nbf) + R"(,"exp":)" + std::to_string(exp) +
               "}";
    }
    std::int64_t now() const { return std::chrono::floor<seconds>(clock_.now()).time_since_epoch().count(); }
};

TEST_F(token_service_test, an_access_token_carries_its_user_and_session_version) {
    const auto claims = tokens_.verify_access(tokens_.issue_access(ada_, session_));
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->user, 7);
    EXPECT_EQ(claims->session_version, 3);
}

/// The claims of a token without its `jti`.
std::string claims_of(const std::string& token) {
    std::string claims = crypto::decode_unverified(token).value().payload;
    const auto at = claims.find(R"(,"jti":")");
    return claims.erase(at, claims.find('"', at + 8) + 1 - at);
}

TEST_F(token_service_test, each_kind_has_its_claims) {
    const auto expected = [&](std::string_view subject, std::string_view type, std::int64_t lifetime,
                              std::string_view extra) {
        return fmt::format(R"({{"iss":"breakwater","aud":"breakwater","sub":"{}","token_type":"{}",)"
                           R"("iat":{},"nbf":{},"exp":{}{}}})",
                           subject, type, now(), now(), now() + lifetime, extra);
    };
    EXPECT_EQ(
        claims_of(tokens_.issue_access(ada_, session_)),
        expected("7", "user_access", 15 * 60,
                 R"(,"role":"admin","session_version":3,"sid":"6f0a4c59-9d0b-4a1f-8f6a-7c110b8f6f0e")"));
    EXPECT_EQ(claims_of(tokens_.issue_refresh(7)), expected("7", "user_refresh", 10'080 * 60, ""));
    EXPECT_EQ(claims_of(tokens_.issue_device(sensor_)),
              expected(sensor_.id.to_string(), "device_access", 5 * 60, R"(,"token_version":9)"));
}

TEST_F(token_service_test, a_device_token_carries_its_device_and_token_version) {
    const auto claims = tokens_.verify_device(tokens_.issue_device(sensor_));
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->device, sensor_.id);
    EXPECT_EQ(claims->token_version, 9);
}

TEST_F(token_service_test, no_kind_is_accepted_as_another) {
    EXPECT_FALSE(tokens_.verify_access(tokens_.issue_refresh(7)));
    EXPECT_FALSE(tokens_.verify_access(tokens_.issue_device(sensor_)));
    EXPECT_FALSE(tokens_.verify_refresh(tokens_.issue_access(ada_, session_)));
    EXPECT_FALSE(tokens_.verify_device(tokens_.issue_access(ada_, session_)));
}

TEST_F(token_service_test, the_kind_is_checked_even_with_equal_keys) {
    const token_service shared{
        {.access_key = access_, .refresh_key = access_, .device_key = access_}, clock_, random_};
    EXPECT_FALSE(shared.verify_access(shared.issue_refresh(7)));
    EXPECT_FALSE(shared.verify_refresh(shared.issue_access(ada_, session_)));
    EXPECT_FALSE(shared.verify_device(shared.issue_access(ada_, session_)));
}

TEST_F(token_service_test, a_token_lives_until_its_expiry_and_the_leeway_have_passed) {
    const std::string token = tokens_.issue_access(ada_, session_);
    clock_.advance(minutes{15} + seconds{29});
    EXPECT_TRUE(tokens_.verify_access(token));
    clock_.advance(seconds{1});
    EXPECT_FALSE(tokens_.verify_access(token));
}

TEST_F(token_service_test, a_token_that_was_verified_before_still_expires) {
    const std::string access = tokens_.issue_access(ada_, session_);
    const std::string of_device = tokens_.issue_device(sensor_);
    for (int i = 0; i < 2; ++i) {
        const auto claims = tokens_.verify_access(access);
        ASSERT_TRUE(claims);
        EXPECT_EQ(claims->user, 7);
        EXPECT_EQ(claims->session, session_);
        EXPECT_TRUE(tokens_.verify_device(of_device));
    }
    clock_.advance(minutes{5} + seconds{30});
    EXPECT_FALSE(tokens_.verify_device(of_device));
    clock_.advance(minutes{10});
    EXPECT_FALSE(tokens_.verify_access(access));
    clock_.advance(-minutes{20}); // the clock was wrong: the token is not valid yet
    EXPECT_FALSE(tokens_.verify_access(access));
}

TEST_F(token_service_test, a_token_that_was_verified_before_is_refused_with_any_byte_changed) {
    const std::string token = tokens_.issue_device(sensor_);
    ASSERT_TRUE(tokens_.verify_device(token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        std::string forged = token;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(tokens_.verify_device(forged)) << i;
    }
    EXPECT_FALSE(tokens_.verify_device(token + 'A'));
    EXPECT_FALSE(tokens_.verify_device(std::string_view{token}.substr(1)));
    EXPECT_TRUE(tokens_.verify_device(token));
}

TEST_F(token_service_test, two_tokens_of_the_same_second_differ) {
    EXPECT_NE(tokens_.issue_refresh(7), tokens_.issue_refresh(7));
}

TEST_F(token_service_test, genuine_signatures_over_wrong_claims_are_refused) {
    const auto signed_claims = [this](const std::string& text) { return access_.sign(text); };
    const std::int64_t n = now();
    EXPECT_TRUE(tokens_.verify_access(
        signed_claims(claims("user_access", "breakwater", "breakwater", n, n, n + 60))));
    EXPECT_FALSE(
        tokens_.verify_access(signed_claims(claims("user_access", "another", "breakwater", n, n, n + 60))));
    EXPECT_FALSE(
        tokens_.verify_access(signed_claims(claims("user_access", "breakwater", "another", n, n, n + 60))));
    EXPECT_FALSE(tokens_.verify_access(
        signed_claims(claims("device_access", "breakwater", "breakwater", n, n, n + 60))));
    EXPECT_FALSE(tokens_.verify_access(
        signed_claims(claims("user_access", "breakwater", "breakwater", n, n + 31, n + 60))));
    EXPECT_TRUE(tokens_.verify_access(
        signed_claims(claims("user_access", "breakwater", "breakwater", n, n + 30, n + 60))));
    EXPECT_FALSE(tokens_.verify_access(
        signed_claims(claims("user_access", "breakwater", "breakwater", n + 31, n, n + 60))));
    EXPECT_FALSE(tokens_.verify_access(
        signed_claims(claims("user_access", "breakwater", "breakwater", n, n, n - 30))));
    EXPECT_FALSE(tokens_.verify_access(signed_claims(R"({"sub":"7","token_type":"user_access"})")));
    EXPECT_FALSE(tokens_.verify_access(signed_claims(R"(["user_access"])")));
    EXPECT_FALSE(tokens_.verify_access(signed_claims("not json")));
}

TEST_F(token_service_test, claims_at_the_integer_limits_do_not_overflow) {
    const std::int64_t n = now();
    constexpr auto max = std::numeric_limits<std::int64_t>::max();
    constexpr auto min = std::numeric_limits<std::int64_t>::min();
    EXPECT_TRUE(
        tokens_.verify_access(access_.sign(claims("user_access", "breakwater", "breakwater", n, n, max))));
    EXPECT_FALSE(
        tokens_.verify_access(access_.sign(claims("user_access", "breakwater", "breakwater", n, max, max))));
    EXPECT_FALSE(
        tokens_.verify_access(access_.sign(claims("user_access", "breakwater", "breakwater", n, n, min))));
}

TEST_F(token_service_test, the_holder_of_an_expired_genuine_token_is_known) {
    const std::string access = tokens_.issue_access(ada_, session_);
    const std::string refresh = tokens_.issue_refresh(7);
    const std::string of_device = tokens_.issue_device(sensor_);
    clock_.advance(std::chrono::hours{24 * 365});
    EXPECT_FALSE(tokens_.verify_access(access));
    const token_holder ada{actor_type::user, "7"};
    EXPECT_EQ(tokens_.holder_of(access), ada);
    EXPECT_EQ(tokens_.holder_of(refresh), ada);
    EXPECT_EQ(tokens_.holder_of(of_device), (token_holder{actor_type::device, sensor_.id.to_string()}));
}

TEST_F(token_service_test, the_holder_of_a_forged_token_is_unknown) {
    std::string tampered = tokens_.issue_access(ada_, session_);
    tampered[tampered.find('.') + 10] ^= 1;
    const auto make_claims = [&](std::string_view type, std::string_view issuer = "breakwater",
                                 std::string_view audience = "breakwater") {
        return claims(type, issuer, audience, now(), now(), now() + 60);
    };
    ASSERT_TRUE(tokens_.holder_of(access_.sign(make_claims("user_access"))));
    for (const std::string& token :
         {tampered, std::string{"nonsense"}, std::string{}, access_.sign("[]"),
          access_.sign(make_claims("user_refresh")), device_.sign(make_claims("user_access")),
          access_.sign(make_claims("another")), access_.sign(make_claims("user_access", "elsewhere")),
          access_.sign(make_claims("user_access", "breakwater", "us"))})
        EXPECT_EQ(tokens_.holder_of(token), std::nullopt) << token;
}

TEST_F(token_service_test, a_token_of_another_installation_is_refused) {
    const token_service other{{.access_key = key_of("another-key-another-key-another-k"),
                               .refresh_key = refresh_,
                               .device_key = device_},
                              clock_,
                              random_};
    EXPECT_FALSE(tokens_.verify_access(other.issue_access(ada_, session_)));
}

} // namespace
} // namespace breakwater::identity
