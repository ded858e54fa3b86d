#include "support/e2e.hpp"
#include "support/live_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

/// What alert rules make of readings that come late, whatever door they come by.
class late_readings : public testing::Test {
protected:
    late_readings() {
        EXPECT_EQ(watching_.next("subscribed").at("type"), "subscribed");
        add_hot_rule(admin_, {{"quarantine", true}});
    }
    /// A reading that was measured so long ago.
    json::object measured(std::chrono::seconds ago, json::object payload) const {
        return {{"payload", std::move(payload)}, {"device_timestamp", time_of(start_ - ago)}};
    }
    void upload(const json::value& body) {
        const auto answer = sender_.post("/device/readings", body);
        ASSERT_EQ(answer.status, 201) << answer.body;
    }
    void upload_batch(const json::array& body) {
        const auto answer = sender_.send("POST", "/device/readings/batch", json::serialize(body));
        ASSERT_EQ(answer.status, 200) << answer.body;
        ASSERT_EQ(answer.number("/accepted"), static_cast<std::int64_t>(body.size())) << answer.body;
    }
    /// What was told next of an alert: how it changed, and the alert.
    std::pair<std::string, json::object> told() {
        const auto event = watching_.event([](const json::value&) { return true; });
        if (event.is_null())
            return {};
        return {std::string{event.at("change").as_string()}, event.at("alert").as_object()};
    }
    /// Something that happens only after all that was sent before was looked at.
    void expect_nothing_more_before_a_marker() {
        upload({{"payload", {{"jam_detected", true}}}});
        const auto [change, alert] = told();
        EXPECT_EQ(change, "raised");
        EXPECT_EQ(alert.at("subject"), "jam_detected");
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"},
                                          {"DEVICE_BCRYPT_COST", "4"},
                                          {"TELEMETRY_SIMULATION_ENABLED", "false"}}}};
    api_client admin_ = as_admin(server_);
    api_client ada_ = as_new_user(server_, "ada@example.com");
    made_device lock_ = create_device(ada_, "Front door", "smart_lock");
    api_client sender_ = as_device(server_, lock_);
    live_client watching_{server_, alerts_greeting(ada_.token())};
    const std::chrono::system_clock::time_point start_ = std::chrono::system_clock::now();
};

TEST_F(late_readings, a_gateways_batch_raises_what_its_newest_reading_says) {
    upload_batch({measured(7s, {{"jam_detected", false}}), measured(3s, {{"jam_detected", true}})});
    const auto [change, alert] = told();
    ASSERT_EQ(change, "raised");
    EXPECT_EQ(alert.at("subject"), "jam_detected");
    EXPECT_EQ(alert.at("state"), "open");
    EXPECT_EQ(alert.at("late"), false);
    EXPECT_EQ(alert.at("raised_at").as_string(), time_of(start_ - 3s)) << "when it was measured";
    upload_batch({measured(2s, {{"jam_detected", true}}), measured(1s, {{"jam_detected", false}})});
    EXPECT_EQ(told().first, "resolved");
    EXPECT_FALSE(ada_.get("/devices/" + lock_.id).json().at("last_reading_at").is_null());
}

TEST_F(late_readings, one_that_comes_alone_neither_raises_as_if_now_nor_ends_what_goes_on) {
    upload({{"payload", {{"v", 1}}}});
    upload(measured(600s, {{"v", 50}}));
    const auto [change, alert] = told();
    EXPECT_EQ(change, "raised");
    EXPECT_EQ(alert.at("late"), true);
    EXPECT_EQ(alert.at("state"), "resolved") << "it was over when it was told";
    EXPECT_EQ(alert.at("raised_at").as_string(), time_of(start_ - 600s));
    EXPECT_EQ(alert.at("resolved_at").as_string(), time_of(start_ - 600s));
    EXPECT_EQ(alert.at("quarantined"), false) << "what was is no reason to block anybody now";
    EXPECT_EQ(ada_.get("/alerts/summary").json().at("open"), 0);

    upload({{"payload", {{"jam_detected", true}}}});
    ASSERT_EQ(told().first, "raised");
    upload(measured(300s, {{"jam_detected", false}}));
    upload({{"payload", {{"jam_detected", false}}}});
    const auto [over, ended] = told();
    EXPECT_EQ(over, "resolved");
    const std::size_t seconds = std::string_view{"2026-01-15T12:00:00"}.size();
    EXPECT_GE(std::string{ended.at("resolved_at").as_string()}.substr(0, seconds),
              time_of(start_).substr(0, seconds))
        << "by the newest one";
}

TEST_F(late_readings, what_held_for_a_while_before_is_one_late_alert_with_its_times) {
    upload({{"payload", {{"v", 1}}}});
    json::array backlog;
    for (int i = 0; i < 100; ++i) // a minute each; too hot from 40 to 59
        backlog.push_back(
            measured(std::chrono::seconds{60 * (200 - i)}, {{"v", i >= 40 && i < 60 ? 31 : 20}}));
    upload_batch(backlog);
    const auto [change, alert] = told();
    EXPECT_EQ(change, "raised");
    EXPECT_EQ(alert.at("late"), true);
    EXPECT_EQ(alert.at("count"), 1);
    EXPECT_EQ(alert.at("raised_at").as_string(), time_of(start_ - 60s * 160));
    EXPECT_EQ(alert.at("resolved_at").as_string(), time_of(start_ - 60s * 140));
    expect_nothing_more_before_a_marker();
}

TEST_F(late_readings, every_reading_of_a_batch_is_watched_where_there_is_no_least_interval) {
    upload_batch(
        {json::object{{"payload", {{"jam_detected", true}}}}, json::object{{"payload", {{"v", 1}}}}});
    const auto [change, alert] = told();
    EXPECT_EQ(change, "raised");
    EXPECT_EQ(alert.at("subject"), "jam_detected");
}

TEST_F(late_readings, a_restart_forgets_not_what_decided) {
    upload({{"payload", {{"jam_detected", true}}}});
    ASSERT_EQ(told().first, "raised");
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

TEST_F(late_readings, time_alone_raises_what_held_before_a_restart) {
    add_hot_rule(
        admin_, {{"name", "Warm for a while"}, {"severity", "warning"}, {"field", "w"}, {"hold_seconds", 3}});
    upload({{"payload", {{"w", 31}}}});
    EXPECT_EQ(server_.stop(), 0);
    server_.start();
    ada_ = api_client{server_, sign_in(server_, "ada@example.com", user_password).access};
    live_client after{server_, alerts_greeting(ada_.token())};
    ASSERT_EQ(after.next("subscribed").at("type"), "subscribed");
    // It may have been raised before anybody listened.
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
