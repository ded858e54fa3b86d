#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

TEST(simulator_demo, creates_a_simulated_device_of_each_category_at_the_first_start) {
    server_process server{{.variables = {{"TELEMETRY_SIMULATION_ENABLED", "true"}}}};
    api_client admin = as_admin(server);
    const auto devices = admin.get("/devices").json().as_array();
    ASSERT_EQ(devices.size(), 5U);
    for (const json::value& device : devices) {
        const std::string target = "/devices/" + std::string{device.at("id").as_string()};
        EXPECT_EQ(admin.get(target + "/readings").json().as_array().size(), 0U);
        const auto rows = admin.get(target + "/readings?include_simulated=true").json().as_array();
        ASSERT_GE(rows.size(), 6U);
        const json::object& payload = rows[0].at("payload").as_object();
        EXPECT_EQ(payload.at("__simulated__"), true);
        EXPECT_EQ(payload.at("category"), device.at("category"));
        EXPECT_TRUE(payload.contains("timestamp"));
    }
    ASSERT_EQ(server.stop(), 0);
    server.start();
    EXPECT_EQ(as_admin(server).get("/devices").json().as_array().size(), 5U) << "only at the first start";
}

TEST(simulator_demo, creates_no_devices_when_it_is_disabled) {
    server_process server;
    EXPECT_TRUE(as_admin(server).get("/devices").json().as_array().empty());
}

} // namespace
} // namespace breakwater::test
