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
    access door_{{tokens_, users_, devices_, recorder_, clock_}};
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

} // namespace
} // namespace breakwater::api
