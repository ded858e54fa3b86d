#include "unit/services/services_fixture.hpp"

namespace breakwater::services {
namespace {

class device_service_test : public services_test {
protected:
    user ada_ = make_user("ada@example.com");
    user eve_ = make_user("eve@example.com");
    user admin_ = make_user("root@example.com", role::admin);
    new_secret made_ = devices_.create("Roof", category::weather_station, as(ada_)).value();

    storage::device_state state() { return device_registry_.find(made_.id).value(); }
};

TEST_F(device_service_test, a_new_device_starts_with_six_readings_and_is_on_record) {
    storage::reading_summary summary;
    ASSERT_TRUE(store_->read([&](const storage::snapshot& view) -> result<void> {
        summary = view.readings().summary({.device_id = made_.id, .include_simulated = true}).value();
        return {};
    }));
    EXPECT_EQ(summary.total, 6);
    EXPECT_EQ(count_events(event_type::device_create, event_status::success), 1U);
    EXPECT_EQ(count_events(event_type::reading_seed, event_status::success), 1U);
}

TEST_F(device_service_test, its_secret_is_256_bits_and_shown_once) {
    EXPECT_EQ(made_.secret.size(), 43U);
    EXPECT_NE(devices_.create("Roof", category::weather_station, as(ada_))->secret, made_.secret);
}

TEST_F(device_service_test, others_are_refused_and_that_is_on_record) {
    EXPECT_EQ(devices_.get(made_.id, as(eve_)).error().code, errc::forbidden);
    EXPECT_EQ(devices_.rotate_secret(made_.id, as(eve_)).error().code, errc::forbidden);
    EXPECT_EQ(devices_.remove(made_.id, as(eve_)).error().code, errc::forbidden);
    EXPECT_GE(count_events(event_type::device_forbidden, event_status::denied), 1U);
    EXPECT_TRUE(devices_.get(made_.id, as(admin_)));
}

TEST_F(device_service_test, every_way_to_block_raises_the_version) {
    ASSERT_TRUE(devices_.deactivate(made_.id, as(ada_)));
    EXPECT_EQ(state().token_version, 2);
    EXPECT_EQ(state().status, device_status::blocked);
    ASSERT_TRUE(
        devices_.update(made_.id, {.name = {}, .kind = {}, .status = device_status::active}, as(ada_)));
    EXPECT_EQ(state().token_version, 2);
    ASSERT_TRUE(
        devices_.update(made_.id, {.name = {}, .kind = {}, .status = device_status::blocked}, as(ada_)));
    EXPECT_EQ(state().token_version, 3);
    EXPECT_EQ(count_events(event_type::device_block, event_status::success), 2U);
}

TEST_F(device_service_test, a_rotation_keeps_a_blocked_device_blocked) {
    ASSERT_TRUE(devices_.deactivate(made_.id, as(ada_)));
    const auto rotated = devices_.rotate_secret(made_.id, as(ada_));
    ASSERT_TRUE(rotated);
    EXPECT_NE(rotated->secret, made_.secret);
    EXPECT_EQ(state().status, device_status::blocked);
    EXPECT_EQ(auth_.authenticate_device(made_.id, rotated->secret, nobody_).error().code, errc::forbidden);
    EXPECT_EQ(auth_.authenticate_device(made_.id, made_.secret, nobody_).error().code, errc::unauthenticated);
}

TEST_F(device_service_test, invalidating_tokens_keeps_the_secret) {
    ASSERT_TRUE(devices_.invalidate_tokens(made_.id, as(ada_)));
    EXPECT_EQ(state().token_version, 2);
    EXPECT_EQ(state().status, device_status::active);
    EXPECT_TRUE(auth_.authenticate_device(made_.id, made_.secret, nobody_));
}

TEST_F(device_service_test, a_deleted_device_is_gone_everywhere) {
    ASSERT_TRUE(devices_.remove(made_.id, as(ada_)));
    EXPECT_EQ(devices_.get(made_.id, as(ada_)).error().code, errc::not_found);
    EXPECT_FALSE(device_registry_.find(made_.id));
    EXPECT_EQ(deleted_, std::vector{made_.id});
    EXPECT_EQ(devices_.remove(made_.id, as(ada_)).error().code, errc::not_found);
}

TEST_F(device_service_test, people_see_their_own_and_administrators_all) {
    ASSERT_TRUE(devices_.create("Door", category::smart_lock, as(eve_)));
    EXPECT_EQ(devices_.list({}, as(ada_))->size(), 1U);
    EXPECT_EQ(devices_.list({}, as(eve_))->size(), 1U);
    EXPECT_EQ(devices_.list({}, as(admin_))->size(), 2U);
}

TEST_F(device_service_test, an_account_that_was_deleted_meanwhile_leaves_no_device_behind) {
    ASSERT_TRUE(users_.remove(eve_.id, as(admin_)));
    EXPECT_EQ(devices_.create("Late", category::smart_lock, as(eve_)).error().code, errc::unauthenticated);
    EXPECT_EQ(device_registry_.size(), 1U);
}

TEST_F(device_service_test, deleting_a_user_takes_the_devices_along) {
    ASSERT_TRUE(users_.remove(ada_.id, as(admin_)));
    EXPECT_FALSE(device_registry_.find(made_.id));
    EXPECT_EQ(devices_.get(made_.id, as(admin_)).error().code, errc::not_found);
    EXPECT_EQ(deleted_, std::vector{made_.id});
}

TEST_F(device_service_test, a_block_is_lifted_by_its_rank_or_a_higher_one) {
    const device_changes release{.name = {}, .kind = {}, .status = device_status::active};
    ASSERT_TRUE(devices_.update(
        made_.id, {.name = {}, .kind = {}, .status = device_status::blocked, .reason = "Odd values."},
        as(admin_)));
    const auto refused = devices_.update(made_.id, release, as(ada_));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::forbidden);
    EXPECT_NE(refused.error().detail.find("blocked by an administrator on "), std::string::npos)
        << refused.error().detail;
    EXPECT_NE(refused.error().detail.find(": Odd values. An administrator can release it."),
              std::string::npos)
        << refused.error().detail;
    EXPECT_EQ(count_events(event_type::device_update, event_status::denied), 1U);
    // No other door: blocking it anew, a new name, category or secret leave the block as it is.
    ASSERT_TRUE(devices_.deactivate(made_.id, as(ada_)));
    ASSERT_TRUE(
        devices_.update(made_.id, {.name = "Attic", .kind = category::smart_lock, .status = {}}, as(ada_)));
    ASSERT_TRUE(devices_.rotate_secret(made_.id, as(ada_)));
    EXPECT_EQ(devices_.update(made_.id, release, as(ada_)).error().code, errc::forbidden);
    EXPECT_EQ(devices_.get(made_.id, as(ada_))->device.block->reason, "Odd values.");
    ASSERT_TRUE(devices_.update(made_.id, release, as(admin_)));
    EXPECT_FALSE(devices_.get(made_.id, as(ada_))->device.block);

    ASSERT_TRUE(devices_.deactivate(made_.id, as(ada_)));
    EXPECT_EQ(devices_.get(made_.id, as(ada_))->device.block->name, "ada@example.com");
    ASSERT_TRUE(devices_.deactivate(made_.id, as(admin_))) << "an administrator takes it over";
    EXPECT_FALSE(devices_.update(made_.id, release, as(ada_)));
    ASSERT_TRUE(devices_.update(made_.id, release, as(admin_)));
    ASSERT_TRUE(devices_.deactivate(made_.id, as(ada_)));
    EXPECT_TRUE(devices_.update(made_.id, release, as(ada_))) << "one's own block";
}

TEST_F(device_service_test, the_first_sign_in_makes_a_device_real_for_good) {
    device_service simulating{{*store_, device_registry_, recorder_, clock_, random_},
                              {.secret_bcrypt_cost = 4, .simulates_new = true},
                              [](const device_id&, category, timestamp) { return std::vector<reading>{}; },
                              observer_};
    made_ = simulating.create("Roof", category::weather_station, as(ada_)).value();
    EXPECT_TRUE(state().simulated);
    EXPECT_FALSE(auth_.authenticate_device(made_.id, "wrong", nobody_));
    EXPECT_TRUE(state().simulated) << "whoever doesn't know the secret isn't the device";
    ASSERT_TRUE(auth_.authenticate_device(made_.id, made_.secret, nobody_));
    EXPECT_FALSE(state().simulated);
    EXPECT_TRUE(state().real);
    ASSERT_TRUE(simulating.begin_simulation({.administrator = true, .system = true}));
    EXPECT_FALSE(state().simulated) << "for good";
    EXPECT_EQ(count_events(event_type::device_auth, event_status::success), 1U);
    const auto last = devices_.get(made_.id, as(ada_));
    EXPECT_FALSE(last->last_reading_at);
    EXPECT_TRUE(last->device.never_heard()) << "a sign-in is no reading";
}

TEST_F(device_service_test, samples_count_for_nothing) {
    const auto fresh = devices_.get(made_.id, as(ada_));
    EXPECT_TRUE(fresh->device.never_heard());
    EXPECT_FALSE(fresh->last_reading_at);
    ASSERT_TRUE(devices_.begin_simulation({.administrator = true, .system = true}));
    EXPECT_TRUE(state().simulated);
    const auto simulated = devices_.get(made_.id, as(ada_));
    EXPECT_FALSE(simulated->device.never_heard());
    EXPECT_TRUE(simulated->last_reading_at) << "of a simulated device what is made up is all there is";
}

} // namespace
} // namespace breakwater::services
