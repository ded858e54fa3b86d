#include "support/e2e.hpp"
#include "support/live_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

json::value device_hello(const std::string& token) {
    return {
        {"type", "hello"}, {"token", token}, {"subscriptions", json::array{{{"id", "a"}, {"all", true}}}}};
}

TEST(real_and_simulated, a_device_is_simulated_until_it_signs_in_and_never_again) {
    server_process server{{.variables = {{"TELEMETRY_SIMULATION_ENABLED", "true"}}}};
    api_client owner = as_new_user(server, "owner@example.com");
    const device_credentials device = create_device(owner, "Roof");
    const std::string path = "/devices/" + device.id;
    json::value details = owner.get(path).json();
    EXPECT_EQ(details.at("simulated"), true);
    EXPECT_EQ(details.at("never_heard"), false);
    EXPECT_FALSE(details.at("last_reading_at").is_null());
    EXPECT_EQ(owner.get("/devices").json().at(0).at("simulated"), true);
    EXPECT_TRUE(owner.get("/devices/latest").json().at(0).at("fields").as_array().empty());
    const auto latest = owner.get("/devices/latest?include_simulated=true").json().at(0);
    EXPECT_EQ(latest.at("simulated"), true);
    EXPECT_FALSE(latest.at("fields").as_array().empty());

    live_client live{server, device_hello(owner.token())};
    ASSERT_EQ(live.next("subscribed").at("type"), "subscribed");
    api_client sender = as_device(server, device);
    const auto device_event =
        live.event([](const json::value& entry) { return entry.at("type") == "device"; });
    EXPECT_EQ(device_event.at("simulated"), false);
    EXPECT_EQ(device_event.at("never_heard"), true);
    details = owner.get(path).json();
    EXPECT_EQ(details.at("simulated"), false);
    EXPECT_EQ(details.at("never_heard"), true) << "a sign-in is not a reading";
    EXPECT_TRUE(details.at("last_reading_at").is_null()) << "simulated readings do not count";

    ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"own", 1}}}}).status, 201);
    details = owner.get(path).json();
    EXPECT_EQ(details.at("never_heard"), false);
    EXPECT_EQ(details.at("first_reading_at"), details.at("last_reading_at"));
    EXPECT_EQ(owner.get("/devices/latest?include_simulated=true").json().at(0).at("fields").as_array().size(),
              1U)
        << "simulated fields are no longer shown";
    EXPECT_EQ(owner.get(path + "/readings?include_simulated=true").json().as_array().size(), 7U)
        << "the simulated readings remain, marked as simulated";

    ASSERT_EQ(server.stop(), 0);
    server.start();
    api_client restarted{server, owner.token()};
    EXPECT_EQ(restarted.get(path).json(), details) << "the state survives a restart";
}

TEST(real_and_simulated, a_new_device_is_never_heard_while_simulation_is_disabled) {
    server_process server;
    api_client owner = as_new_user(server, "owner@example.com");
    const device_credentials device = create_device(owner, "Roof");
    const auto details = owner.get("/devices/" + device.id).json();
    EXPECT_EQ(details.at("simulated"), false);
    EXPECT_EQ(details.at("never_heard"), true);
    EXPECT_TRUE(details.at("last_reading_at").is_null());
    EXPECT_EQ(owner.get("/devices").json().at(0).at("never_heard"), true);
    EXPECT_EQ(
        owner.get("/devices/" + device.id + "/readings?include_simulated=true").json().as_array().size(), 6U);

    // Once enabled, the simulator serves existing devices too, except those with real readings.
    const device_credentials real = create_device(owner, "Cellar");
    ASSERT_EQ(as_device(server, real).post("/device/readings", {{"payload", {{"v", 1}}}}).status, 201);
    ASSERT_EQ(server.stop(), 0);
    server.settings().variables["TELEMETRY_SIMULATION_ENABLED"] = "true";
    server.start();
    api_client restarted{server, owner.token()};
    EXPECT_EQ(restarted.get("/devices/" + device.id).json().at("simulated"), true);
    EXPECT_EQ(restarted.get("/devices/" + real.id).json().at("simulated"), false);
}

TEST(real_and_simulated, imported_readings_make_a_device_real) {
    server_process server{{.variables = {{"TELEMETRY_SIMULATION_ENABLED", "true"}}}};
    api_client owner = as_new_user(server, "owner@example.com");
    const device_credentials device = create_device(owner, "Roof");
    ASSERT_EQ(server.stop(), 0);
    environment variables = test_environment(server.folder());
    const auto imported =
        run_program({"import", "--device", device.id, "--format", "ndjson", "-"}, server.folder(), variables,
                    R"({"payload":{"n":4},"received_at":"2026-01-15T12:00:00Z"})");
    ASSERT_EQ(imported.exit_code, 0) << imported.err;
    const auto listed = run_program({"device", "list", "--json"}, server.folder(), variables);
    EXPECT_NE(listed.out.find(R"("simulated":false,"never_heard":false)"), std::string::npos) << listed.out;
    server.start();
    EXPECT_EQ((api_client{server, owner.token()}.get("/devices/" + device.id).json().at("simulated")), false);
}

} // namespace
} // namespace breakwater::test
