#include "api/access.hpp"

#include "support/fake_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::api {
namespace {

crypto::jws_key key_of(std::string_view secret) {
    return crypto::jws_key::from_secret(crypto::jws_algorithm::hs256, secret).value();
}

class access_test : public testing::Test {
protected:
    http::admission admit(identity::action what, const std::string& token) const {
        http::request request;
        request.headers = {{"authorization", "Bearer " + token}};
        return access_.admit(needs(what), request).value();
    }

    test::manual_clock clock_;
    test::seeded_random random_;
    test::fake_database store_;
    registry::user_registry users_;
    registry::device_registry devices_;
    audit::recorder recorder_{store_, clock_, {}};
    identity::token_service tokens_{{.access_key = key_of("access-key-access-key-access-key-"),
                                     .refresh_key = key_of("refresh-key-refresh-key-refresh-k"),
                                     .device_key = key_of("device-key-device-key-device-key-")},
                                    clock_,
                                    random_};
    identity::live_tickets tickets_{store_, {}, clock_, random_};
    identity::authenticator authenticator_{store_, tokens_, tickets_, users_, devices_};
    access access_{{authenticator_, recorder_, clock_}, {.calls_of_user = 10, .calls_of_admin = 20}};
};

TEST_F(access_test, what_an_admitted_request_carries_ends_with_its_session) {
    user ada{.id = 7, .email = "ada@example.com", .role = role::admin};
    users_.put(ada);
    const auto admitted = admit(identity::action::manage_accounts, tokens_.issue_access(ada, uuid{}));
    EXPECT_EQ(admitted.account(), 7);
    EXPECT_TRUE(access_.still_admitted(admitted));
    ++ada.session_version;
    users_.put(ada);
    EXPECT_EQ(access_.still_admitted(admitted).error().code, errc::unauthenticated);
}

TEST_F(access_test, a_users_token_does_not_open_a_call_for_administrators) {
    const user ada{.id = 7, .email = "ada@example.com", .role = role::user};
    users_.put(ada);
    http::request request;
    request.headers = {{"authorization", "Bearer " + tokens_.issue_access(ada, uuid{})}};
    EXPECT_EQ(access_.admit(needs(identity::action::manage_accounts), request).error().code, errc::forbidden);
    EXPECT_TRUE(access_.admit(needs(identity::action::see_device), request))
        << "the service checks the owner";
}

TEST_F(access_test, a_request_without_credential_stays_admitted) {
    EXPECT_TRUE(access_.still_admitted(http::admission{}));
}

TEST_F(access_test, limits_the_requests_of_each_account_separately) {
    const user ada{.id = 7, .role = role::user};
    const user eve{.id = 8, .role = role::user};
    const user grace{.id = 9, .role = role::admin};
    for (const user& account : {ada, eve, grace})
        users_.put(account);
    const auto request_of = [&](const user& account) {
        http::request request;
        request.headers = {{"authorization", "Bearer " + tokens_.issue_access(account, uuid{})}};
        return access_.admit(needs(identity::action::list_devices), request);
    };
    const auto admitted = [&](const user& account, int requests) {
        int count = 0;
        for (int i = 0; i < requests; ++i)
            count += request_of(account) ? 1 : 0;
        return count;
    };
    EXPECT_EQ(admitted(eve, 100), 10);
    const auto refused = request_of(eve);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::rate_limited);
    EXPECT_TRUE(refused.error().retry_after);
    EXPECT_EQ(admitted(ada, 10), 10);
    EXPECT_EQ(admitted(grace, 100), 20);
    clock_.advance(std::chrono::minutes{1});
    EXPECT_EQ(admitted(eve, 100), 10);
}

} // namespace
} // namespace breakwater::api
