#include "identity/authenticator.hpp"

#include "support/fake_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

crypto::jws_key key_of(std::string_view secret) {
    return crypto::jws_key::from_secret(crypto::jws_algorithm::hs256, secret).value();
}

class authenticator_test : public testing::Test {
protected:
    authenticator_test() {
        users_.put(ada_);
        devices_.put(roof_);
    }

    test::fake_database store_;
    test::manual_clock clock_;
    test::seeded_random random_;
    registry::user_registry users_;
    registry::device_registry devices_;
    token_service tokens_{{.access_key = key_of("access-key-access-key-access-key-"),
                           .refresh_key = key_of("refresh-key-refresh-key-refresh-k"),
                           .device_key = key_of("device-key-device-key-device-key-")},
                          clock_,
                          random_};
    live_tickets tickets_{store_, {}, clock_, random_};
    authenticator authenticator_{store_, tokens_, tickets_, users_, devices_};
    user ada_{.id = 7, .email = "ada@example.com", .role = role::admin};
    device roof_{.id = uuid::random(random_), .owner = 7, .name = "Roof"};
};

TEST_F(authenticator_test, an_access_token_proves_a_person_with_a_role_and_session) {
    const uuid session = uuid::random(random_);
    const std::string token = tokens_.issue_access(ada_, session);
    const auto who = authenticator_.authenticate(access_token{token});
    ASSERT_TRUE(who);
    EXPECT_EQ(who->kind, principal::kind::person);
    EXPECT_EQ(who->user, 7);
    EXPECT_EQ(who->role, role::admin);
    EXPECT_EQ(who->session, session);
}

TEST_F(authenticator_test, nothing_is_proved_while_changes_of_other_processes_may_be_missing) {
    const std::string of_person = tokens_.issue_access(ada_, uuid::random(random_));
    const std::string of_device = tokens_.issue_device(roof_);
    store_.set_stale(true);
    EXPECT_EQ(authenticator_.authenticate(access_token{of_person}).error().code, errc::storage_unavailable);
    EXPECT_EQ(authenticator_.authenticate(device_token{of_device}).error().code, errc::storage_unavailable);
    store_.set_stale(false);
    EXPECT_TRUE(authenticator_.authenticate(access_token{of_person}));
}

TEST_F(authenticator_test, a_token_proves_nothing_as_another_kind_of_token) {
    const std::string of_person = tokens_.issue_access(ada_, uuid{});
    const std::string of_device = tokens_.issue_device(roof_);
    EXPECT_EQ(authenticator_.authenticate(device_token{of_person}).error().code, errc::unauthenticated);
    EXPECT_EQ(authenticator_.authenticate(access_token{of_device}).error().code, errc::unauthenticated);
}

TEST_F(authenticator_test, a_ticket_proves_its_holder_once) {
    const auto redeem = [this](std::string_view ticket) {
        result<principal> outcome = fail(errc::internal, "The completion was not called.");
        authenticator_.redeem(ticket, [&outcome](result<principal> who) { outcome = std::move(who); });
        return outcome;
    };
    const auto ticket = tickets_.issue({.kind = principal::kind::person, .user = 7});
    ASSERT_TRUE(ticket);
    EXPECT_FALSE(authenticator_.authenticate(access_token{*ticket}));
    store_.set_stale(true);
    EXPECT_EQ(redeem(*ticket).error().code, errc::storage_unavailable);
    store_.set_stale(false);
    const auto who = redeem(*ticket);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->user, 7);
    EXPECT_EQ(redeem(*ticket).error().code, errc::unauthenticated);
}

TEST_F(authenticator_test, a_person_ends_with_the_session_version_and_the_account) {
    const std::string token = tokens_.issue_access(ada_, uuid{});
    const auto who = authenticator_.authenticate(access_token{token}).value();
    EXPECT_TRUE(authenticator_.still_valid(who));
    ++ada_.session_version;
    users_.put(ada_);
    EXPECT_EQ(authenticator_.still_valid(who).error().code, errc::unauthenticated);
    EXPECT_FALSE(authenticator_.authenticate(access_token{token}));
    users_.remove(ada_.id);
    EXPECT_FALSE(authenticator_.still_valid(who));
}

TEST_F(authenticator_test, a_device_ends_with_the_token_version_and_its_removal) {
    const std::string token = tokens_.issue_device(roof_);
    const auto who = authenticator_.authenticate(device_token{token}).value();
    EXPECT_EQ(who.device, roof_.id);
    EXPECT_EQ(who.expires_at,
              std::chrono::floor<std::chrono::seconds>(clock_.now()) + tokens_.settings().device_lifetime);
    EXPECT_TRUE(authenticator_.still_valid(who));
    ++roof_.token_version;
    devices_.put(roof_);
    EXPECT_EQ(authenticator_.still_valid(who).error().code, errc::unauthenticated);
    devices_.remove(roof_.id);
    EXPECT_FALSE(authenticator_.still_valid(who));
}

TEST_F(authenticator_test, a_blocked_device_learns_why_and_a_simulated_one_must_sign_in) {
    const std::string token = tokens_.issue_device(roof_);
    roof_.status = device_status::blocked;
    devices_.put(roof_);
    EXPECT_EQ(authenticator_.authenticate(device_token{token}).error().code, errc::forbidden);
    roof_.status = device_status::active;
    roof_.simulated = true;
    devices_.put(roof_);
    EXPECT_EQ(authenticator_.authenticate(device_token{token}).error().code, errc::unauthenticated);
}

TEST_F(authenticator_test, attributes_a_refusal_to_the_holder_of_an_expired_token) {
    const std::string token = tokens_.issue_device(roof_);
    clock_.advance(std::chrono::hours{24});
    EXPECT_FALSE(authenticator_.authenticate(device_token{token}));
    security_event refusal{.type = event_type::jwt_invalid};
    authenticator_.attribute(refusal, token);
    EXPECT_EQ(refusal.actor, actor_type::device);
    EXPECT_EQ(refusal.actor_id, roof_.id.to_string());
    security_event forged{.type = event_type::jwt_invalid};
    authenticator_.attribute(forged, token.substr(0, token.size() - 4) + "AAAA");
    EXPECT_TRUE(forged.actor_id.empty());
}

} // namespace
} // namespace breakwater::identity
