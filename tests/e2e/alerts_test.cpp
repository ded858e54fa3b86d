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
        const auto made = admin_.post("/alert-rules", rule);
        EXPECT_EQ(made.status, 201) << made.body;
        return made.json().at("id").as_int64();
    }
    void say(const made_device& device, double value) {
        ASSERT_EQ(as_device(server_, device).post("/device/readings", {{"payload", {{"v", value}}}}).status,
                  201);
    }
    /// The alert, once it is told that it `change`d.
    static json::value told(live_client& by, std::string_view change) {
        const auto event =
            by.event([&](const json::value& one) { return one.at("change").as_string() == change; });
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
    made_device hers_ = create_device(ada_, "Hers");
};

TEST_F(alerts, one_is_raised_once_settled_by_a_person_and_over_by_itself) {
    add_rule(hot_rule());
    live_client watching{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    say(hers_, 31);
    const auto raised = told(watching, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(raised.at("state"), "open");
    EXPECT_EQ(raised.at("severity"), "critical");
    EXPECT_EQ(raised.at("device_id").as_string(), hers_.id);
    EXPECT_EQ(raised.at("summary"), "v is 31, above 30.");
    EXPECT_EQ(ada_.get(path_of(raised)).json(), raised) << "the same, asked for";
    EXPECT_EQ(ada_.get("/alerts/summary").json().at("critical"), 1);
    say(hers_, 40);

    const auto seen = ada_.post(path_of(raised) + "/acknowledge", {{"note", "On my way"}});
    ASSERT_EQ(seen.status, 200) << seen.body;
    EXPECT_EQ(seen.json().at("acknowledged_by"), "ada@example.com");
    EXPECT_EQ(seen.json().at("note"), "On my way");
    EXPECT_EQ(seen.json().at("count"), 1) << "40 is the same alert";
    EXPECT_EQ(ada_.post(path_of(raised) + "/acknowledge", json::object{}).status, 400);
    EXPECT_EQ(told(watching, "updated").at("state"), "acknowledged");

    say(hers_, 28);
    const auto over = told(watching, "resolved");
    EXPECT_EQ(over.at("state"), "resolved");
    EXPECT_TRUE(over.at("resolved_by").is_null()) << "by itself";
    EXPECT_EQ(ada_.post(path_of(raised) + "/resolve", json::object{}).status, 400);
    say(hers_, 32);
    const auto again = told(watching, "updated");
    EXPECT_EQ(again.at("id"), raised.at("id")) << "it is back soon, so it is the same";
    EXPECT_EQ(again.at("count"), 2);
    ASSERT_EQ(ada_.post(path_of(raised) + "/resolve", json::object{}).status, 200);
    EXPECT_EQ(told(watching, "resolved").at("resolved_by"), "ada@example.com");
    EXPECT_EQ(ada_.get("/alerts?state=live").json().as_array().size(), 0U);
    EXPECT_EQ(ada_.get("/alerts?state=resolved").json().as_array().size(), 1U);
    EXPECT_EQ(count_events(admin_, "alert_raise", "success"), 1);
    EXPECT_EQ(count_events(admin_, "alert_acknowledge", "success"), 1);
    EXPECT_EQ(count_events(admin_, "alert_resolve", "success"), 1);
}

TEST_F(alerts, are_for_those_who_may_see_the_device) {
    add_rule(hot_rule());
    live_client ada{server_, alerts_greeting(ada_.token())};
    live_client bob{server_, alerts_greeting(bob_.token())};
    live_client all{server_, alerts_greeting(admin_.token())};
    for (live_client* each : {&ada, &bob, &all})
        ASSERT_EQ(each->next("subscribed").at("type"), "subscribed");
    const made_device his = create_device(bob_, "His");
    say(hers_, 31);
    const auto raised = told(ada, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(told(all, "raised"), raised);
    say(his, 31);
    EXPECT_EQ(told(bob, "raised").at("device_id").as_string(), his.id) << "hers was not told";
    EXPECT_EQ(bob_.get("/alerts").json().as_array().size(), 1U);
    EXPECT_EQ(admin_.get("/alerts").json().as_array().size(), 2U);
    EXPECT_EQ(bob_.get(path_of(raised)).status, 403);
    EXPECT_EQ(bob_.post(path_of(raised) + "/resolve", json::object{}).status, 403);
    EXPECT_EQ(bob_.get("/alerts/999").status, 404);
    EXPECT_EQ(count_events(admin_, "device_forbidden", "denied"), 2);
}

// A rule, a release and a resolution hold from their answer on: the very next reading is judged by them. Each
// is tried several times, since the watching goes on in a thread of its own.

TEST_F(alerts, the_first_reading_after_a_rules_answer_is_judged_by_it) {
    const json::array made_for_us = admin_.get("/alert-rules").json().as_array();
    for (const json::value& each : made_for_us)
        ASSERT_EQ(admin_.del("/alert-rules/" + std::to_string(each.at("id").as_int64())).status, 204);
    live_client watching{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    api_client sender = as_device(server_, hers_);
    for (int round = 0; round < 10; ++round) {
        const std::int64_t rule = add_rule(hot_rule());
        ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
        const auto raised = told(watching, "raised");
        ASSERT_FALSE(raised.is_null()) << round;
        EXPECT_EQ(raised.at("rule_id"), rule);
        // Nobody listens to readings while there is no rule.
        ASSERT_EQ(admin_.del("/alert-rules/" + std::to_string(rule)).status, 204);
        ASSERT_FALSE(told(watching, "resolved").is_null()) << round;
    }
}

TEST_F(alerts, the_first_reading_after_a_release_is_judged) {
    add_rule(hot_rule());
    live_client watching{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    for (int round = 0; round < 10; ++round) {
        const made_device device = create_device(ada_, "Device " + std::to_string(round));
        ASSERT_EQ(ada_.put("/devices/" + device.id, {{"status", "blocked"}}).status, 200);
        ASSERT_EQ(ada_.put("/devices/" + device.id, {{"status", "active"}}).status, 200);
        say(device, 31);
        const auto raised = told(watching, "raised");
        ASSERT_FALSE(raised.is_null()) << round;
        EXPECT_EQ(raised.at("device_id").as_string(), device.id);
    }
}

TEST_F(alerts, the_first_reading_after_a_resolution_is_judged_anew) {
    add_rule(hot_rule());
    live_client watching{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    api_client sender = as_device(server_, hers_);
    ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    json::value raised = told(watching, "raised");
    for (int round = 1; round <= 10; ++round) {
        ASSERT_FALSE(raised.is_null()) << round;
        EXPECT_EQ(raised.at("state"), "open");
        EXPECT_EQ(raised.at("count"), 1);
        ASSERT_EQ(ada_.post(path_of(raised) + "/resolve", json::object{}).status, 200);
        ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
        json::value next = told(watching, "raised");
        ASSERT_FALSE(next.is_null()) << round;
        EXPECT_NE(next.at("id"), raised.at("id")) << "what a person resolved stays resolved";
        raised = std::move(next);
    }
}

TEST_F(alerts, rules_are_administrators_to_change) {
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

TEST_F(alerts, a_rule_that_can_not_be_meant_is_refused_with_what_is_missing) {
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

TEST_F(alerts, what_a_rule_raised_is_over_when_it_goes) {
    const std::int64_t id = add_rule(hot_rule());
    live_client watching{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    say(hers_, 31);
    ASSERT_FALSE(told(watching, "raised").is_null());
    ASSERT_EQ(admin_.del("/alert-rules/" + std::to_string(id)).status, 204);
    EXPECT_EQ(told(watching, "resolved").at("state"), "resolved");
    const auto left = ada_.get("/alerts").json();
    EXPECT_TRUE(left.at(0).at("rule_id").is_null());
    EXPECT_EQ(left.at(0).at("rule_name"), "Hot");
}

TEST_F(alerts, a_rule_may_quarantine_and_an_administrator_lets_the_device_in_again) {
    json::object rule = hot_rule();
    rule["quarantine"] = true;
    add_rule(std::move(rule));
    live_client watching{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    api_client device = as_device(server_, hers_);
    ASSERT_EQ(device.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    const auto raised = told(watching, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(raised.at("quarantined"), true);
    EXPECT_EQ(device.post("/device/readings", {{"payload", {{"v", 20}}}}).status, 403);
    EXPECT_EQ(ada_.get("/devices/" + hers_.id).json().at("status"), "blocked");
    const auto log = admin_.get("/admin/security-events?event_type=device_block").json();
    EXPECT_EQ(log.at(0).at("actor_type"), "system");
    const auto refused = ada_.put("/devices/" + hers_.id, {{"status", "active"}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.json().at("detail").as_string().find("alert rule \"Hot\""), std::string::npos)
        << refused.body;
    const auto blocked = ada_.get("/devices/" + hers_.id).json();
    EXPECT_EQ(blocked.at("blocked_by_kind"), "rule");
    EXPECT_EQ(blocked.at("blocked_alert_id"), raised.at("id"));
    EXPECT_EQ(blocked.at("blocked_reason"), "v is 31, above 30.");
    EXPECT_EQ(blocked.at("may_release"), false);
    ASSERT_EQ(admin_.put("/devices/" + hers_.id, {{"status", "active"}}).status, 200);
    EXPECT_EQ(device.post("/device/readings", {{"payload", {{"v", 20}}}}).status, 401)
        << "old tokens stay dead";
    say(hers_, 20);
    EXPECT_EQ(told(watching, "resolved").at("id"), raised.at("id"));
}

TEST_F(alerts, tell_administrators_of_refused_sign_ins_and_of_replayed_tokens) {
    live_client all{server_, alerts_greeting(admin_.token())};
    live_client ada{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(all.next("subscribed").at("type"), "subscribed");
    api_client anyone{server_};
    for (int i = 0; i < 10; ++i) // by account five are free; the rest are throttled, and count as well
        EXPECT_GE(
            anyone.post("/auth/login", {{"email", "ada@example.com"}, {"password", "wrong wrong"}}).status,
            401);
    const auto guessed = told(all, "raised");
    ASSERT_FALSE(guessed.is_null());
    EXPECT_EQ(guessed.at("kind"), "security");
    EXPECT_EQ(guessed.at("subject"), "127.0.0.1");
    EXPECT_TRUE(guessed.at("device_id").is_null());
    EXPECT_EQ(ada_.get(path_of(guessed)).status, 403);
    EXPECT_EQ(ada_.get("/alerts").json().as_array().size(), 0U);

    const token_pair pair = sign_in(server_, "bob@example.com", user_password);
    const auto next = anyone.post("/auth/refresh", {{"refresh_token", pair.refresh}}).text("/refresh_token");
    EXPECT_EQ(anyone.post("/auth/refresh", {{"refresh_token", next}}).status, 200);
    EXPECT_EQ(anyone.post("/auth/refresh", {{"refresh_token", pair.refresh}}).status, 401);
    const auto replayed = told(all, "raised");
    ASSERT_FALSE(replayed.is_null());
    EXPECT_EQ(replayed.at("severity"), "critical");
    EXPECT_EQ(replayed.at("rule_name"), "Refresh token used twice");
}

TEST_F(alerts, tell_of_forged_tokens_and_a_drill_is_no_incident) {
    live_client all{server_, alerts_greeting(admin_.token())};
    ASSERT_EQ(all.next("subscribed").at("type"), "subscribed");
    for (int i = 0; i < 3; ++i)
        ASSERT_EQ(admin_.post("/admin/security-events/simulate", {{"scenario", "jwt_invalid"}}).status, 201);
    api_client forger{server_, "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."};
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(forger.get("/devices").status, 401);
    const auto raised = told(all, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(raised.at("rule_name"), "Forged tokens from one address");
    EXPECT_EQ(raised.at("count"), 20);
}

TEST_F(alerts, a_flood_of_one_device_may_end_in_quarantine) {
    const auto rules = admin_.get("/alert-rules").json();
    json::object flood;
    for (const json::value& each : rules.as_array())
        if (each.at("incident") == "device_flood")
            flood = each.as_object();
    ASSERT_FALSE(flood.empty()) << "it is one of those to begin with";
    flood["quarantine"] = true;
    flood["count"] = 5;
    ASSERT_EQ(admin_.put("/alert-rules/" + std::to_string(flood.at("id").as_int64()), flood).status, 200);
    ASSERT_EQ(admin_.put("/devices/" + hers_.id + "/policy", {{"min_interval_ms", 3'600'000}}).status, 200);
    live_client ada{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(ada.next("subscribed").at("type"), "subscribed");
    api_client device = as_device(server_, hers_);
    const json::value reading = {{"payload", {{"v", 1}}}};
    // Enough for the rule as it was as well: the watching reads the changed one in its own time.
    for (int i = 0; i < 150; ++i)
        device.post("/device/readings", reading);
    const auto raised = told(ada, "raised");
    ASSERT_FALSE(raised.is_null());
    EXPECT_EQ(raised.at("device_id").as_string(), hers_.id);
    EXPECT_EQ(raised.at("quarantined"), true);
    EXPECT_EQ(device.post("/device/readings", reading).status, 403);
}

TEST_F(alerts, outlast_a_restart_and_are_over_afterwards) {
    add_rule(hot_rule());
    std::int64_t id = 0;
    {
        live_client watching{server_, alerts_greeting(ada_.token())};
        ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
        say(hers_, 31);
        id = told(watching, "raised").at("id").as_int64();
    }
    EXPECT_EQ(server_.stop(), 0);
    server_.start();
    ada_ = api_client{server_, sign_in(server_, "ada@example.com", user_password).access};
    live_client watching{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    say(hers_, 33);
    say(hers_, 20);
    const auto over = told(watching, "resolved");
    ASSERT_FALSE(over.is_null());
    EXPECT_EQ(over.at("id"), id);
    EXPECT_EQ(over.at("count"), 1) << "33 was no news";
}

} // namespace
} // namespace breakwater::test
