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
    const made_device device = create_device(owner, "Roof");
    const std::string path = "/devices/" + device.id;
    json::value seen = owner.get(path).json();
    EXPECT_EQ(seen.at("simulated"), true);
    EXPECT_EQ(seen.at("never_heard"), false);
    EXPECT_FALSE(seen.at("last_reading_at").is_null());
    EXPECT_EQ(owner.get("/devices").json().at(0).at("simulated"), true);
    EXPECT_TRUE(owner.get("/devices/latest").json().at(0).at("fields").as_array().empty());
    const auto latest = owner.get("/devices/latest?include_simulated=true").json().at(0);
    EXPECT_EQ(latest.at("simulated"), true);
    EXPECT_FALSE(latest.at("fields").as_array().empty());

    live_client watching{server, device_hello(owner.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    api_client itself = as_device(server, device);
    const auto changed = watching.event([](const json::value& one) { return one.at("type") == "device"; });
    EXPECT_EQ(changed.at("simulated"), false);
    EXPECT_EQ(changed.at("never_heard"), true);
    seen = owner.get(path).json();
    EXPECT_EQ(seen.at("simulated"), false);
    EXPECT_EQ(seen.at("never_heard"), true) << "a sign-in is no reading";
    EXPECT_TRUE(seen.at("last_reading_at").is_null()) << "samples were not heard";

    ASSERT_EQ(itself.post("/device/readings", {{"payload", {{"own", 1}}}}).status, 201);
    seen = owner.get(path).json();
    EXPECT_EQ(seen.at("never_heard"), false);
    EXPECT_EQ(seen.at("first_reading_at"), seen.at("last_reading_at"));
    EXPECT_EQ(owner.get("/devices/latest?include_simulated=true").json().at(0).at("fields").as_array().size(),
              1U)
        << "nothing that was made up stands beside it";
    EXPECT_EQ(owner.get(path + "/readings?include_simulated=true").json().as_array().size(), 7U)
        << "the samples stay, marked";

    ASSERT_EQ(server.stop(), 0);
    server.start();
    api_client again{server, owner.token()};
    EXPECT_EQ(again.get(path).json(), seen) << "for good";
}

TEST(real_and_simulated, a_new_device_was_never_heard_where_nothing_is_simulated) {
    server_process server;
    api_client owner = as_new_user(server, "owner@example.com");
    const made_device device = create_device(owner, "Roof");
    const auto seen = owner.get("/devices/" + device.id).json();
    EXPECT_EQ(seen.at("simulated"), false);
    EXPECT_EQ(seen.at("never_heard"), true);
    EXPECT_TRUE(seen.at("last_reading_at").is_null());
    EXPECT_EQ(owner.get("/devices").json().at(0).at("never_heard"), true);
    EXPECT_EQ(
        owner.get("/devices/" + device.id + "/readings?include_simulated=true").json().as_array().size(), 6U);

    // The simulator is switched on for what is there already; not for what is real.
    const made_device real = create_device(owner, "Cellar");
    ASSERT_EQ(as_device(server, real).post("/device/readings", {{"payload", {{"v", 1}}}}).status, 201);
    ASSERT_EQ(server.stop(), 0);
    server.settings().variables["TELEMETRY_SIMULATION_ENABLED"] = "true";
    server.start();
    api_client later{server, owner.token()};
    EXPECT_EQ(later.get("/devices/" + device.id).json().at("simulated"), true);
    EXPECT_EQ(later.get("/devices/" + real.id).json().at("simulated"), false);
}

TEST(real_and_simulated, readings_that_were_imported_make_a_device_real) {
    server_process server{{.variables = {{"TELEMETRY_SIMULATION_ENABLED", "true"}}}};
    api_client owner = as_new_user(server, "owner@example.com");
    const made_device device = create_device(owner, "Roof");
    ASSERT_EQ(server.stop(), 0);
    environment variables = test_environment(server.folder());
    const auto done =
        run_program({"import", "--device", device.id, "--format", "ndjson", "-"}, server.folder(), variables,
                    R"({"payload":{"n":4},"received_at":"2026-01-15T12:00:00Z"})");
    ASSERT_EQ(done.exit_code, 0) << done.err;
    const auto listed = run_program({"device", "list", "--json"}, server.folder(), variables);
    EXPECT_NE(listed.out.find(R"("simulated":false,"never_heard":false)"), std::string::npos) << listed.out;
    server.start();
    EXPECT_EQ((api_client{server, owner.token()}.get("/devices/" + device.id).json().at("simulated")), false);
}

} // namespace
} // namespace breakwater::test
