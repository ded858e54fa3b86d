#include "support/e2e.hpp"
#include "support/live_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class policies : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);
    api_client owner_ = as_new_user(server_, "owner@example.com");
    device_credentials device_ = create_device(owner_, "Roof");
    api_client sender_ = as_device(server_, device_);

    http_response send(const std::string& payload = R"({"t":1})") {
        return sender_.send("POST", "/device/readings", R"({"payload":)" + payload + "}");
    }
    http_response put(const std::string& path, const std::string& body) {
        return admin_.send("PUT", path, body);
    }
};

TEST_F(policies, refusals_name_the_limit_that_was_hit) {
    ASSERT_EQ(send().status, 201);
    const auto too_soon = send();
    EXPECT_EQ(too_soon.status, 429);
    EXPECT_EQ(too_soon.field("Retry-After"), "1");
    EXPECT_EQ(too_soon.field("RateLimit-Policy"), R"("readings";q=1;w=1)");
    EXPECT_EQ(too_soon.field("RateLimit"), R"("readings";r=0;t=1)");
    EXPECT_EQ(too_soon.json().at("limit"),
              json::parse(R"({"name":"readings","quota":1,"left":0,"window_seconds":1,"retry_after":1})"));
    const auto too_large = send("{\"x\":\"" + std::string(3000, 'x') + "\"}");
    EXPECT_EQ(too_large.status, 413);
    EXPECT_EQ(too_large.json().at("limit").at("name").as_string(), "payload_bytes");
    EXPECT_EQ(too_large.json().at("limit").at("quota").as_int64(), 2048);
    EXPECT_TRUE(too_large.field("RateLimit").empty()) << "a size limit is not a rate limit";
    const auto body_too_large = sender_.send("POST", "/device/readings", std::string((1U << 20) + 1, ' '));
    EXPECT_EQ(body_too_large.status, 413);
    EXPECT_EQ(body_too_large.json().at("limit").at("name").as_string(), "body_bytes");
    for (int i = 0; i < 6; ++i)
        (void)api_client{server_}.post(
            "/auth/login", json::object{{"email", "owner@example.com"}, {"password", "wrong password"}});
    const auto throttled = api_client{server_}.post(
        "/auth/login", json::object{{"email", "owner@example.com"}, {"password", "wrong password"}});
    ASSERT_EQ(throttled.status, 429) << throttled.body;
    EXPECT_EQ(throttled.json().at("limit").at("name").as_string(), "failed_attempts");
    EXPECT_FALSE(throttled.field("RateLimit").empty());

    const auto policy = owner_.get("/devices/" + device_.id + "/policy");
    ASSERT_EQ(policy.status, 200) << policy.body;
    EXPECT_EQ(
        policy.json().at("refused"),
        json::parse(
            R"({"too_large":1,"too_soon":1,"backfill_limited":0,"malformed":0,"blocked":0,"overloaded":0})"));
    const auto metrics = api_client{server_}.get("/metrics").body;
    EXPECT_NE(metrics.find("breakwater_device_refused_readings_total{device=\"" + device_.id +
                           "\",reason=\"too_soon\"} 1"),
              std::string::npos);
}

TEST_F(policies, of_categories_and_devices_take_effect_at_once_and_persist) {
    const std::string device_policy = "/devices/" + device_.id + "/policy";
    ASSERT_EQ(
        put("/admin/policies/weather_station", R"({"min_interval_ms":0,"payload_limit_bytes":10})").status,
        200);
    EXPECT_EQ(send().status, 201);
    EXPECT_EQ(send().status, 201);
    EXPECT_EQ(send(R"({"much":"longer"})").status, 413);
    const auto updated = put(device_policy, R"({"payload_limit_bytes":100,"keep_readings_days":7})");
    ASSERT_EQ(updated.status, 200) << updated.body;
    EXPECT_EQ(updated.json().at("effective"),
              json::parse(R"({"min_interval_ms":0,"payload_limit_bytes":100,"backfill_per_second":100,)"
                          R"("backfill_burst":10000,"keep_readings_days":7,"keep_rollups_days":0})"));
    EXPECT_EQ(updated.json().at("decided").at("min_interval_ms"), json::value(nullptr));
    EXPECT_EQ(send(R"({"much":"longer"})").status, 201);

    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    admin_ = api_client{server_, admin_.token()};
    owner_ = api_client{server_, owner_.token()};
    EXPECT_EQ(owner_.get(device_policy).json().at("effective").at("payload_limit_bytes").as_int64(), 100);
    EXPECT_EQ(put(device_policy, "{}").json().at("effective").at("payload_limit_bytes").as_int64(), 10);
    EXPECT_EQ(put("/admin/policies/weather_station", "{}")
                  .json()
                  .at("effective")
                  .at("payload_limit_bytes")
                  .as_int64(),
              2048);
    EXPECT_EQ(count_events(admin_, "policy_update", "success"), 4);
    EXPECT_EQ(admin_.get("/admin/policies").json().as_array().size(), 5U);
}

TEST_F(policies, determine_the_expected_interval_of_a_device) {
    const auto expected_interval = [&](const std::string& id) {
        const auto expected = owner_.get("/devices/" + id).json().at("expected_interval_seconds");
        for (const char* list : {"/devices", "/devices/latest"}) {
            const json::array rows = owner_.get(list).json().as_array();
            for (const json::value& row : rows) {
                const auto& members = row.as_object();
                if ((members.contains("id") ? members.at("id") : members.at("device_id")).as_string() == id) {
                    EXPECT_EQ(row.at("expected_interval_seconds"), expected) << list;
                }
            }
        }
        return expected.as_int64();
    };
    const device_credentials other = create_device(owner_, "Mast");
    const device_credentials camera = create_device(owner_, "Eye", "ip_camera");
    EXPECT_EQ(expected_interval(device_.id), 45) << "the longest interval of its category";
    live_client live{server_,
                     {{"type", "hello"},
                      {"token", owner_.token()},
                      {"subscriptions", json::array{{{"id", "x"}, {"all", true}}}}}};
    live.next("subscribed");
    const auto next_update = [&] {
        const auto event = live.event([](const json::value& entry) { return entry.at("type") == "device"; });
        EXPECT_EQ(event.at("change"), "updated");
        return std::pair{std::string{event.at("device_id").as_string()},
                         event.at("expected_interval_seconds").as_int64()};
    };
    const std::string device_policy = "/devices/" + device_.id + "/policy";
    const std::string category_policy = "/admin/policies/weather_station";
    ASSERT_EQ(put(device_policy, R"({"min_interval_ms":600000})").status, 200);
    EXPECT_EQ(next_update(), (std::pair{device_.id, std::int64_t{600}}));
    EXPECT_EQ(expected_interval(device_.id), 600);
    EXPECT_EQ(expected_interval(other.id), 45);
    ASSERT_EQ(put(category_policy, R"({"min_interval_ms":120001})").status, 200);
    EXPECT_EQ(next_update(), (std::pair{other.id, std::int64_t{121}}))
        << "only the device without its own interval changes";
    EXPECT_EQ(expected_interval(other.id), 121);
    EXPECT_EQ(expected_interval(device_.id), 600) << "the policy of the device has precedence";
    ASSERT_EQ(put(device_policy, R"({"keep_readings_days":7})").status, 200);
    EXPECT_EQ(next_update(), (std::pair{device_.id, std::int64_t{121}}));
    ASSERT_EQ(put(category_policy, R"({"min_interval_ms":120001,"keep_readings_days":7})").status, 200);
    ASSERT_EQ(put("/admin/policies/ip_camera", R"({"min_interval_ms":3600000})").status, 200);
    EXPECT_EQ(next_update(), (std::pair{camera.id, std::int64_t{3600}}))
        << "the intervals of the other devices did not change";
    ASSERT_EQ(owner_.put("/devices/" + camera.id, {{"category", "weather_station"}}).status, 200);
    EXPECT_EQ(next_update(), (std::pair{camera.id, std::int64_t{121}}))
        << "the policy of the new category applies";
}

TEST_F(policies, of_the_server_determine_the_expected_interval) {
    ASSERT_EQ(server_.stop(), 0);
    server_process slow{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "90.5"}}}};
    api_client owner = as_new_user(slow, "owner@example.com");
    const device_credentials device = create_device(owner, "Mast");
    EXPECT_EQ(owner.get("/devices/" + device.id).json().at("expected_interval_seconds"), 91);
}

TEST_F(policies, are_changed_only_by_administrators) {
    const std::string device_policy = "/devices/" + device_.id + "/policy";
    EXPECT_EQ(owner_.send("PUT", device_policy, "{}").status, 403);
    EXPECT_EQ(owner_.send("PUT", "/admin/policies/ip_camera", "{}").status, 403);
    EXPECT_EQ(owner_.get("/admin/policies").status, 403);
    EXPECT_EQ(as_new_user(server_, "other@example.com").get(device_policy).status, 403);
    EXPECT_EQ(put(device_policy, R"({"min_interval_ms":-1})").status, 422);
    EXPECT_EQ(put(device_policy, R"({"keep_readings_days":1.5})").status, 422);
    EXPECT_EQ(put("/admin/policies/toaster", "{}").status, 404);
    EXPECT_EQ(put("/devices/0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11/policy", R"({"min_interval_ms":1})").status,
              404);
    EXPECT_EQ(put("/devices/0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11/policy", "{}").status, 404);
    EXPECT_EQ(owner_.del("/devices/" + device_.id).status, 200);
    EXPECT_EQ(put(device_policy, R"({"min_interval_ms":1})").status, 404);
}

} // namespace
} // namespace breakwater::test
