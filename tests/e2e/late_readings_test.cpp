#include "support/e2e.hpp"
#include "support/live_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// How alert rules evaluate late readings, in single uploads and in batches.
class late_readings : public testing::Test {
protected:
    late_readings() {
        EXPECT_EQ(listener_.next("subscribed").at("type"), "subscribed");
        add_hot_rule(admin_, {{"quarantine", true}});
    }
    /// A reading that was measured this long ago.
    json::object measured(std::chrono::seconds ago, json::object payload) const {
        return {{"payload", std::move(payload)}, {"device_timestamp", time_of(start_ - ago)}};
    }
    void upload(const json::value& body) {
        const auto response = sender_.post("/device/readings", body);
        ASSERT_EQ(response.status, 201) << response.body;
    }
    void upload_batch(const json::array& body) {
        const auto response = sender_.send("POST", "/device/readings/batch", json::serialize(body));
        ASSERT_EQ(response.status, 200) << response.body;
        ASSERT_EQ(response.number("/accepted"), static_cast<std::int64_t>(body.size())) << response.body;
    }
    /// The next alert event: the change and the alert. Empty if the connection ended.
    std::pair<std::string, json::object> next_change() {
        const auto event = listener_.event([](const json::value&) { return true; });
        if (event.is_null())
            return {};
        return {std::string{event.at("change").as_string()}, event.at("alert").as_object()};
    }
    /// Uploads a marker reading and expects its alert as the next event. All earlier readings were evaluated
    /// by then.
    void expect_no_event_before_a_marker() {
        upload({{"payload", {{"jam_detected", true}}}});
        const auto [change, alert] = next_change();
        EXPECT_EQ(change, "raised");
        EXPECT_EQ(alert.at("subject"), "jam_detected");
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"TELEMETRY_SIMULATION_ENABLED", "false"}}}};
    api_client admin_ = as_admin(server_);
    api_client ada_ = as_new_user(server_, "ada@example.com");
    device_credentials lock_ = create_device(ada_, "Front door", "smart_lock");
    api_client sender_ = as_device(server_, lock_);
    live_client listener_{server_, alerts_greeting(ada_.token())};
    const std::chrono::system_clock::time_point start_ = std::chrono::system_clock::now();
};

TEST_F(late_readings, the_newest_reading_of_a_batch_decides) {
    upload_batch({measured(7s, {{"jam_detected", false}}), measured(3s, {{"jam_detected", true}})});
    const auto [change, alert] = next_change();
    ASSERT_EQ(change, "raised");
    EXPECT_EQ(alert.at("subject"), "jam_detected");
    EXPECT_EQ(alert.at("state"), "open");
    EXPECT_EQ(alert.at("late"), false);
    EXPECT_EQ(alert.at("raised_at").as_string(), time_of(start_ - 3s)) << "the time of measurement";
    upload_batch({measured(2s, {{"jam_detected", true}}), measured(1s, {{"jam_detected", false}})});
    EXPECT_EQ(next_change().first, "resolved");
    EXPECT_FALSE(ada_.get("/devices/" + lock_.id).json().at("last_reading_at").is_null());
}

TEST_F(late_readings, a_single_one_raises_only_a_late_alert_and_resolves_nothing) {
    upload({{"payload", {{"v", 1}}}});
    upload(measured(600s, {{"v", 50}}));
    const auto [change, alert] = next_change();
    EXPECT_EQ(change, "raised");
    EXPECT_EQ(alert.at("late"), true);
    EXPECT_EQ(alert.at("state"), "resolved") << "it had ended before it was reported";
    EXPECT_EQ(alert.at("raised_at").as_string(), time_of(start_ - 600s));
    EXPECT_EQ(alert.at("resolved_at").as_string(), time_of(start_ - 600s));
    EXPECT_EQ(alert.at("quarantined"), false) << "a past condition does not block the device";
    EXPECT_EQ(ada_.get("/alerts/summary").json().at("open"), 0);

    upload({{"payload", {{"jam_detected", true}}}});
    ASSERT_EQ(next_change().first, "raised");
    upload(measured(300s, {{"jam_detected", false}}));
    upload({{"payload", {{"jam_detected", false}}}});
    const auto [last_change, resolved] = next_change();
    EXPECT_EQ(last_change, "resolved");
    const std::size_t seconds = std::string_view{"2026-01-15T12:00:00"}.size();
    EXPECT_GE(std::string{resolved.at("resolved_at").as_string()}.substr(0, seconds),
              time_of(start_).substr(0, seconds))
        << "the newest reading resolves it";
}

TEST_F(late_readings, a_past_period_above_the_limit_is_one_late_alert_with_its_times) {
    upload({{"payload", {{"v", 1}}}});
    json::array backlog;
    for (int i = 0; i < 100; ++i) // a minute each; too hot from 40 to 59
        backlog.push_back(
            measured(std::chrono::seconds{60 * (200 - i)}, {{"v", i >= 40 && i < 60 ? 31 : 20}}));
    upload_batch(backlog);
    const auto [change, alert] = next_change();
    EXPECT_EQ(change, "raised");
    EXPECT_EQ(alert.at("late"), true);
    EXPECT_EQ(alert.at("count"), 1);
    EXPECT_EQ(alert.at("raised_at").as_string(), time_of(start_ - 60s * 160));
    EXPECT_EQ(alert.at("resolved_at").as_string(), time_of(start_ - 60s * 140));
    expect_no_event_before_a_marker();
}

TEST_F(late_readings, every_reading_of_a_batch_is_evaluated_if_there_is_no_minimum_interval) {
    upload_batch(
        {json::object{{"payload", {{"jam_detected", true}}}}, json::object{{"payload", {{"v", 1}}}}});
    const auto [change, alert] = next_change();
    EXPECT_EQ(change, "raised");
    EXPECT_EQ(alert.at("subject"), "jam_detected");
}

TEST_F(late_readings, a_restart_keeps_the_time_of_the_deciding_reading) {
    upload({{"payload", {{"jam_detected", true}}}});
    ASSERT_EQ(next_change().first, "raised");
    EXPECT_EQ(server_.stop(), 0);
    server_.start();
    sender_ = as_device(server_, lock_);
    upload(measured(300s, {{"jam_detected", false}}));
    ada_ = api_client{server_, sign_in(server_, "ada@example.com", user_password).access};
    live_client after{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(after.next("subscribed").at("type"), "subscribed");
    upload({{"payload", {{"jam_detected", false}}}});
    const auto event = after.event([](const json::value&) { return true; });
    ASSERT_FALSE(event.is_null());
    EXPECT_GE(std::string{event.at("alert").at("resolved_at").as_string()}, time_of(start_));
}

TEST_F(late_readings, a_hold_period_continues_after_a_restart) {
    add_hot_rule(
        admin_, {{"name", "Warm for a while"}, {"severity", "warning"}, {"field", "w"}, {"hold_seconds", 3}});
    upload({{"payload", {{"w", 31}}}});
    EXPECT_EQ(server_.stop(), 0);
    server_.start();
    ada_ = api_client{server_, sign_in(server_, "ada@example.com", user_password).access};
    live_client after{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(after.next("subscribed").at("type"), "subscribed");
    // The alert may have been raised before the client subscribed.
    json::array alerts = ada_.get("/alerts").json().as_array();
    if (alerts.empty()) {
        const auto event = after.event([](const json::value&) { return true; });
        ASSERT_FALSE(event.is_null());
        alerts.push_back(event.at("alert"));
    }
    EXPECT_EQ(alerts.at(0).at("summary"), "w is 31, above 30, and has been for 3s.");
}

} // namespace
} // namespace breakwater::test
