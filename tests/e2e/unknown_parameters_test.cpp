#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

TEST(unknown_parameters, are_refused_on_every_route_with_a_list_of_the_known_ones) {
    server_process server;
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    api_client anonymous{server};
    const std::string readings = "/devices/" + device.id + "/readings";
    for (const std::string& path :
         {std::string{"/devices"}, std::string{"/devices/latest"}, "/devices/" + device.id, readings,
          readings + "/meta", readings + "/series?field=a", readings + ".csv",
          std::string{"/readings.ndjson"}, std::string{"/alerts"}, std::string{"/alerts/summary"},
          std::string{"/alert-rules"}, std::string{"/webhooks"}, std::string{"/webhooks/deliveries"},
          std::string{"/admin/security-events"}, std::string{"/admin/users"}, std::string{"/healthz"},
          std::string{"/openapi.json"}}) {
        const auto refused = admin.get(path + (path.contains('?') ? "&" : "?") + "limt=1");
        EXPECT_EQ(refused.status, 422) << path << ": " << refused.body;
        EXPECT_EQ(refused.text("/errors/0/loc"), "query.limt") << path;
    }
    const auto listing = admin.get(readings + "?limt=1");
    EXPECT_NE(listing.text("/detail").find("limit, since, until, include_simulated, cursor"),
              std::string::npos)
        << listing.body;
    EXPECT_EQ(admin.send("POST", "/devices?dry_run=true", R"({"name":"Roof","category":"ip_camera"})").status,
              422)
        << "a refused request must not create a device";
    EXPECT_EQ(admin.get("/devices").json().as_array().size(), 1U);

    // An unauthenticated caller gets no list of parameters; pages of the web client accept any parameter.
    EXPECT_EQ(anonymous.get(readings + "?limt=1").status, 401);
    EXPECT_EQ(anonymous.get("/?tab=alerts").status, 200);
    EXPECT_EQ(anonymous.get("/docs?x=1").status, 200);
}

} // namespace
} // namespace breakwater::test
