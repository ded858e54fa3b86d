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
    http::principal let_in(http::credential needed, const std::string& token) const {
        http::request asked;
        asked.headers = {{"authorization", "Bearer " + token}};
        return door_.admit(needed, asked).value();
    }

    test::manual_clock clock_;
    test::seeded_random random_;
    test::fake_database store_;
    storage::user_registry users_;
    storage::device_registry devices_;
    storage::audit_recorder recorder_{store_, clock_, {}};
    services::token_service tokens_{{.access_key = key_of("access-key-access-key-access-key-"),
                                     .refresh_key = key_of("refresh-key-refresh-key-refresh-k"),
                                     .device_key = key_of("device-key-device-key-device-key-")},
                                    clock_,
                                    random_};
    access door_{{tokens_, users_, devices_, recorder_, clock_}, {.calls_of_user = 10, .calls_of_admin = 20}};
};

TEST_F(access_test, a_person_is_no_longer_let_in_after_a_new_session_version_or_deletion) {
    user ada{.id = 7, .email = "ada@example.com", .role = role::admin};
    users_.put(ada);
    const auto who = let_in(http::credential::administrator, tokens_.issue_access(ada, uuid{}));
    EXPECT_TRUE(door_.still_admitted(who));
    ++ada.session_version;
    users_.put(ada);
    EXPECT_EQ(door_.still_admitted(who).error().code, errc::unauthenticated);
    users_.remove(ada.id);
    EXPECT_FALSE(door_.still_admitted(who));
}

TEST_F(access_test, a_device_is_no_longer_let_in_after_a_new_token_version_or_deletion) {
    device roof{.id = uuid::random(random_), .owner = 7, .name = "Roof"};
    devices_.put(roof);
    const auto who = let_in(http::credential::device, tokens_.issue_device(roof));
    EXPECT_TRUE(door_.still_admitted(who));
    ++roof.token_version;
    devices_.put(roof);
    EXPECT_EQ(door_.still_admitted(who).error().code, errc::unauthenticated);
    devices_.remove(roof.id);
    EXPECT_FALSE(door_.still_admitted(who));
}

TEST_F(access_test, who_needed_no_credential_needs_none_later) {
    EXPECT_TRUE(door_.still_admitted({}));
}

TEST_F(access_test, an_account_that_calls_too_often_waits_and_nobody_else_does) {
    const user ada{.id = 7, .role = role::user};
    const user eve{.id = 8, .role = role::user};
    const user grace{.id = 9, .role = role::admin};
    for (const user& each : {ada, eve, grace})
        users_.put(each);
    const auto call_of = [&](const user& who) {
        http::request request;
        request.headers = {{"authorization", "Bearer " + tokens_.issue_access(who, uuid{})}};
        return door_.admit(http::credential::person, request);
    };
    const auto admitted = [&](const user& who, int calls) {
        int count = 0;
        for (int i = 0; i < calls; ++i)
            count += call_of(who) ? 1 : 0;
        return count;
    };
    EXPECT_EQ(admitted(eve, 100), 10);
    const auto refused = call_of(eve);
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
