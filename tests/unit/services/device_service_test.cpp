#include "unit/services/services_fixture.hpp"

namespace breakwater::services {
namespace {

class device_service_test : public services_test {
protected:
    user ada_ = make_user("ada@example.com");
    user eve_ = make_user("eve@example.com");
    user admin_ = make_user("root@example.com", role::admin);
    new_secret created_ = devices_.create("Roof", category::weather_station, as(ada_)).value();

    registry::device_state state() { return device_registry_.find(created_.id).value(); }
};

TEST_F(device_service_test, a_new_device_starts_with_six_readings_and_is_recorded) {
    storage::reading_summary summary;
    ASSERT_TRUE(store_->read([&](const storage::snapshot& view) -> result<void> {
        summary = view.readings().summary({.device_id = created_.id, .include_simulated = true}).value();
        return {};
    }));
    EXPECT_EQ(summary.total, 6);
    EXPECT_EQ(count_events(event_type::device_create, event_status::success), 1U);
    EXPECT_EQ(count_events(event_type::reading_seed, event_status::success), 1U);
}

TEST_F(device_service_test, its_secret_has_256_bits_and_is_returned_once) {
    EXPECT_EQ(created_.secret.size(), 43U);
    EXPECT_NE(devices_.create("Roof", category::weather_station, as(ada_))->secret, created_.secret);
}

TEST_F(device_service_test, access_by_other_users_is_refused_and_recorded) {
    EXPECT_EQ(devices_.get(created_.id, as(eve_)).error().code, errc::forbidden);
    EXPECT_EQ(devices_.rotate_secret(created_.id, as(eve_)).error().code, errc::forbidden);
    EXPECT_EQ(devices_.remove(created_.id, as(eve_)).error().code, errc::forbidden);
    EXPECT_GE(count_events(event_type::device_forbidden, event_status::denied), 1U);
    EXPECT_TRUE(devices_.get(created_.id, as(admin_)));
}

TEST_F(device_service_test, every_way_to_block_raises_the_version) {
    ASSERT_TRUE(devices_.deactivate(created_.id, as(ada_)));
    EXPECT_EQ(state().token_version, 2);
    EXPECT_EQ(state().status, device_status::blocked);
    ASSERT_TRUE(
        devices_.update(created_.id, {.name = {}, .kind = {}, .status = device_status::active}, as(ada_)));
    EXPECT_EQ(state().token_version, 2);
    ASSERT_TRUE(
        devices_.update(created_.id, {.name = {}, .kind = {}, .status = device_status::blocked}, as(ada_)));
    EXPECT_EQ(state().token_version, 3);
    EXPECT_EQ(count_events(event_type::device_block, event_status::success), 2U);
}

TEST_F(device_service_test, a_rotation_keeps_a_blocked_device_blocked) {
    ASSERT_TRUE(devices_.deactivate(created_.id, as(ada_)));
    const auto rotated = devices_.rotate_secret(created_.id, as(ada_));
    ASSERT_TRUE(rotated);
    EXPECT_NE(rotated->secret, created_.secret);
    EXPECT_EQ(state().status, device_status::blocked);
    EXPECT_EQ(auth_.authenticate_device(created_.id, rotated->secret, nobody_).error().code, errc::forbidden);
    EXPECT_EQ(auth_.authenticate_device(created_.id, created_.secret, nobody_).error().code,
              errc::unauthenticated);
}

TEST_F(device_service_test, invalidating_tokens_keeps_the_secret) {
    ASSERT_TRUE(devices_.invalidate_tokens(created_.id, as(ada_)));
    EXPECT_EQ(state().token_version, 2);
    EXPECT_EQ(state().status, device_status::active);
    EXPECT_TRUE(auth_.authenticate_device(created_.id, created_.secret, nobody_));
}

TEST_F(device_service_test, a_deleted_device_is_removed_everywhere) {
    ASSERT_TRUE(devices_.remove(created_.id, as(ada_)));
    EXPECT_EQ(devices_.get(created_.id, as(ada_)).error().code, errc::not_found);
    EXPECT_FALSE(device_registry_.find(created_.id));
    ASSERT_EQ(changes_.of<device_removed>().size(), 1U);
    EXPECT_EQ(changes_.of<device_removed>()[0].id, created_.id);
    EXPECT_EQ(changes_.of<device_removed>()[0].owner, ada_.id);
    EXPECT_EQ(devices_.remove(created_.id, as(ada_)).error().code, errc::not_found);
}

TEST_F(device_service_test, people_see_their_own_devices_and_administrators_all) {
    ASSERT_TRUE(devices_.create("Door", category::smart_lock, as(eve_)));
    EXPECT_EQ(devices_.list({}, as(ada_))->size(), 1U);
    EXPECT_EQ(devices_.list({}, as(eve_))->size(), 1U);
    EXPECT_EQ(devices_.list({}, as(admin_))->size(), 2U);
}

TEST_F(device_service_test, an_account_that_was_deleted_meanwhile_gets_no_device) {
    ASSERT_TRUE(users_.remove(eve_.id, as(admin_)));
    EXPECT_EQ(devices_.create("Late", category::smart_lock, as(eve_)).error().code, errc::unauthenticated);
    EXPECT_EQ(device_registry_.size(), 1U);
}

TEST_F(device_service_test, deleting_a_user_deletes_the_devices) {
    ASSERT_TRUE(users_.remove(ada_.id, as(admin_)));
    EXPECT_FALSE(device_registry_.find(created_.id));
    EXPECT_EQ(devices_.get(created_.id, as(admin_)).error().code, errc::not_found);
    ASSERT_EQ(changes_.of<device_removed>().size(), 1U);
    EXPECT_EQ(changes_.of<device_removed>()[0].id, created_.id);
    EXPECT_EQ(changes_.of<device_removed>()[0].owner, ada_.id);
}

TEST_F(device_service_test, only_the_same_rank_or_a_higher_one_releases_a_block) {
    const device_changes release{.name = {}, .kind = {}, .status = device_status::active};
    ASSERT_TRUE(devices_.update(
        created_.id, {.name = {}, .kind = {}, .status = device_status::blocked, .reason = "Odd values."},
        as(admin_)));
    const auto refusal = devices_.update(created_.id, release, as(ada_));
    ASSERT_FALSE(refusal);
    EXPECT_EQ(refusal.error().code, errc::forbidden);
    EXPECT_NE(refusal.error().detail.find("blocked by an administrator on "), std::string::npos)
        << refusal.error().detail;
    EXPECT_NE(refusal.error().detail.find(": Odd values. An administrator can release it."),
              std::string::npos)
        << refusal.error().detail;
    EXPECT_EQ(count_events(event_type::device_update, event_status::denied), 1U);
    // A second block, a new name, category or secret do not change the block.
    ASSERT_TRUE(devices_.deactivate(created_.id, as(ada_)));
    ASSERT_TRUE(devices_.update(created_.id, {.name = "Attic", .kind = category::smart_lock, .status = {}},
                                as(ada_)));
    ASSERT_TRUE(devices_.rotate_secret(created_.id, as(ada_)));
    EXPECT_EQ(devices_.update(created_.id, release, as(ada_)).error().code, errc::forbidden);
    EXPECT_EQ(devices_.get(created_.id, as(ada_))->device.block->reason, "Odd values.");
    ASSERT_TRUE(devices_.update(created_.id, release, as(admin_)));
    EXPECT_FALSE(devices_.get(created_.id, as(ada_))->device.block);

    ASSERT_TRUE(devices_.deactivate(created_.id, as(ada_)));
    EXPECT_EQ(devices_.get(created_.id, as(ada_))->device.block->name, "ada@example.com");
    ASSERT_TRUE(devices_.deactivate(created_.id, as(admin_))) << "an administrator takes over the block";
    EXPECT_FALSE(devices_.update(created_.id, release, as(ada_)));
    ASSERT_TRUE(devices_.update(created_.id, release, as(admin_)));
    ASSERT_TRUE(devices_.deactivate(created_.id, as(ada_)));
    EXPECT_TRUE(devices_.update(created_.id, release, as(ada_))) << "the owner's own block";
}

TEST_F(device_service_test, the_first_sign_in_makes_a_device_real_permanently) {
    device_service simulating{{*store_, device_registry_, alert_writer_, recorder_, clock_, random_},
                              {.secret_bcrypt_cost = 4, .simulates_new = true},
                              [](const device_id&, category, timestamp) { return std::vector<reading>{}; }};
    created_ = simulating.create("Roof", category::weather_station, as(ada_)).value();
    EXPECT_TRUE(state().simulated);
    EXPECT_FALSE(auth_.authenticate_device(created_.id, "wrong", nobody_));
    EXPECT_TRUE(state().simulated) << "a wrong secret is no sign-in";
    ASSERT_TRUE(auth_.authenticate_device(created_.id, created_.secret, nobody_));
    EXPECT_FALSE(state().simulated);
    EXPECT_TRUE(state().real);
    ASSERT_TRUE(simulating.begin_simulation({.principal = {.kind = identity::principal::kind::system}}));
    EXPECT_FALSE(state().simulated) << "permanently real";
    EXPECT_EQ(count_events(event_type::device_auth, event_status::success), 1U);
    const auto last = devices_.get(created_.id, as(ada_));
    EXPECT_FALSE(last->last_reading_at);
    EXPECT_TRUE(last->device.never_heard()) << "a sign-in is no reading";
}

TEST_F(device_service_test, sample_readings_do_not_count_as_received) {
    const auto new_device = devices_.get(created_.id, as(ada_));
    EXPECT_TRUE(new_device->device.never_heard());
    EXPECT_FALSE(new_device->last_reading_at);
    ASSERT_TRUE(devices_.begin_simulation({.principal = {.kind = identity::principal::kind::system}}));
    EXPECT_TRUE(state().simulated);
    const auto simulated = devices_.get(created_.id, as(ada_));
    EXPECT_FALSE(simulated->device.never_heard());
    EXPECT_TRUE(simulated->last_reading_at) << "simulated readings count for a simulated device";
}

} // namespace
} // namespace breakwater::services
