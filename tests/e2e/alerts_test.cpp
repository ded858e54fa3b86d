#include "support/e2e.hpp"
#include "support/live_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class alerts : public testing::Test {
protected:
    static json::object hot_rule() {
        return {{"name", "Hot"},  {"severity", "critical"}, {"kind", "field"},
                {"field", "v"},   {"test", "above"},        {"high", 30},
                {"hysteresis", 2}};
    }
    std::int64_t add_rule(json::object rule) {
        const auto created = admin_.post("/alert-rules", rule);
        EXPECT_EQ(created.status, 201) << created.body;
        return created.json().at("id").as_int64();
    }
    void upload(const device_credentials& device, double value) {
        ASSERT_EQ(as_device(server_, device).post("/device/readings", {{"payload", {{"v", value}}}}).status,
                  201);
    }
    /// The alert of the next event with this change; null if the connection ends.
    static json::value next_alert(live_client& client, std::string_view change) {
        const auto event = client.event(
            [&](const json::value& candidate) { return candidate.at("change").as_string() == change; });
        return event.is_null() ? json::value{} : event.at("alert");
    }
    std::string path_of(const json::value& alert) {
        return "/alerts/" + std::to_string(alert.at("id").as_int64());
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"TELEMETRY_SIMULATION_ENABLED", "false"}}}};
    api_client admin_ = as_admin(server_);
    api_client ada_ = as_new_user(server_, "ada@example.com");
    api_client bob_ = as_new_user(server_, "bob@example.com");
    device_credentials ada_device_ = create_device(ada_, "Ada's device");
};

TEST_F(alerts, are_raised_once_and_resolved_automatically_or_by_a_user) {
    add_rule(hot_rule());
    live_client listener{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    upload(ada_device_, 31);
    const auto raised = next_alert(listener, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(raised.at("state"), "open");
    EXPECT_EQ(raised.at("severity"), "critical");
    EXPECT_EQ(raised.at("device_id").as_string(), ada_device_.id);
    EXPECT_EQ(raised.at("summary"), "v is 31, above 30.");
    EXPECT_EQ(ada_.get(path_of(raised)).json(), raised) << "the API returns the same alert";
    EXPECT_EQ(ada_.get("/alerts/summary").json().at("critical"), 1);
    upload(ada_device_, 40);

    const auto acknowledged = ada_.post(path_of(raised) + "/acknowledge", {{"note", "On my way"}});
    ASSERT_EQ(acknowledged.status, 200) << acknowledged.body;
    EXPECT_EQ(acknowledged.json().at("acknowledged_by"), "ada@example.com");
    EXPECT_EQ(acknowledged.json().at("note"), "On my way");
    EXPECT_EQ(acknowledged.json().at("count"), 1) << "40 belongs to the same alert";
    EXPECT_EQ(ada_.post(path_of(raised) + "/acknowledge", json::object{}).status, 400);
    EXPECT_EQ(next_alert(listener, "updated").at("state"), "acknowledged");

    upload(ada_device_, 28);
    const auto resolved = next_alert(listener, "resolved");
    EXPECT_EQ(resolved.at("state"), "resolved");
    EXPECT_TRUE(resolved.at("resolved_by").is_null()) << "nobody resolved it";
    EXPECT_EQ(ada_.post(path_of(raised) + "/resolve", json::object{}).status, 400);
    upload(ada_device_, 32);
    const auto reopened = next_alert(listener, "updated");
    EXPECT_EQ(reopened.at("id"), raised.at("id")) << "the condition is back soon, so the alert reopens";
    EXPECT_EQ(reopened.at("count"), 2);
    ASSERT_EQ(ada_.post(path_of(raised) + "/resolve", json::object{}).status, 200);
    EXPECT_EQ(next_alert(listener, "resolved").at("resolved_by"), "ada@example.com");
    EXPECT_EQ(ada_.get("/alerts?state=live").json().as_array().size(), 0U);
    EXPECT_EQ(ada_.get("/alerts?state=resolved").json().as_array().size(), 1U);
    EXPECT_EQ(count_events(admin_, "alert_raise", "success"), 1);
    EXPECT_EQ(count_events(admin_, "alert_acknowledge", "success"), 1);
    EXPECT_EQ(count_events(admin_, "alert_resolve", "success"), 1);
}

TEST_F(alerts, are_visible_to_users_who_may_see_the_device) {
    add_rule(hot_rule());
    live_client ada{server_, alerts_greeting(ada_.token())};
    live_client bob{server_, alerts_greeting(bob_.token())};
    live_client admin{server_, alerts_greeting(admin_.token())};
    for (live_client* client : {&ada, &bob, &admin})
        ASSERT_EQ(client->next("subscribed").at("type"), "subscribed");
    const device_credentials bob_device = create_device(bob_, "Bob's device");
    upload(ada_device_, 31);
    const auto raised = next_alert(ada, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(next_alert(admin, "raised"), raised);
    upload(bob_device, 31);
    EXPECT_EQ(next_alert(bob, "raised").at("device_id").as_string(), bob_device.id)
        << "Bob gets no event for Ada's device";
    EXPECT_EQ(bob_.get("/alerts").json().as_array().size(), 1U);
    EXPECT_EQ(admin_.get("/alerts").json().as_array().size(), 2U);
    EXPECT_EQ(bob_.get(path_of(raised)).status, 403);
    EXPECT_EQ(bob_.post(path_of(raised) + "/resolve", json::object{}).status, 403);
    EXPECT_EQ(bob_.get("/alerts/999").status, 404);
    EXPECT_EQ(count_events(admin_, "device_forbidden", "denied"), 2);
}

// A new rule, a release and a resolution apply to the first reading after their response. Each test repeats
// this several times, because the rules are evaluated on another thread.

TEST_F(alerts, a_new_rule_applies_to_the_first_reading_after_its_creation) {
    const json::array default_rules = admin_.get("/alert-rules").json().as_array();
    for (const json::value& default_rule : default_rules)
        ASSERT_EQ(admin_.del("/alert-rules/" + std::to_string(default_rule.at("id").as_int64())).status, 204);
    live_client listener{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    api_client sender = as_device(server_, ada_device_);
    for (int round = 0; round < 10; ++round) {
        const std::int64_t rule = add_rule(hot_rule());
        ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
        const auto raised = next_alert(listener, "raised");
        ASSERT_FALSE(raised.is_null()) << round;
        EXPECT_EQ(raised.at("rule_id"), rule);
        // Without rules the server does not evaluate readings, so each round starts the evaluation again.
        ASSERT_EQ(admin_.del("/alert-rules/" + std::to_string(rule)).status, 204);
        ASSERT_FALSE(next_alert(listener, "resolved").is_null()) << round;
    }
}

TEST_F(alerts, rules_apply_to_the_first_reading_after_a_release) {
    add_rule(hot_rule());
    live_client listener{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    for (int round = 0; round < 10; ++round) {
        const device_credentials device = create_device(ada_, "Device " + std::to_string(round));
        ASSERT_EQ(ada_.put("/devices/" + device.id, {{"status", "blocked"}}).status, 200);
        ASSERT_EQ(ada_.put("/devices/" + device.id, {{"status", "active"}}).status, 200);
        upload(device, 31);
        const auto raised = next_alert(listener, "raised");
        ASSERT_FALSE(raised.is_null()) << round;
        EXPECT_EQ(raised.at("device_id").as_string(), device.id);
    }
}

TEST_F(alerts, the_first_reading_after_a_resolution_raises_a_new_alert) {
    add_rule(hot_rule());
    live_client listener{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    api_client sender = as_device(server_, ada_device_);
    ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    json::value raised = next_alert(listener, "raised");
    for (int round = 1; round <= 10; ++round) {
        ASSERT_FALSE(raised.is_null()) << round;
        EXPECT_EQ(raised.at("state"), "open");
        EXPECT_EQ(raised.at("count"), 1);
        ASSERT_EQ(ada_.post(path_of(raised) + "/resolve", json::object{}).status, 200);
        ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
        json::value next = next_alert(listener, "raised");
        ASSERT_FALSE(next.is_null()) << round;
        EXPECT_NE(next.at("id"), raised.at("id")) << "an alert that a user resolved stays resolved";
        raised = std::move(next);
    }
}

TEST_F(alerts, only_administrators_change_rules) {
    EXPECT_EQ(ada_.post("/alert-rules", hot_rule()).status, 403);
    const std::int64_t id = add_rule(hot_rule());
    const std::string path = "/alert-rules/" + std::to_string(id);
    EXPECT_EQ(ada_.get(path).json().at("high"), 30);
    EXPECT_EQ(ada_.put(path, hot_rule()).status, 403);
    EXPECT_EQ(ada_.del(path).status, 403);
    json::object changed = hot_rule();
    changed["enabled"] = false;
    EXPECT_EQ(admin_.put(path, changed).json().at("enabled"), false);
    EXPECT_EQ(admin_.del(path).status, 204);
    EXPECT_EQ(admin_.get(path).status, 404);
    EXPECT_EQ(admin_.put(path, changed).status, 404);
    EXPECT_EQ(count_events(admin_, "alert_rule_create", "success"), 1);
    EXPECT_EQ(count_events(admin_, "alert_rule_update", "success"), 1);
    EXPECT_EQ(count_events(admin_, "alert_rule_delete", "success"), 1);
}

TEST_F(alerts, an_invalid_rule_is_refused_with_the_name_of_the_field) {
    json::object rule = hot_rule();
    rule.erase("high");
    const auto refused = admin_.post("/alert-rules", rule);
    EXPECT_EQ(refused.status, 422);
    EXPECT_EQ(refused.json().at("errors").at(0).at("loc"), "body.high");
    rule = hot_rule();
    rule["hysteresis"] = -1;
    EXPECT_EQ(admin_.post("/alert-rules", rule).status, 422);
    rule = hot_rule();
    rule["device_id"] = "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11";
    EXPECT_EQ(admin_.post("/alert-rules", rule).status, 404);
    rule = {{"name", "x"}, {"severity", "info"}, {"kind", "field"}, {"field", "v"}, {"test", "changes_to"}};
    rule["value"] = json::array{1};
    EXPECT_EQ(admin_.post("/alert-rules", rule).status, 422);
    rule["value"] = "open";
    EXPECT_EQ(admin_.post("/alert-rules", rule).json().at("value"), "open");
}

TEST_F(alerts, deleting_a_rule_resolves_its_alerts) {
    const std::int64_t id = add_rule(hot_rule());
    live_client listener{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    upload(ada_device_, 31);
    ASSERT_FALSE(next_alert(listener, "raised").is_null());
    ASSERT_EQ(admin_.del("/alert-rules/" + std::to_string(id)).status, 204);
    EXPECT_EQ(next_alert(listener, "resolved").at("state"), "resolved");
    const auto remaining = ada_.get("/alerts").json();
    EXPECT_TRUE(remaining.at(0).at("rule_id").is_null());
    EXPECT_EQ(remaining.at(0).at("rule_name"), "Hot");
}

TEST_F(alerts, a_rule_quarantines_a_device_and_an_administrator_releases_it) {
    json::object rule = hot_rule();
    rule["quarantine"] = true;
    add_rule(std::move(rule));
    live_client listener{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    api_client device = as_device(server_, ada_device_);
    ASSERT_EQ(device.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    const auto raised = next_alert(listener, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(raised.at("quarantined"), true);
    EXPECT_EQ(device.post("/device/readings", {{"payload", {{"v", 20}}}}).status, 403);
    EXPECT_EQ(ada_.get("/devices/" + ada_device_.id).json().at("status"), "blocked");
    const auto log = admin_.get("/admin/security-events?event_type=device_block").json();
    EXPECT_EQ(log.at(0).at("actor_type"), "system");
    const auto refused = ada_.put("/devices/" + ada_device_.id, {{"status", "active"}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.json().at("detail").as_string().find("alert rule \"Hot\""), std::string::npos)
        << refused.body;
    const auto blocked = ada_.get("/devices/" + ada_device_.id).json();
    EXPECT_EQ(blocked.at("blocked_by_kind"), "rule");
    EXPECT_EQ(blocked.at("blocked_alert_id"), raised.at("id"));
    EXPECT_EQ(blocked.at("blocked_reason"), "v is 31, above 30.");
    EXPECT_EQ(blocked.at("may_release"), false);
    ASSERT_EQ(admin_.put("/devices/" + ada_device_.id, {{"status", "active"}}).status, 200);
    EXPECT_EQ(device.post("/device/readings", {{"payload", {{"v", 20}}}}).status, 401)
        << "old tokens stay invalid";
    upload(ada_device_, 20);
    EXPECT_EQ(next_alert(listener, "resolved").at("id"), raised.at("id"));
}

TEST_F(alerts, report_refused_sign_ins_and_replayed_tokens_to_administrators) {
    live_client admin{server_, alerts_greeting(admin_.token())};
    live_client ada{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(admin.next("subscribed").at("type"), "subscribed");
    api_client anyone{server_};
    for (int i = 0; i < 10; ++i) // the account allows five; the rest are throttled and count too
        EXPECT_GE(
            anyone.post("/auth/login", {{"email", "ada@example.com"}, {"password", "wrong wrong"}}).status,
            401);
    const auto guessing = next_alert(admin, "raised");
    ASSERT_FALSE(guessing.is_null());
    EXPECT_EQ(guessing.at("kind"), "security");
    EXPECT_EQ(guessing.at("subject"), "127.0.0.1");
    EXPECT_TRUE(guessing.at("device_id").is_null());
    EXPECT_EQ(ada_.get(path_of(guessing)).status, 403);
    EXPECT_EQ(ada_.get("/alerts").json().as_array().size(), 0U);

    const token_pair pair = sign_in(server_, "bob@example.com", user_password);
    const auto next = anyone.post("/auth/refresh", {{"refresh_token", pair.refresh}}).text("/refresh_token");
    EXPECT_EQ(anyone.post("/auth/refresh", {{"refresh_token", next}}).status, 200);
    EXPECT_EQ(anyone.post("/auth/refresh", {{"refresh_token", pair.refresh}}).status, 401);
    const auto replay = next_alert(admin, "raised");
    ASSERT_FALSE(replay.is_null());
    EXPECT_EQ(replay.at("severity"), "critical");
    EXPECT_EQ(replay.at("rule_name"), "Refresh token used twice");
}

TEST_F(alerts, report_forged_tokens_and_ignore_simulated_events) {
    live_client admin{server_, alerts_greeting(admin_.token())};
    ASSERT_EQ(admin.next("subscribed").at("type"), "subscribed");
    for (int i = 0; i < 3; ++i)
        ASSERT_EQ(admin_.post("/admin/security-events/simulate", {{"scenario", "jwt_invalid"}}).status, 201);
    api_client forger{server_, "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."};
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(forger.get("/devices").status, 401);
    const auto raised = next_alert(admin, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(raised.at("rule_name"), "Forged tokens from one address");
    EXPECT_EQ(raised.at("count"), 20);
}

TEST_F(alerts, a_rule_quarantines_a_device_that_floods) {
    const auto rules = admin_.get("/alert-rules").json();
    json::object flood;
    for (const json::value& rule : rules.as_array())
        if (rule.at("incident") == "device_flood")
            flood = rule.as_object();
    ASSERT_FALSE(flood.empty()) << "it is one of the default rules";
    flood["quarantine"] = true;
    flood["count"] = 5;
    ASSERT_EQ(admin_.put("/alert-rules/" + std::to_string(flood.at("id").as_int64()), flood).status, 200);
    ASSERT_EQ(admin_.put("/devices/" + ada_device_.id + "/policy", {{"min_interval_ms", 3'600'000}}).status,
              200);
    live_client ada{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(ada.next("subscribed").at("type"), "subscribed");
    api_client device = as_device(server_, ada_device_);
    const json::value reading = {{"payload", {{"v", 1}}}};
    // Enough for the unchanged rule too, because the change is loaded on another thread.
    for (int i = 0; i < 150; ++i)
        device.post("/device/readings", reading);
    const auto raised = next_alert(ada, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(raised.at("device_id").as_string(), ada_device_.id);
    EXPECT_EQ(raised.at("quarantined"), true);
    EXPECT_EQ(device.post("/device/readings", reading).status, 403);
}

TEST_F(alerts, survive_a_restart_and_resolve_afterwards) {
    add_rule(hot_rule());
    std::int64_t id = 0;
    {
        live_client listener{server_, alerts_greeting(ada_.token())};
        ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
        upload(ada_device_, 31);
        id = next_alert(listener, "raised").at("id").as_int64();
    }
    EXPECT_EQ(server_.stop(), 0);
    server_.start();
    ada_ = api_client{server_, sign_in(server_, "ada@example.com", user_password).access};
    live_client listener{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    upload(ada_device_, 33);
    upload(ada_device_, 20);
    const auto resolved = next_alert(listener, "resolved");
    ASSERT_FALSE(resolved.is_null());
    EXPECT_EQ(resolved.at("id"), id);
    EXPECT_EQ(resolved.at("count"), 1) << "33 did not count again";
}

} // namespace
} // namespace breakwater::test
