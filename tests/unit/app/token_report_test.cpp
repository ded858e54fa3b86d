#include "app/token_report.hpp"

#include "app/token_text.hpp"
#include "base/encoding.hpp"
#include "identity/token_service.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::app {
namespace {

crypto::jws_key key_of(std::string_view secret) {
    return crypto::jws_key::from_secret(crypto::jws_algorithm::hs256, secret).value();
}

class token_report : public testing::Test {
protected:
    test::manual_clock clock_;
    test::seeded_random random_;
    crypto::jws_key key_ = key_of("access-key-access-key-access-key-");
    identity::token_service tokens_{{.access_key = key_,
                                     .refresh_key = key_of("refresh-key-refresh-key-refresh-k"),
                                     .device_key = key_of("device-key-device-key-device-key-")},
                                    clock_,
                                    random_};
    token_requirements access_{.key = key_,
                               .type = "user_access",
                               .issuer = "breakwater",
                               .audience = "breakwater",
                               .version_claim = "session_version",
                               .subject = token_requirements::subject_kind::user};

    std::string issue() { return tokens_.issue_access({.id = 7, .email = "ada@example.com"}, uuid{}); }
    token_verdict verdict(std::string_view token) { return verify_token(token, access_, clock_.now()); }
    std::int64_t now() const {
        return std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    }
};

bool has(std::string_view text, std::string_view part) {
    return text.contains(part);
}

/// The line of one check.
std::string line_of(const token_verdict& verdict, std::string_view name) {
    std::string_view rest = verdict.text;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size() - 1);
        if (rest.substr(0, end).find(name) == 6)
            return std::string{rest.substr(0, end)};
        rest.remove_prefix(end + 1);
    }
    return "no line for " + std::string{name};
}

TEST_F(token_report, inspection_shows_header_claims_and_times_and_verifies_nothing) {
    const std::string text = inspect_token(issue(), clock_.now()).value();
    EXPECT_TRUE(text.starts_with("NOTHING HERE HAS BEEN VERIFIED"));
    EXPECT_TRUE(has(text, "\"alg\": \"HS256\"")) << text;
    EXPECT_TRUE(has(text, "\"token_type\": \"user_access\"")) << text;
    EXPECT_TRUE(has(text, "(2026-01-15T00:15:00Z, in 15 min)")) << text;
    EXPECT_TRUE(has(text, "32 bytes, not checked")) << text;
    clock_.advance(std::chrono::hours{26});
    EXPECT_TRUE(has(inspect_token(issue(), clock_.now() + std::chrono::hours{26}).value(), ", 1 d 2 h ago)"));
}

TEST_F(token_report, inspection_warns_about_a_token_without_a_signature) {
    const auto text = inspect_token(base64url_encode(as_bytes(R"({"alg":"none"})")) + "." +
                                        base64url_encode(as_bytes(R"({"sub":"1"})")) + ".",
                                    clock_.now());
    ASSERT_TRUE(text);
    EXPECT_TRUE(has(*text, "no verifier may accept it")) << *text;
}

TEST_F(token_report, inspection_prints_no_control_characters) {
    const std::string payload =
        "{\"a\x7f\":\"\\u001b[31m\xc2\x9b\xe2\x80\xae\",\"b\":[\"\x7f\"],\"exp\":1e300}";
    const auto text = inspect_token(key_.sign(payload), clock_.now());
    ASSERT_TRUE(text);
    for (const std::string_view bad : {"\x1b", "\x7f", "\xc2\x9b", "\xe2\x80\xae"})
        EXPECT_FALSE(has(*text, bad)) << *text;
    EXPECT_TRUE(inspect_token(key_.sign("\x1b[2J no json"), clock_.now()).value().find('\x1b') ==
                std::string::npos);
}

TEST_F(token_report, inspection_refuses_text_that_is_not_a_token) {
    for (const std::string_view text : {"", "a.b", "a.b.c.d", "{}.{}.{}", "e30.e30.="})
        EXPECT_FALSE(inspect_token(text, clock_.now())) << text;
}

TEST_F(token_report, verification_passes_every_check_of_a_good_token) {
    const auto good = verdict(issue());
    EXPECT_TRUE(good.valid) << good.text;
    EXPECT_FALSE(has(good.text, "FAIL"));
    EXPECT_TRUE(has(good.text, "VALID: every check passed"));
    for (const char* name : {"structure", "algorithm", "signature", "type", "issuer", "audience", "expiry",
                             "not before", "issued at", "subject", "version"})
        EXPECT_TRUE(line_of(good, name).starts_with("ok ")) << line_of(good, name);
}

TEST_F(token_report, verification_reports_the_check_that_failed) {
    struct row {
        std::string_view claims;
        std::string_view check;
    };
    const std::string head = R"({"iss":"breakwater","aud":"breakwater","token_type":"user_access",)";
    const std::string times = R"("iat":1768435200,"nbf":1768435200,"exp":1768436100,)";
    ASSERT_EQ(now(), 1'768'435'200);
    const std::string type = R"({"iss":"breakwater","aud":"breakwater","token_type":"user_refresh",)" +
                             times + R"("sub":"7","session_version":1})";
    const std::string issuer = R"({"iss":"other","aud":"breakwater","token_type":"user_access",)" + times +
                               R"("sub":"7","session_version":1})";
    const std::string audience = R"({"iss":"breakwater","aud":["breakwater"],"token_type":"user_access",)" +
                                 times + R"("sub":"7","session_version":1})";
    const std::string subject = head + times + R"("sub":7,"session_version":1})";
    const std::string version = head + times + R"("sub":"7","session_version":"1"})";
    const std::string expired =
        head + R"("iat":1768435200,"nbf":1768435200,"exp":1768435170,"sub":"7","session_version":1})";
    const std::string early =
        head + R"("iat":1768435200,"nbf":1768435231,"exp":1768436100,"sub":"7","session_version":1})";
    const std::string issued =
        head + R"("iat":1768435231,"nbf":1768435200,"exp":1768436100,"sub":"7","session_version":1})";
    const std::string fraction =
        head + R"("iat":1768435200,"nbf":1768435200,"exp":1768436100.5,"sub":"7","session_version":1})";
    for (const row& each : {row{type, "type"}, row{issuer, "issuer"}, row{audience, "audience"},
                            row{subject, "subject"}, row{version, "version"}, row{expired, "expiry"},
                            row{early, "not before"}, row{issued, "issued at"}, row{fraction, "expiry"}}) {
        const std::string token = key_.sign(each.claims);
        const auto refused = verdict(token);
        EXPECT_FALSE(refused.valid) << each.claims;
        EXPECT_TRUE(line_of(refused, each.check).starts_with("FAIL")) << refused.text;
        EXPECT_EQ(refused.text.find("FAIL"), refused.text.rfind("FAIL")) << "only this check:\n"
                                                                         << refused.text;
        EXPECT_FALSE(tokens_.verify_access(token)) << "the server agrees";
    }
}

TEST_F(token_report, verification_tolerates_clock_differences_up_to_the_leeway) {
    const std::string token = issue();
    clock_.advance(std::chrono::minutes{15} + std::chrono::seconds{29});
    EXPECT_TRUE(verdict(token).valid);
    EXPECT_TRUE(has(line_of(verdict(token), "expiry"), "within the 30 s of leeway"));
    EXPECT_TRUE(tokens_.verify_access(token));
    clock_.advance(std::chrono::seconds{1});
    EXPECT_FALSE(verdict(token).valid);
    EXPECT_FALSE(tokens_.verify_access(token));
}

TEST_F(token_report, verification_never_lets_the_token_choose_the_algorithm) {
    const std::string good = issue();
    const std::string payload = good.substr(good.find('.') + 1, good.rfind('.') - good.find('.') - 1);
    for (const std::string_view header :
         {R"({"alg":"none"})", R"({"alg":"HS512"})", R"({"typ":"JWT"})", R"({"alg":1})"}) {
        const auto refused = verdict(base64url_encode(as_bytes(header)) + "." + payload + ".");
        EXPECT_FALSE(refused.valid);
        EXPECT_TRUE(line_of(refused, "algorithm").starts_with("FAIL")) << refused.text;
        EXPECT_TRUE(line_of(refused, "signature").starts_with("FAIL")) << refused.text;
    }
}

TEST_F(token_report, verification_refuses_extensions) {
    const auto refused =
        verdict(base64url_encode(as_bytes(R"({"alg":"HS256","crit":["exp"]})")) + ".e30.AAAA");
    EXPECT_TRUE(line_of(refused, "extensions").starts_with("FAIL")) << refused.text;
}

TEST_F(token_report, verification_fails_after_any_changed_character) {
    const std::string good = issue();
    for (std::size_t i = 0; i < good.size(); i += 7) {
        std::string changed = good;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(verdict(changed).valid) << i;
    }
}

TEST_F(token_report, verification_with_a_key_alone_checks_the_signature_and_the_present_times) {
    const token_requirements bare{.key = key_, .times_required = false};
    EXPECT_TRUE(verify_token(key_.sign(R"({"any":1})"), bare, clock_.now()).valid);
    EXPECT_TRUE(verify_token(issue(), bare, clock_.now()).valid);
    EXPECT_FALSE(verify_token(issue(), bare, clock_.now() + std::chrono::hours{1}).valid);
    EXPECT_FALSE(verify_token(key_.sign(R"([1])"), bare, clock_.now()).valid);
    const token_requirements issuer{.key = key_, .issuer = "https://a.example", .times_required = false};
    EXPECT_FALSE(verify_token(issue(), issuer, clock_.now()).valid);
}

TEST(token_time, is_described_in_words) {
    const timestamp now{std::chrono::seconds{1'768'435'200}};
    EXPECT_EQ(describe_time(1'768'435'200, now), "2026-01-15T00:00:00Z, now");
    EXPECT_EQ(describe_time(1'768'435'201, now), "2026-01-15T00:00:01Z, in 1 s");
    EXPECT_EQ(describe_time(1'768'435'110, now), "2026-01-14T23:58:30Z, 1 min 30 s ago");
    EXPECT_EQ(describe_time(1'768'435'200 - 86'400 * 3 - 60, now), "2026-01-11T23:59:00Z, 3 d ago");
    EXPECT_EQ(describe_time(std::numeric_limits<std::int64_t>::max(), now), "outside the years 1 to 9999");
    EXPECT_EQ(describe_time(std::numeric_limits<std::int64_t>::min(), now), "outside the years 1 to 9999");
}

} // namespace
} // namespace breakwater::app
