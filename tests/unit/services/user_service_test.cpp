#include "services/maintenance.hpp"
#include "unit/services/services_fixture.hpp"

namespace breakwater::services {
namespace {

class user_service_test : public services_test {
protected:
    user admin_ = make_user("root@example.com", role::admin);
};

TEST_F(user_service_test, nobody_deletes_oneself) {
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

TEST_F(user_service_test, the_same_role_again_ends_none) {
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

TEST_F(user_service_test, what_is_not_there_is_not_found) {
    EXPECT_EQ(users_.update(99, {}, as(admin_)).error().code, errc::not_found);
    EXPECT_EQ(users_.remove(99, as(admin_)).error().code, errc::not_found);
}

TEST_F(user_service_test, retention_removes_what_is_old_and_says_so) {
    clock_.advance(std::chrono::hours{24 * 31});
    make_user("late@example.com");
    const auto removed = apply_retention(*store_, clock_, std::chrono::days{30});
    ASSERT_TRUE(removed);
    EXPECT_EQ(removed->events, 1);
    const auto left = audit_.list({.limit = 10}).value();
    ASSERT_EQ(left.size(), 2U);
    EXPECT_EQ(left[0].type, event_type::log_retention);
    EXPECT_EQ(left[0].count, 1);
    EXPECT_EQ(left[1].type, event_type::user_create);
}

TEST_F(user_service_test, retention_is_one_event_however_many_steps_it_takes) {
    constexpr int many = 600; // three transactions
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        for (int i = 0; i < many; ++i)
            if (auto added = tx.audit().append({.created_at = clock_.now(), .type = event_type::login});
                !added)
                return std::unexpected(added.error());
        return {};
    }));
    clock_.advance(std::chrono::hours{24 * 31});
    std::stop_source stopped;
    stopped.request_stop();
    const auto none = apply_retention(*store_, clock_, std::chrono::days{30}, stopped.get_token());
    ASSERT_TRUE(none) << "to be stopped is no failure";
    EXPECT_EQ(none->events, 0);

    // As after a crash in the midst of it: something was removed, and nothing says so yet.
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        EXPECT_EQ(tx.audit().expire(clock_.now() - std::chrono::days{30}, 20).value(), 20);
        return {};
    }));
    const auto removed = apply_retention(*store_, clock_, std::chrono::days{30});
    ASSERT_TRUE(removed);
    EXPECT_GE(removed->events, many - 20);
    const auto left = audit_.list({.limit = 10}).value();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].type, event_type::log_retention);
    EXPECT_EQ(left[0].count, removed->events + 20);

    EXPECT_EQ(apply_retention(*store_, clock_, std::chrono::days{30})->events, 0);
    EXPECT_EQ(audit_.list({.limit = 10})->size(), 1U) << "nothing was removed, and nothing is said";
}

TEST_F(user_service_test, retention_forgets_dead_sessions) {
    const token_pair pair = auth_.login("root@example.com", "correct horse battery", nobody_).value();
    clock_.advance(std::chrono::hours{24 * 30} + std::chrono::seconds{1});
    EXPECT_EQ(apply_retention(*store_, clock_, std::chrono::days{3650})->sessions, 1);
    EXPECT_FALSE(auth_.refresh(pair.refresh_token, nobody_));
}

TEST_F(user_service_test, a_staged_incident_is_marked) {
    const auto event = audit_.simulate(event_type::jwt_invalid, "for the lecture", as(admin_));
    ASSERT_TRUE(event);
    EXPECT_TRUE(event->simulated);
    EXPECT_NE(event->detail.find("for the lecture"), std::string::npos);
    EXPECT_TRUE(audit_.list({.type = event_type::jwt_invalid, .limit = 1})->front().simulated);
}

TEST_F(user_service_test, what_is_refused_is_on_record) {
    ASSERT_FALSE(users_.remove(admin_.id, as(admin_)));
    EXPECT_EQ(count_events(event_type::user_delete, event_status::denied), 1U) << "one's own account";
    caller elsewhere = as(admin_);
    elsewhere.origin.route = "PUT /admin/users/{id}";
    ASSERT_FALSE(users_.update(admin_.id, {.email = {}, .password = {}, .role = role::user}, elsewhere));
    EXPECT_EQ(count_events(event_type::user_update, event_status::denied), 1U) << "the last administrator";
    ASSERT_FALSE(users_.create("root@example.com", "correct horse battery", role::user, as(admin_)));
    EXPECT_EQ(count_events(event_type::user_create, event_status::denied), 1U) << "an address that is taken";
}

TEST_F(user_service_test, a_call_that_waited_past_the_end_of_its_session_does_nothing) {
    const user other = make_user("other@example.com", role::admin);
    caller waiting = as(other);
    waiting.session_version = other.session_version;
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

TEST_F(user_service_test, a_device_of_an_account_that_is_gone_is_refused_on_record) {
    const user ada = make_user("ada@example.com");
    ASSERT_TRUE(users_.remove(ada.id, as(admin_)));
    EXPECT_EQ(devices_.create("Roof", category::weather_station, as(ada)).error().code,
              errc::unauthenticated);
    EXPECT_EQ(count_events(event_type::device_create, event_status::denied), 1U);
}

TEST_F(user_service_test, readings_of_what_was_deleted_are_removed_in_bounded_steps) {
    const user ada = make_user("ada@example.com");
    const auto device = devices_.create("Roof", category::weather_station, as(ada)).value(); // six samples
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        std::vector<reading> many(12'000, reading{.device_id = device.id, .payload = "{}"});
        return tx.readings().append(many);
    }));
    EXPECT_EQ(purge_readings(*store_).value(), 0);
    ASSERT_TRUE(users_.remove(ada.id, as(admin_)));
    EXPECT_EQ(purge_readings(*store_, 1).value(), 1000) << "one step, and the next call goes on";
    EXPECT_GT(purge_readings(*store_).value(), 0);
    EXPECT_EQ(purge_readings(*store_).value(), 0);
}

TEST_F(user_service_test, a_disabled_account_signs_in_nowhere_until_it_is_enabled) {
    const user ada = make_user("ada@example.com");
    const auto secret = devices_.create("Roof", category::weather_station, as(ada)).value();
    const token_pair pair = auth_.login("ada@example.com", "correct horse battery", nobody_).value();
    const user_changes off{.email = {}, .password = {}, .role = {}, .disabled = true};
    ASSERT_TRUE(users_.update(ada.id, off, as(admin_)));
    EXPECT_NE(user_registry_.find(ada.id)->session_version, ada.session_version) << "access tokens are dead";
    EXPECT_EQ(auth_.refresh(pair.refresh_token, nobody_).error().code, errc::unauthenticated);
    EXPECT_EQ(auth_.login("ada@example.com", "wrong wrong wrong", nobody_).error().code,
              errc::unauthenticated)
        << "who doesn't know the password hears nothing of it";
    EXPECT_EQ(auth_.login("ada@example.com", "correct horse battery", nobody_).error().code, errc::forbidden);
    EXPECT_TRUE(auth_.authenticate_device(secret.id, secret.secret, nobody_)) << "its devices go on";
    ASSERT_TRUE(
        users_.update(ada.id, {.email = {}, .password = {}, .role = {}, .disabled = false}, as(admin_)));
    EXPECT_TRUE(auth_.login("ada@example.com", "correct horse battery", nobody_));
    EXPECT_EQ(count_events(event_type::user_update, event_status::success), 2U);
}

TEST_F(user_service_test, the_last_administrator_who_may_sign_in_stays) {
    const user other = make_user("other@example.com", role::admin);
    const user_changes off{.email = {}, .password = {}, .role = {}, .disabled = true};
    EXPECT_EQ(users_.update(admin_.id, off, as(admin_)).error().code, errc::bad_state) << "oneself";
    ASSERT_TRUE(users_.update(other.id, off, as(admin_)));
    EXPECT_EQ(users_.update(admin_.id, off, as(other)).error().code, errc::bad_state);
    EXPECT_EQ(
        users_.update(admin_.id, {.email = {}, .password = {}, .role = role::user}, as(other)).error().code,
        errc::bad_state)
        << "a disabled one is no other";
    EXPECT_EQ(users_.remove(admin_.id, as(other)).error().code, errc::bad_state);
    EXPECT_TRUE(users_.remove(other.id, as(admin_)));
}

} // namespace
} // namespace breakwater::services
