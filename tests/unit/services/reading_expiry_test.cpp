#include "services/maintenance.hpp"
#include "services/policy_service.hpp"
#include "unit/services/services_fixture.hpp"

namespace breakwater::services {
namespace {

using std::chrono::days;

class reading_expiry_test : public services_test {
protected:
    /// A reading a day for the last hundred days.
    device_id add_device(category kind) {
        const device_id id = devices_.create("Mast", kind, as(owner_)).value().id;
        std::vector<reading> past;
        for (int day = 100; day > 0; --day)
            past.push_back({.device_id = id,
                            .received_at = clock_.now() - days{day} + std::chrono::hours{1},
                            .payload = "{}"});
        EXPECT_TRUE(store_->write([&](storage::transaction& tx) { return tx.readings().append(past); }));
        EXPECT_TRUE(store_->compact(true));
        return id;
    }

    std::int64_t stored_count(const device_id& id) {
        return storage::fetch(
                   *store_,
                   [&](const storage::snapshot& view) { return view.readings().summary({.device_id = id}); })
            ->total;
    }

    int steps_until_done(int most_transactions) {
        expiry_.begin();
        int steps = 1;
        while (!expiry_.step(most_transactions).value())
            ++steps;
        return steps;
    }

    const user owner_ = make_user("owner@example.com", role::admin);
    registry::policy_registry policies_{effective_policy{}};
    const storage::change_feed::subscription policies_follow_{store_->feed(), policies_};
    policy_service policy_service_{*store_, policies_, devices_, recorder_, clock_};
    reading_expiry expiry_{*store_, device_registry_, policies_, clock_};
};

TEST_F(reading_expiry_test, applies_the_policy_of_each_device) {
    const device_id kept = add_device(category::ip_camera);
    const device_id short_lived = add_device(category::weather_station);
    const device_id configured = add_device(category::weather_station);
    EXPECT_EQ(steps_until_done(20), 1);
    EXPECT_EQ(stored_count(short_lived), 100) << "kept for ever without a setting";

    ASSERT_TRUE(policy_service_.put(category::weather_station, {.keep_readings_days = 10}, as(owner_)));
    ASSERT_TRUE(policy_service_.put(configured, {.keep_readings_days = 30}, as(owner_)));
    steps_until_done(20);
    EXPECT_EQ(stored_count(kept), 100);
    EXPECT_EQ(stored_count(short_lived), 10);
    EXPECT_EQ(stored_count(configured), 30);

    clock_.advance(days{5});
    steps_until_done(20);
    EXPECT_EQ(stored_count(short_lived), 5);
}

TEST_F(reading_expiry_test, works_in_short_steps) {
    std::vector<device_id> fleet;
    for (int i = 0; i < 70; ++i)
        fleet.push_back(devices_.create("Mast", category::ip_camera, as(owner_)).value().id);
    ASSERT_TRUE(policy_service_.put(category::ip_camera, {.keep_readings_days = 1}, as(owner_)));
    EXPECT_GT(steps_until_done(1), 2) << "64 devices in a transaction";
    EXPECT_EQ(steps_until_done(20), 1);
}

} // namespace
} // namespace breakwater::services
