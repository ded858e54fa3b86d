#include "services/policy_service.hpp"

#include "unit/services/services_fixture.hpp"

namespace breakwater::services {
namespace {

using namespace std::chrono_literals;

class policy_service_test : public services_test {
protected:
    policy_service_test() {
        ada_ = make_user("ada@example.com");
        admin_ = make_user("root@example.com", role::admin);
        roof_ = devices_.create("Roof", category::weather_station, as(ada_)).value().id;
        garden_ = devices_.create("Garden", category::weather_station, as(ada_)).value().id;
        changes_.all.clear();
    }

    registry::policy_registry policies_{effective_policy{}};
    const storage::change_feed::subscription policies_follow_{store_->feed(), policies_};
    policy_service service_{*store_, policies_, devices_, recorder_, clock_};
    user ada_;
    user admin_;
    device_id roof_;
    device_id garden_;
};

TEST_F(policy_service_test, publishes_the_devices_whose_expected_interval_changes) {
    ASSERT_TRUE(service_.put(roof_, {.min_interval = 1h}, as(admin_)));
    ASSERT_EQ(changes_.of<policy_saved>().size(), 1U);
    ASSERT_EQ(changes_.of<policy_saved>()[0].affected.size(), 1U);
    EXPECT_EQ(changes_.of<policy_saved>()[0].affected[0].id, roof_);
    EXPECT_EQ(policies_.expected_interval(roof_, category::weather_station), 1h);

    ASSERT_TRUE(service_.put(category::weather_station, {.min_interval = 2h}, as(admin_)));
    ASSERT_EQ(changes_.of<policy_saved>().size(), 2U);
    ASSERT_EQ(changes_.of<policy_saved>()[1].affected.size(), 1U) << "the device's own policy counts first";
    EXPECT_EQ(changes_.of<policy_saved>()[1].affected[0].id, garden_);

    ASSERT_TRUE(
        service_.put(category::weather_station, {.min_interval = 2h, .keep_readings_days = 9}, as(admin_)));
    EXPECT_TRUE(changes_.of<policy_saved>()[2].affected.empty());
}

} // namespace
} // namespace breakwater::services
