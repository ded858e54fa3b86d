#include "support/e2e.hpp"
#include "support/live_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class cli_alert : public testing::Test {
protected:
    program_result run(const std::vector<std::string>& arguments, std::string_view input = {}) {
        return run_program(arguments, server_.folder(), test_environment(server_.folder()), input);
    }
    json::array list(std::vector<std::string> arguments) {
        arguments.emplace_back("--json");
        const auto listed = run(arguments);
        EXPECT_EQ(listed.exit_code, 0) << listed.err;
        return json::parse(listed.out).as_array();
    }
    /// Starts the server, raises an alert with a reading of a new device and stops the server again.
    void raise_alert() {
        server_.start();
        api_client admin = as_admin(server_);
        const device_credentials device = create_device(admin);
        {
            live_client listener{server_, alerts_greeting(admin.token())};
            ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
            ASSERT_EQ(as_device(server_, device).post("/device/readings", {{"payload", {{"v", 31}}}}).status,
                      201);
            ASSERT_FALSE(listener.event([](const json::value&) { return true; }).is_null());
        }
        server_.stop();
    }
    static constexpr std::string_view hot =
        R"({"name": "Hot", "severity": "critical", "kind": "field", "field": "v", "test": "above", "high": 30})";

    server_process server_;
};

TEST_F(cli_alert, rules_are_created_disabled_enabled_and_deleted) {
    ASSERT_EQ(server_.stop(), 0);
    const std::size_t before = list({"rule", "list"}).size();
    const auto created = run({"rule", "create", "-"}, hot);
    ASSERT_EQ(created.exit_code, 0) << created.err;
    const std::string id = std::to_string(std::stol(created.out));
    EXPECT_EQ(list({"rule", "list"}).size(), before + 1);
    EXPECT_EQ(run({"rule", "disable", id}).exit_code, 0);
    EXPECT_EQ(list({"rule", "list"}).back().at("enabled"), false);
    EXPECT_EQ(run({"rule", "enable", id}).exit_code, 0);
    EXPECT_EQ(list({"rule", "list"}).back().at("enabled"), true);
    EXPECT_NE(run({"rule", "list"}).out.find("Hot"), std::string::npos);
    EXPECT_EQ(run({"rule", "delete", id}).exit_code, 0);
    EXPECT_EQ(list({"rule", "list"}).size(), before);
    const auto again = run({"rule", "delete", id});
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_NE(again.err.find("Alert rule not found."), std::string::npos);
}

TEST_F(cli_alert, an_invalid_rule_is_refused_with_the_name_of_the_field) {
    ASSERT_EQ(server_.stop(), 0);
    const auto refused =
        run({"rule", "create", "-"}, R"({"name": "x", "severity": "info", "kind": "silence"})");
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("intervals"), std::string::npos) << refused.err;
    EXPECT_EQ(run({"rule", "create", "nowhere.json"}).exit_code, 2);
}

TEST_F(cli_alert, alerts_are_listed_acknowledged_resolved_and_audited) {
    ASSERT_EQ(server_.stop(), 0);
    ASSERT_EQ(run({"rule", "create", "-"}, hot).exit_code, 0);
    raise_alert();
    const auto open = list({"alert", "list", "--severity", "critical"});
    ASSERT_EQ(open.size(), 1U);
    const std::string id = std::to_string(open[0].at("id").as_int64());
    EXPECT_EQ(run({"alert", "acknowledge", id, "--note", "On my way"}).exit_code, 0);
    EXPECT_EQ(run({"alert", "acknowledge", id}).exit_code, 1);
    EXPECT_EQ(run({"alert", "resolve", id}).exit_code, 0);
    EXPECT_EQ(list({"alert", "list"}).size(), 0U);
    const auto resolved = list({"alert", "list", "--state", "resolved"});
    ASSERT_EQ(resolved.size(), 1U);
    EXPECT_EQ(resolved[0].at("note"), "On my way");
    EXPECT_EQ(resolved[0].at("resolved_by"), "the server's shell");
    server_.start();
    api_client admin = as_admin(server_);
    const auto log = admin.get("/admin/security-events?event_type=alert_resolve&actor_type=system").json();
    EXPECT_EQ(log.as_array().size(), 1U);
}

TEST_F(cli_alert, the_list_shows_which_alerts_are_late) {
    ASSERT_EQ(server_.stop(), 0);
    ASSERT_EQ(run({"rule", "create", "-"}, hot).exit_code, 0);
    raise_alert();
    server_.start();
    api_client admin = as_admin(server_);
    const device_credentials device = create_device(admin, "Attic");
    {
        live_client listener{server_, alerts_greeting(admin.token())};
        ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
        const auto measured_at = std::chrono::system_clock::now() - std::chrono::hours{2};
        ASSERT_EQ(as_device(server_, device)
                      .post("/device/readings",
                            {{"payload", {{"v", 31}}}, {"device_timestamp", time_of(measured_at)}})
                      .status,
                  201);
        ASSERT_FALSE(listener.event([](const json::value&) { return true; }).is_null());
    }
    server_.stop();
    const auto row = [&](const std::string& state) {
        const std::string table = run({"alert", "list", "--state", state, "--severity", "critical"}).out;
        EXPECT_NE(table.find(" LATE "), std::string::npos) << table;
        return table.substr(table.find('\n'));
    };
    EXPECT_NE(row("open").find(" no "), std::string::npos);
    EXPECT_NE(row("resolved").find(" yes "), std::string::npos);
    EXPECT_EQ(list({"alert", "list", "--state", "resolved", "--severity", "critical"}).at(0).at("late"),
              true);
}

TEST_F(cli_alert, changes_need_a_stopped_server_and_lists_do_not) {
    EXPECT_EQ(run({"rule", "list"}).exit_code, 0);
    EXPECT_EQ(run({"alert", "list"}).exit_code, 0);
    EXPECT_EQ(run({"rule", "create", "-"}, hot).exit_code, 1);
}

} // namespace
} // namespace breakwater::test
