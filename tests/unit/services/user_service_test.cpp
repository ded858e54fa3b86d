#include "services/maintenance.hpp"
#include "unit/services/services_fixture.hpp"

namespace breakwater::services {
namespace {

class user_service_test : public services_test {
protected:
    user admin_ = make_user("root@example.com", role::admin);
};

TEST_F(user_service_test, people_cannot_delete_their_own_account) {
    EXPECT_EQ(users_.remove(admin_.id, as(admin_)).error().code, errc::bad_state);
}

TEST_F(user_service_test, the_last_administrator_stays) {
    EXPECT_EQ(users_.remove(admin_.id, nobody_).error().code, errc::bad_state);
    EXPECT_EQ(
        users_.update(admin_.id, {.email = {}, .password = {}, .role = role::user}, nobody_).error().code,
        errc::bad_state);
    const user second = make_user("second@example.com", role::admin);
    EXPECT_TRUE(users_.update(admin_.id, {.email = {}, .password = {}, .role = role::user}, as(second)));
}

TEST_F(user_service_test, a_new_role_ends_the_sessions) {
    const user ada = make_user("ada@example.com");
    const token_pair pair = auth_.login("ada@example.com", "correct horse battery", nobody_).value();
    ASSERT_TRUE(users_.update(ada.id, {.email = {}, .password = {}, .role = role::admin}, as(admin_)));
    EXPECT_FALSE(auth_.refresh(pair.refresh_token, nobody_));
    EXPECT_EQ(user_registry_.find(ada.id)->session_version, 2);
}

TEST_F(user_service_test, setting_the_same_role_ends_no_session) {
    const user ada = make_user("ada@example.com");
    const token_pair pair = auth_.login("ada@example.com", "correct horse battery", nobody_).value();
    ASSERT_TRUE(users_.update(ada.id, {.email = {}, .password = {}, .role = role::user}, as(admin_)));
    EXPECT_TRUE(auth_.refresh(pair.refresh_token, nobody_));
}

TEST_F(user_service_test, a_taken_address_is_refused_and_changes_nothing) {
    const user ada = make_user("ada@example.com");
    EXPECT_EQ(users_.update(ada.id, {.email = "root@example.com", .password = {}, .role = {}}, as(admin_))
                  .error()
                  .code,
              errc::bad_state);
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", nobody_));
}

TEST_F(user_service_test, a_missing_account_is_not_found) {
    EXPECT_EQ(users_.update(99, {}, as(admin_)).error().code, errc::not_found);
    EXPECT_EQ(users_.remove(99, as(admin_)).error().code, errc::not_found);
}

TEST_F(user_service_test, retention_removes_old_events_and_records_it) {
    clock_.advance(std::chrono::hours{24 * 31});
    make_user("late@example.com");
    const auto removed = apply_retention(*store_, clock_, std::chrono::days{30});
    ASSERT_TRUE(removed);
    EXPECT_EQ(removed->events, 1);
    const auto remaining = audit_.list({.limit = 10}).value();
    ASSERT_EQ(remaining.size(), 2U);
    EXPECT_EQ(remaining[0].type, event_type::log_retention);
    EXPECT_EQ(remaining[0].count, 1);
    EXPECT_EQ(remaining[1].type, event_type::user_create);
}

TEST_F(user_service_test, retention_records_one_event_for_all_its_steps) {
    constexpr int event_count = 600; // three transactions
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        for (int i = 0; i < event_count; ++i)
            if (auto added = tx.audit().append({.created_at = clock_.now(), .type = event_type::login});
                !added)
                return std::unexpected(added.error());
        return {};
    }));
    clock_.advance(std::chrono::hours{24 * 31});
    std::stop_source stopped;
    stopped.request_stop();
    const auto none = apply_retention(*store_, clock_, std::chrono::days{30}, stopped.get_token());
    ASSERT_TRUE(none) << "a stop is no failure";
    EXPECT_EQ(none->events, 0);

    // As after a crash during retention: events were removed, and the removal is not recorded yet.
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        EXPECT_EQ(tx.audit().expire(clock_.now() - std::chrono::days{30}, 20).value(), 20);
        return {};
    }));
    const auto removed = apply_retention(*store_, clock_, std::chrono::days{30});
    ASSERT_TRUE(removed);
    EXPECT_GE(removed->events, event_count - 20);
    const auto remaining = audit_.list({.limit = 10}).value();
    ASSERT_EQ(remaining.size(), 1U);
    EXPECT_EQ(remaining[0].type, event_type::log_retention);
    EXPECT_EQ(remaining[0].count, removed->events + 20);

    EXPECT_EQ(apply_retention(*store_, clock_, std::chrono::days{30})->events, 0);
    EXPECT_EQ(audit_.list({.limit = 10})->size(), 1U) << "nothing was removed, so nothing is recorded";
}

TEST_F(user_service_test, retention_removes_dead_sessions) {
    const token_pair pair = auth_.login("root@example.com", "correct horse battery", nobody_).value();
    clock_.advance(std::chrono::hours{24 * 30} + std::chrono::seconds{1});
    EXPECT_EQ(apply_retention(*store_, clock_, std::chrono::days{3650})->sessions, 1);
    EXPECT_FALSE(auth_.refresh(pair.refresh_token, nobody_));
}

TEST_F(user_service_test, a_simulated_incident_is_marked) {
    const auto event = audit_.simulate(event_type::jwt_invalid, "for the lecture", as(admin_));
    ASSERT_TRUE(event);
    EXPECT_TRUE(event->simulated);
    EXPECT_NE(event->detail.find("for the lecture"), std::string::npos);
    EXPECT_TRUE(audit_.list({.type = event_type::jwt_invalid, .limit = 1})->front().simulated);
}

TEST_F(user_service_test, refusals_are_recorded) {
    ASSERT_FALSE(users_.remove(admin_.id, as(admin_)));
    EXPECT_EQ(count_events(event_type::user_delete, event_status::denied), 1U) << "their own account";
    caller elsewhere = as(admin_);
    elsewhere.origin.route = "PUT /admin/users/{id}";
    ASSERT_FALSE(users_.update(admin_.id, {.email = {}, .password = {}, .role = role::user}, elsewhere));
    EXPECT_EQ(count_events(event_type::user_update, event_status::denied), 1U) << "the last administrator";
    ASSERT_FALSE(users_.create("root@example.com", "correct horse battery", role::user, as(admin_)));
    EXPECT_EQ(count_events(event_type::user_create, event_status::denied), 1U) << "a taken address";
}

TEST_F(user_service_test, a_call_that_waited_past_the_end_of_its_session_is_refused) {
    const user other = make_user("other@example.com", role::admin);
    caller waiting = as(other);
    waiting.principal.version = other.session_version;
    ASSERT_TRUE(users_.create("one@example.com", "correct horse battery", role::user, waiting));

    ASSERT_TRUE(users_.update(other.id, {.email = {}, .password = {}, .role = role::user}, as(admin_)));
    EXPECT_EQ(users_.create("two@example.com", "correct horse battery", role::admin, waiting).error().code,
              errc::unauthenticated);
    EXPECT_EQ(
        users_.update(other.id, {.email = {}, .password = {}, .role = role::admin}, waiting).error().code,
        errc::unauthenticated);
    EXPECT_EQ(users_.remove(admin_.id, waiting).error().code, errc::unauthenticated);
    EXPECT_EQ(devices_.create("Roof", category::weather_station, waiting).error().code,
              errc::unauthenticated);
    EXPECT_EQ(count_events(event_type::user_create, event_status::denied), 1U);
    EXPECT_EQ(count_events(event_type::user_update, event_status::denied), 1U);
    EXPECT_EQ(count_events(event_type::user_delete, event_status::denied), 1U);
    EXPECT_EQ(count_events(event_type::device_create, event_status::denied), 1U);
    EXPECT_EQ(users_.list()->size(), 3U);
}

TEST_F(user_service_test, a_device_of_a_deleted_account_is_refused_and_recorded) {
    const user ada = make_user("ada@example.com");
    ASSERT_TRUE(users_.remove(ada.id, as(admin_)));
    EXPECT_EQ(devices_.create("Roof", category::weather_station, as(ada)).error().code,
              errc::unauthenticated);
    EXPECT_EQ(count_events(event_type::device_create, event_status::denied), 1U);
}

TEST_F(user_service_test, readings_of_deleted_devices_are_removed_in_bounded_steps) {
    const user ada = make_user("ada@example.com");
    const auto device = devices_.create("Roof", category::weather_station, as(ada)).value(); // six samples
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        std::vector<reading> readings(12'000, reading{.device_id = device.id, .payload = "{}"});
        return tx.readings().append(readings);
    }));
    EXPECT_EQ(purge_readings(*store_).value(), 0);
    ASSERT_TRUE(users_.remove(ada.id, as(admin_)));
    EXPECT_EQ(purge_readings(*store_, 1).value(), 1000) << "one step; the next call continues";
    EXPECT_GT(purge_readings(*store_).value(), 0);
    EXPECT_EQ(purge_readings(*store_).value(), 0);
}

TEST_F(user_service_test, a_disabled_account_cannot_sign_in_until_it_is_enabled) {
    const user ada = make_user("ada@example.com");
    const auto secret = devices_.create("Roof", category::weather_station, as(ada)).value();
    const token_pair pair = auth_.login("ada@example.com", "correct horse battery", nobody_).value();
    const user_changes disable{.email = {}, .password = {}, .role = {}, .disabled = true};
    ASSERT_TRUE(users_.update(ada.id, disable, as(admin_)));
    EXPECT_NE(user_registry_.find(ada.id)->session_version, ada.session_version)
        << "access tokens are invalid";
    EXPECT_EQ(auth_.refresh(pair.refresh_token, nobody_).error().code, errc::unauthenticated);
    EXPECT_EQ(auth_.login("ada@example.com", "wrong wrong wrong", nobody_).error().code,
              errc::unauthenticated)
        << "a wrong password does not reveal that the account is disabled";
    EXPECT_EQ(auth_.login("ada@example.com", "correct horse battery", nobody_).error().code, errc::forbidden);
    EXPECT_TRUE(auth_.authenticate_device(secret.id, secret.secret, nobody_)) << "its devices keep working";
    ASSERT_TRUE(
        users_.update(ada.id, {.email = {}, .password = {}, .role = {}, .disabled = false}, as(admin_)));
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", nobody_));
    EXPECT_EQ(count_events(event_type::user_update, event_status::success), 2U);
}

TEST_F(user_service_test, the_last_enabled_administrator_stays) {
    const user other = make_user("other@example.com", role::admin);
    const user_changes disable{.email = {}, .password = {}, .role = {}, .disabled = true};
    EXPECT_EQ(users_.update(admin_.id, disable, as(admin_)).error().code, errc::bad_state)
        << "their own account";
    ASSERT_TRUE(users_.update(other.id, disable, as(admin_)));
    EXPECT_EQ(users_.update(admin_.id, disable, as(other)).error().code, errc::bad_state);
    EXPECT_EQ(
        users_.update(admin_.id, {.email = {}, .password = {}, .role = role::user}, as(other)).error().code,
        errc::bad_state)
        << "a disabled administrator does not count";
    EXPECT_EQ(users_.remove(admin_.id, as(other)).error().code, errc::bad_state);
    EXPECT_TRUE(users_.remove(other.id, as(admin_)));
}

} // namespace
} // namespace breakwater::services
