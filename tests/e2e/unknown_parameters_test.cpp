#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

TEST(unknown_parameters, are_refused_on_every_route_and_the_known_are_named) {
    server_process server;
    api_client admin = as_admin(server);
    const made_device device = create_device(admin);
    api_client anyone{server};
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
    const auto named = admin.get(readings + "?limt=1");
    EXPECT_NE(named.text("/detail").find("limit, since, until, include_simulated, cursor"), std::string::npos)
        << named.body;
    EXPECT_EQ(admin.send("POST", "/devices?dry_run=true", R"({"name":"Roof","category":"ip_camera"})").status,
              422)
        << "nothing is made by a call that is misunderstood";
    EXPECT_EQ(admin.get("/devices").json().as_array().size(), 1U);

    // A stranger learns nothing of a route's parameters, and the web client's own addresses may carry any.
    EXPECT_EQ(anyone.get(readings + "?limt=1").status, 401);
    EXPECT_EQ(anyone.get("/?tab=alerts").status, 200);
    EXPECT_EQ(anyone.get("/docs?x=1").status, 200);
}

} // namespace
} // namespace breakwater::test
