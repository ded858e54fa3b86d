#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

TEST(device_latest, shows_the_last_value_of_every_field) {
    server_process server{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin = as_admin(server);
    api_client owner = as_new_user(server, "owner@example.com");
    create_device(admin, "Another's");
    const device_credentials device = create_device(owner, "Roof");
    api_client sender = as_device(server, device);
    const auto send = [&](const std::string& payload, const std::string& time) {
        ASSERT_EQ(sender
                      .send("POST", "/device/readings",
                            R"({"payload":)" + payload + R"(,"device_timestamp":")" + time + "\"}")
                      .status,
                  201);
    };
    send(R"({"m":{"t":1.50},"door":"open"})", "2026-01-15T12:00:00Z");
    send(R"({"m":{"t":2.50}})", "2026-01-15T12:05:00Z");
    send(R"({"m":{"t":99},"battery":null})", "2026-01-15T11:00:00Z"); // late

    const auto response = owner.get("/devices/latest");
    ASSERT_EQ(response.status, 200) << response.body;
    const auto rows = response.json().as_array();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].at("device_id").as_string(), device.id);
    EXPECT_EQ(rows[0].at("name").as_string(), "Roof");
    EXPECT_NE(response.body.find(
                  R"("fields":[{"field":"battery","value":null,"measured_at":"2026-01-15T11:00:00Z"},)"
                  R"({"field":"door","value":"open","measured_at":"2026-01-15T12:00:00Z"},)"
                  R"({"field":"m.t","value":2.50,"measured_at":"2026-01-15T12:05:00Z"}])"),
              std::string::npos)
        << response.body;

    send(R"({"m":{"t":3}})", "2026-01-15T12:06:00Z");
    EXPECT_NE(owner.get("/devices/latest").body.find(R"("field":"m.t","value":3,)"), std::string::npos);
    EXPECT_EQ(as_new_user(server, "other@example.com").get("/devices/latest").json().as_array().size(), 0U);
    EXPECT_GT(admin.get("/devices/latest").json().as_array().size(), 1U) << "an administrator sees all";
    const auto real = owner.get("/devices/latest?include_simulated=true").body;
    EXPECT_EQ(real.find("metrics.temperature_c"), std::string::npos)
        << "samples are not shown beside real readings";
    EXPECT_NE(real.find(R"("simulated":false,"never_heard":false)"), std::string::npos) << real;
    const auto fresh = admin.get("/devices/latest?include_simulated=true&q=Another").body;
    EXPECT_NE(fresh.find(R"("simulated":false,"never_heard":true)"), std::string::npos) << fresh;
    EXPECT_NE(fresh.find("metrics.temperature_c"), std::string::npos) << "samples are shown on request";
    EXPECT_EQ(admin.get("/devices/latest?q=Another").body.find("metrics.temperature_c"), std::string::npos);
    EXPECT_EQ(admin.get("/devices/latest?limit=1").json().as_array().size(), 1U);
    EXPECT_FALSE(admin.get("/devices/latest?limit=1").field("X-Next-Cursor").empty());
    EXPECT_EQ(admin.get("/devices/latest?limit=0").status, 422);
    EXPECT_EQ(api_client{server}.get("/devices/latest").status, 401);

    const auto before = owner.get("/devices/latest");
    ASSERT_EQ(server.stop(), 0);
    server.start();
    EXPECT_EQ((api_client{server, owner.token()}.get("/devices/latest").body), before.body);
}

} // namespace
} // namespace breakwater::test
