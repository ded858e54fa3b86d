#include "unit/services/services_fixture.hpp"

#include <algorithm>
#include <thread>

namespace breakwater::services {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class auth_service_test : public services_test {
protected:
    user ada_ = make_user("ada@example.com");

    token_pair sign_in() { return auth_.login("ada@example.com", "correct horse battery", nobody_).value(); }
    errc refusal_of(std::string_view refresh_token) {
        return auth_.refresh(refresh_token, nobody_).error().code;
    }
    caller from(std::string address) const {
        caller client = nobody_;
        client.origin.source_address = std::move(address);
        return client;
    }
    /// Another client guesses until the account has to wait.
    void attack() {
        for (int i = 0; i < 16; ++i)
            static_cast<void>(
                auth_.login("ada@example.com", "guess " + std::to_string(i), from("203.0.113.66")));
    }
};

TEST_F(auth_service_test, a_login_issues_tokens_and_is_recorded) {
    const token_pair pair = sign_in();
    EXPECT_EQ(tokens_.verify_access(pair.access_token)->user, ada_.id);
    EXPECT_TRUE(tokens_.verify_refresh(pair.refresh_token));
    const auto events = audit_.list({.type = event_type::login, .limit = 10}).value();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].actor_id, std::to_string(ada_.id));
    EXPECT_EQ(events[0].origin.source_address, "192.0.2.1");
    EXPECT_EQ(events[0].origin.request_id, "r-1");
}

TEST_F(auth_service_test, a_wrong_password_and_an_unknown_address_get_the_same_error) {
    const auto wrong = auth_.login("ada@example.com", "wrong password", nobody_);
    const auto unknown = auth_.login("eve@example.com", "wrong password", nobody_);
    ASSERT_FALSE(wrong);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(wrong.error().code, errc::unauthenticated);
    EXPECT_EQ(unknown.error().code, errc::unauthenticated);
    EXPECT_EQ(wrong.error().detail, unknown.error().detail);
    EXPECT_EQ(count_events(event_type::login, event_status::denied), 2U)
        << "each event names the attempted account";
    static_cast<void>(auth_.login("ada@example.com", "wrong again", nobody_));
    EXPECT_EQ(count_events(event_type::login, event_status::denied), 2U)
        << "repeats within the window share a row";
}

TEST_F(auth_service_test, guessing_is_slowed_down_also_for_the_right_password) {
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(auth_.login("ada@example.com", "wrong password", nobody_).error().code,
                  errc::unauthenticated);
    const auto throttled = auth_.login("ada@example.com", "correct horse battery", nobody_);
    ASSERT_FALSE(throttled);
    EXPECT_EQ(throttled.error().code, errc::rate_limited);
    EXPECT_EQ(throttled.error().retry_after, seconds{1});
    EXPECT_EQ(count_events(event_type::login_throttled, event_status::denied), 1U);
    clock_.advance(seconds{1});
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", nobody_));
}

TEST_F(auth_service_test, one_address_that_tries_many_accounts_is_slowed_down) {
    for (int i = 0; i < 21; ++i)
        static_cast<void>(
            auth_.login("user" + std::to_string(i) + "@example.com", "wrong password", nobody_));
    EXPECT_EQ(auth_.login("ada@example.com", "correct horse battery", nobody_).error().code,
              errc::rate_limited);
    caller elsewhere = nobody_;
    elsewhere.origin.source_address = "192.0.2.2";
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", elsewhere));
}

TEST_F(auth_service_test, failures_of_other_clients_do_not_lock_out_a_known_client) {
    const token_pair before = sign_in();
    attack();
    EXPECT_EQ(auth_.login("ada@example.com", "correct horse battery", nobody_).error().code,
              errc::rate_limited)
        << "an unknown client has to wait";
    const auto known =
        auth_.login("ada@example.com", "correct horse battery", from("198.51.100.9"), before.device_cookie);
    ASSERT_TRUE(known) << "from any address";
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", nobody_, known->device_cookie));
    EXPECT_EQ(auth_.login("ada@example.com", "correct horse battery", nobody_).error().code,
              errc::rate_limited)
        << "the sign-in does not reset the count of the others";
}

TEST_F(auth_service_test, a_known_client_has_its_own_failure_count) {
    const std::string cookie = sign_in().device_cookie;
    const std::string other = sign_in().device_cookie;
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(auth_.login("ada@example.com", "wrong password", nobody_, cookie).error().code,
                  errc::unauthenticated);
    EXPECT_EQ(auth_.login("ada@example.com", "correct horse battery", nobody_, cookie).error().code,
              errc::rate_limited)
        << "a stolen cookie does not speed up guessing";
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", nobody_, other));
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", nobody_))
        << "other clients are not affected";
    clock_.advance(seconds{1});
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", nobody_, cookie));
}

TEST_F(auth_service_test, a_new_password_ends_known_clients) {
    const std::string cookie = sign_in().device_cookie;
    ASSERT_TRUE(
        users_.update(ada_.id, {.email = {}, .password = "another good password", .role = {}}, nobody_));
    attack();
    EXPECT_EQ(auth_.login("ada@example.com", "another good password", nobody_, cookie).error().code,
              errc::rate_limited);
}

TEST_F(auth_service_test, a_client_is_known_only_to_the_account_it_signed_in_to) {
    const user eve = make_user("eve@example.com");
    const std::string cookie = sign_in().device_cookie;
    ASSERT_TRUE(
        users_.update(ada_.id, {.email = "lovelace@example.com", .password = {}, .role = {}}, nobody_));
    ASSERT_TRUE(users_.update(eve.id, {.email = "ada@example.com", .password = {}, .role = {}}, nobody_));
    attack();
    EXPECT_EQ(auth_.login("ada@example.com", "correct horse battery", nobody_, cookie).error().code,
              errc::rate_limited)
        << "the address belongs to another account now";
}

TEST_F(auth_service_test, an_address_past_its_allowance_does_not_reach_the_hashing_queue) {
    const auto flood = [&](const std::string& address) {
        int admitted = 0;
        while (admitted < 1000 &&
               auth_.admit_login(std::to_string(admitted) + "@example.com", "", from(address)))
            ++admitted;
        return admitted;
    };
    EXPECT_EQ(flood("192.0.2.66"), 30);
    const auto refusal = auth_.admit_login("ada@example.com", "", from("192.0.2.66"));
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().reason.code, errc::rate_limited);
    EXPECT_EQ(refusal.error().reason.retry_after, seconds{1});
    EXPECT_EQ(refusal.error().event.type, event_type::login_throttled);
    EXPECT_NE(refusal.error().event.detail.find("ada@example.com"), std::string::npos);
    EXPECT_TRUE(auth_.admit_login("ada@example.com", "", from("192.0.2.67"))) << "another address";
    EXPECT_TRUE(auth_.admit_login("ada@example.com", sign_in().device_cookie, from("192.0.2.66")))
        << "a known client behind the same address";
    int admitted_in_48 = 0;
    for (int i = 0; i < 40; ++i)
        admitted_in_48 += flood("2001:db8:1:" + std::to_string(i) + "00::1");
    EXPECT_EQ(admitted_in_48, 480) << "an attacker with many /64 networks";
    EXPECT_TRUE(auth_.admit_login("ada@example.com", "", from("2001:db8:2::1")));
}

TEST_F(auth_service_test, a_known_client_can_not_fill_the_hashing_queue_either) {
    const std::string cookie = sign_in().device_cookie;
    int admitted = 0;
    while (admitted < 1000 && auth_.admit_login("ada@example.com", cookie, nobody_))
        ++admitted;
    EXPECT_EQ(admitted, 20);
    const user eve = make_user("eve@example.com");
    EXPECT_TRUE(auth_.admit_login(eve.email, "", nobody_));
    clock_.advance(seconds{3});
    EXPECT_TRUE(auth_.admit_login("ada@example.com", cookie, nobody_));
}

TEST_F(auth_service_test, a_refresh_token_works_once) {
    const token_pair first = sign_in();
    const auto second = auth_.refresh(first.refresh_token, nobody_);
    ASSERT_TRUE(second);
    EXPECT_NE(second->refresh_token, first.refresh_token);
    EXPECT_TRUE(auth_.refresh(second->refresh_token, nobody_));
}

TEST_F(auth_service_test, a_replayed_refresh_token_revokes_its_whole_family_and_no_other) {
    const token_pair first = sign_in();
    const token_pair other = sign_in();
    const token_pair second = auth_.refresh(first.refresh_token, nobody_).value();
    clock_.advance(seconds{10});
    EXPECT_EQ(refusal_of(first.refresh_token), errc::unauthenticated);
    EXPECT_EQ(refusal_of(second.refresh_token), errc::unauthenticated);
    EXPECT_TRUE(auth_.refresh(other.refresh_token, nobody_));
    EXPECT_EQ(count_events(event_type::refresh_reuse, event_status::denied), 1U);
}

TEST_F(auth_service_test, a_repeated_refresh_within_the_grace_period_returns_the_same_successor) {
    const token_pair first = sign_in();
    const token_pair second = auth_.refresh(first.refresh_token, nobody_).value();
    clock_.advance(seconds{9});
    const auto repeated = auth_.refresh(first.refresh_token, nobody_);
    ASSERT_TRUE(repeated);
    EXPECT_EQ(repeated->refresh_token, second.refresh_token) << "one successor, not two";
    EXPECT_TRUE(tokens_.verify_access(repeated->access_token));
    EXPECT_TRUE(auth_.refresh(second.refresh_token, nobody_)) << "nothing was revoked";
    EXPECT_EQ(count_events(event_type::refresh_reuse, event_status::denied), 0U);
    EXPECT_EQ(count_events(event_type::refresh, event_status::success), 3U) << "the repetition is recorded";
}

TEST_F(auth_service_test, the_grace_ends_once_the_successor_was_used) {
    const token_pair first = sign_in();
    const token_pair second = auth_.refresh(first.refresh_token, nobody_).value();
    const token_pair third = auth_.refresh(second.refresh_token, nobody_).value();
    EXPECT_EQ(refusal_of(first.refresh_token), errc::unauthenticated) << "a copied token";
    EXPECT_EQ(refusal_of(third.refresh_token), errc::unauthenticated);
    EXPECT_EQ(count_events(event_type::refresh_reuse, event_status::denied), 1U);
}

TEST_F(auth_service_test, there_is_no_grace_after_a_logout_or_when_it_is_disabled) {
    const token_pair first = sign_in();
    const token_pair second = auth_.refresh(first.refresh_token, nobody_).value();
    ASSERT_TRUE(auth_.logout(second.refresh_token, as(ada_)));
    EXPECT_EQ(refusal_of(first.refresh_token), errc::unauthenticated);

    auth_service strict{{*store_, user_registry_, device_registry_, recorder_, tokens_, clock_, random_},
                        {.bcrypt_cost = 4, .refresh_grace = seconds{0}}};
    const token_pair other = sign_in();
    ASSERT_TRUE(strict.refresh(other.refresh_token, nobody_));
    EXPECT_FALSE(strict.refresh(other.refresh_token, nobody_));
}

TEST_F(auth_service_test, the_grace_period_survives_a_restart) {
    const token_pair first = sign_in();
    const token_pair second = auth_.refresh(first.refresh_token, nobody_).value();
    auth_service restarted{{*store_, user_registry_, device_registry_, recorder_, tokens_, clock_, random_},
                           {.bcrypt_cost = 4}};
    EXPECT_EQ(restarted.refresh(first.refresh_token, nobody_)->refresh_token, second.refresh_token);
}

TEST_F(auth_service_test, the_grace_period_works_with_randomised_signatures) {
    const auto es256 = [this] {
        return crypto::jws_key::generate(crypto::jws_algorithm::es256, random_).value();
    };
    const identity::token_service tokens{
        {.access_key = es256(), .refresh_key = es256(), .device_key = es256()}, clock_, random_};
    auth_service auth{{*store_, user_registry_, device_registry_, recorder_, tokens, clock_, random_},
                      {.bcrypt_cost = 4}};
    const token_pair first = auth.login("ada@example.com", "correct horse battery", nobody_).value();
    const token_pair second = auth.refresh(first.refresh_token, nobody_).value();
    const token_pair repeated = auth.refresh(first.refresh_token, nobody_).value();
    EXPECT_TRUE(auth.refresh(repeated.refresh_token, nobody_));
    clock_.advance(seconds{10});
    EXPECT_FALSE(auth.refresh(second.refresh_token, nobody_)) << "they are the same token";
}

TEST_F(auth_service_test, replaying_a_dead_token_does_not_fill_the_log) {
    const token_pair first = sign_in();
    ASSERT_TRUE(auth_.refresh(first.refresh_token, nobody_));
    clock_.advance(seconds{10});
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(refusal_of(first.refresh_token), errc::unauthenticated);
    EXPECT_EQ(count_events(event_type::refresh_reuse, event_status::denied), 2U)
        << "the event with the revocation, and one for the counted replays";
    EXPECT_EQ(auth_.counters().refresh_reuse, 20U);
}

TEST_F(auth_service_test, concurrent_uses_get_one_successor) {
    const token_pair pair = sign_in();
    std::vector<std::string> successors(8);
    std::vector<std::thread> racers;
    for (std::string& successor : successors)
        racers.emplace_back([&] { successor = auth_.refresh(pair.refresh_token, nobody_)->refresh_token; });
    for (std::thread& racer : racers)
        racer.join();
    EXPECT_EQ(std::ranges::count(successors, successors.front()), 8);
    EXPECT_TRUE(auth_.refresh(successors.front(), nobody_));
}

TEST_F(auth_service_test, an_unused_session_expires) {
    const token_pair pair = sign_in();
    clock_.advance(minutes{10'080});
    EXPECT_EQ(refusal_of(pair.refresh_token), errc::unauthenticated);
}

TEST_F(auth_service_test, a_used_session_expires_at_its_absolute_limit) {
    token_pair pair = sign_in();
    for (int day = 0; day < 29; ++day) {
        clock_.advance(hours{24});
        auto next = auth_.refresh(pair.refresh_token, nobody_);
        ASSERT_TRUE(next) << "day " << day;
        pair = std::move(*next);
    }
    clock_.advance(hours{24});
    EXPECT_EQ(refusal_of(pair.refresh_token), errc::unauthenticated);
}

TEST_F(auth_service_test, a_logout_revokes_the_family) {
    const token_pair first = sign_in();
    const token_pair second = auth_.refresh(first.refresh_token, nobody_).value();
    ASSERT_TRUE(auth_.logout(second.refresh_token, as(ada_)));
    EXPECT_EQ(refusal_of(second.refresh_token), errc::unauthenticated);
    EXPECT_EQ(auth_.logout(second.refresh_token, as(ada_)).error().code, errc::bad_state);
}

TEST_F(auth_service_test, another_users_session_cannot_be_logged_out) {
    const token_pair pair = sign_in();
    const user eve = make_user("eve@example.com");
    EXPECT_EQ(auth_.logout(pair.refresh_token, as(eve)).error().code, errc::forbidden);
    EXPECT_TRUE(auth_.refresh(pair.refresh_token, nobody_));
}

TEST_F(auth_service_test, a_new_password_ends_all_sessions) {
    const token_pair pair = sign_in();
    ASSERT_TRUE(
        users_.update(ada_.id, {.email = {}, .password = "another good password", .role = {}}, nobody_));
    EXPECT_EQ(refusal_of(pair.refresh_token), errc::unauthenticated);
    EXPECT_NE(user_registry_.find(ada_.id)->session_version,
              tokens_.verify_access(pair.access_token)->session_version);
    EXPECT_FALSE(auth_.login("ada@example.com", "correct horse battery", nobody_));
    EXPECT_TRUE(auth_.login("ada@example.com", "another good password", nobody_));
}

TEST_F(auth_service_test, a_new_address_ends_no_session) {
    const token_pair pair = sign_in();
    ASSERT_TRUE(users_.update(ada_.id, {.email = "ada.l@example.com", .password = {}, .role = {}}, nobody_));
    EXPECT_TRUE(auth_.refresh(pair.refresh_token, nobody_));
}

TEST_F(auth_service_test, common_passwords_are_refused_for_new_accounts) {
    const auto refusal = auth_.register_account("new@example.com", "password123", "", nobody_);
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().code, errc::invalid_input);
    ASSERT_EQ(refusal.error().fields.size(), 1U);
    EXPECT_EQ(refusal.error().fields[0].loc, "body.password");
}

TEST_F(auth_service_test, a_taken_address_is_refused_and_recorded) {
    EXPECT_EQ(auth_.register_account("ada@example.com", "correct horse battery", "", nobody_).error().code,
              errc::bad_state);
    EXPECT_EQ(count_events(event_type::register_account, event_status::denied), 1U);
}

TEST_F(auth_service_test, a_device_exchanges_its_secret_for_a_token) {
    const auto device = devices_.create("Roof", category::weather_station, as(ada_)).value();
    const auto token = auth_.authenticate_device(device.id, device.secret, nobody_);
    ASSERT_TRUE(token);
    EXPECT_EQ(tokens_.verify_device(*token)->device, device.id);
    EXPECT_EQ(auth_.authenticate_device(device.id, device.secret + "x", nobody_).error().code,
              errc::unauthenticated);
    EXPECT_EQ(auth_.authenticate_device(uuid::random(random_), device.secret, nobody_).error().code,
              errc::unauthenticated);
}

TEST_F(auth_service_test, a_sign_in_records_the_use_of_the_secret_once_an_hour) {
    const auto device = devices_.create("Roof", category::weather_station, as(ada_)).value();
    const auto last_use = [&] {
        return storage::fetch(*store_,
                              [&](const storage::snapshot& view) {
                                  return view.credentials().of(device.id, credential_kind::device_secret);
                              })
            .value()
            .front()
            .last_used_at;
    };
    // The sign-in does not wait for this record, but the next write does.
    const auto sign_in = [&](std::string_view secret) {
        static_cast<void>(auth_.authenticate_device(device.id, secret, nobody_));
        EXPECT_TRUE(store_->write([](storage::transaction&) -> result<void> { return {}; }));
    };
    sign_in("wrong");
    EXPECT_FALSE(last_use());
    const timestamp first = clock_.now();
    sign_in(device.secret);
    EXPECT_EQ(last_use(), first);
    clock_.advance(std::chrono::minutes{59});
    sign_in(device.secret);
    EXPECT_EQ(last_use(), first);
    clock_.advance(std::chrono::minutes{1});
    sign_in(device.secret);
    EXPECT_EQ(last_use(), clock_.now());
}

TEST_F(auth_service_test, an_expired_secret_is_refused_like_a_wrong_one) {
    const auto device = devices_.create("Roof", category::weather_station, as(ada_)).value();
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        auto stored = tx.credentials().of(device.id, credential_kind::device_secret).value().front();
        stored.expires_at = clock_.now() + seconds{1};
        EXPECT_TRUE(tx.credentials().remove(device.id, credential_kind::device_secret));
        return tx.credentials().insert(stored) ? result<void>{} : fail(errc::storage_unavailable, "");
    }));
    EXPECT_TRUE(auth_.authenticate_device(device.id, device.secret, nobody_));
    clock_.advance(seconds{1});
    EXPECT_EQ(auth_.authenticate_device(device.id, device.secret, nobody_).error().code,
              errc::unauthenticated);
}

TEST_F(auth_service_test, guessing_a_device_secret_is_slowed_down_and_the_right_one_is_accepted) {
    const auto device = devices_.create("Roof", category::weather_station, as(ada_)).value();
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(auth_.authenticate_device(device.id, device.secret, nobody_));
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(auth_.authenticate_device(device.id, "wrong", nobody_).error().code, errc::unauthenticated);
    const auto slowed = auth_.authenticate_device(device.id, "wrong", nobody_);
    EXPECT_EQ(slowed.error().code, errc::rate_limited);
    EXPECT_EQ(slowed.error().retry_after, seconds{1});
    EXPECT_TRUE(auth_.authenticate_device(device.id, device.secret, nobody_));
    EXPECT_EQ(count_events(event_type::device_auth_throttled, event_status::denied), 1U);
}

TEST_F(auth_service_test, a_device_that_was_slowed_down_signs_in_with_its_new_secret) {
    const auto device = devices_.create("Roof", category::weather_station, as(ada_)).value();
    const auto renewed = devices_.rotate_secret(device.id, as(ada_)).value();
    for (int i = 0; i < 50; ++i)
        ASSERT_FALSE(auth_.authenticate_device(device.id, device.secret, nobody_));
    EXPECT_TRUE(auth_.authenticate_device(device.id, renewed.secret, nobody_));
}

TEST_F(auth_service_test, stale_and_deleted_devices_do_not_lock_out_their_site) {
    const auto make = [this] { return devices_.create("Roof", category::weather_station, as(ada_)).value(); };
    std::vector<new_secret> good;
    std::vector<new_secret> stale;
    for (int i = 0; i < 20; ++i)
        good.push_back(make());
    for (int i = 0; i < 47; ++i) {
        stale.push_back(make());
        ASSERT_TRUE(auth_.authenticate_device(stale.back().id, stale.back().secret, nobody_));
        ASSERT_TRUE(i < 5 ? devices_.rotate_secret(stale.back().id, as(ada_)).has_value()
                          : devices_.remove(stale.back().id, as(ada_)).has_value());
    }
    for (int round = 0; round < 50; ++round) {
        for (const new_secret& each : stale)
            ASSERT_FALSE(auth_.authenticate_device(each.id, each.secret, nobody_));
        for (std::size_t i = 0; round % 10 == 9 && i < good.size(); ++i)
            ASSERT_TRUE(auth_.authenticate_device(good[i].id, good[i].secret, nobody_)) << round;
        clock_.advance(seconds{10});
    }
    EXPECT_EQ(auth_.counters().device_secrets.hashed, 47U + 47U + 20U)
        << "one hash for each device and secret, not one for each attempt";
}

TEST_F(auth_service_test, all_addresses_of_one_ipv6_network_are_slowed_down_together) {
    for (int i = 0; i < 21; ++i)
        static_cast<void>(auth_.login("nobody" + std::to_string(i) + "@example.com", "guess",
                                      from("2001:db8:1:2::" + std::to_string(i + 1))));
    const auto refusal = auth_.login("ada@example.com", "correct horse battery", from("2001:db8:1:2:a::b"));
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().code, errc::rate_limited);
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", from("2001:db8:1:3::1")))
        << "the next network need not wait";
}

TEST_F(auth_service_test, an_address_with_many_registrations_has_to_wait) {
    const auto make = [this](int number, const std::string& address) {
        auto admitted = auth_.admit_registration(from(address));
        return admitted ? auth_.register_account("crowd" + std::to_string(number) + "@example.com",
                                                 "correct horse battery", "", from(address))
                        : std::unexpected(admitted.error().reason);
    };
    for (int i = 0; i < 61; ++i)
        ASSERT_TRUE(make(i, "198.51.100.1")) << i;
    const auto refusal = make(61, "198.51.100.1");
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().code, errc::rate_limited);
    EXPECT_EQ(refusal.error().retry_after, seconds{1});
    EXPECT_EQ(auth_.counters().register_throttled, 1U);
    EXPECT_TRUE(make(61, "198.51.100.2")) << "other addresses are not affected";
    clock_.advance(seconds{1});
    EXPECT_TRUE(make(62, "198.51.100.1"));
}

TEST_F(auth_service_test, frequent_sign_ins_of_a_device_do_not_fill_the_log) {
    const auto device = devices_.create("Roof", category::weather_station, as(ada_)).value();
    const auto other = devices_.create("Cellar", category::weather_station, as(ada_)).value();
    for (int i = 0; i < 30; ++i)
        ASSERT_TRUE(auth_.authenticate_device(device.id, device.secret, nobody_));
    ASSERT_TRUE(auth_.authenticate_device(other.id, other.secret, nobody_));
    EXPECT_EQ(count_events(event_type::device_auth, event_status::success), 2U)
        << "the first sign-in of each device is recorded at once";
    caller elsewhere = nobody_;
    elsewhere.origin.source_address = "203.0.113.7";
    ASSERT_TRUE(auth_.authenticate_device(device.id, device.secret, elsewhere));
    EXPECT_EQ(count_events(event_type::device_auth, event_status::success), 3U)
        << "a sign-in from another address is recorded separately";

    clock_.advance(hours{1});
    auth_.tick();
    auth_.close();
    const auto rows =
        audit_.list({.type = event_type::device_auth, .status = event_status::success, .limit = 500}).value();
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[0].count, 29);
    EXPECT_EQ(rows[0].actor_id, device.id.to_string());
    ASSERT_TRUE(auth_.authenticate_device(device.id, device.secret, nobody_));
    EXPECT_EQ(count_events(event_type::device_auth, event_status::success), 5U) << "a new hour";
}

} // namespace
} // namespace breakwater::services
