#include "support/e2e.hpp"
#include "support/live_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class containment : public testing::Test {
protected:
    server_process server_{
        {.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}, {"DEVICE_BCRYPT_COST", "4"}}}};
    api_client admin_ = as_admin(server_);
    api_client owner_ = as_new_user(server_, "owner@example.com");
    device_credentials device_ = create_device(owner_, "Roof");
    const std::string path_ = "/devices/" + device_.id;
};

TEST_F(containment, an_owner_cannot_release_a_device_that_an_administrator_blocked) {
    ASSERT_EQ(admin_.put(path_, {{"status", "blocked"}, {"reason", "It floods the network."}}).status, 200);
    const auto refused = owner_.put(path_, {{"status", "active"}});
    EXPECT_EQ(refused.status, 403);
    const std::string detail{refused.json().at("detail").as_string()};
    EXPECT_NE(detail.find("an administrator"), std::string::npos) << detail;
    EXPECT_NE(detail.find("It floods the network."), std::string::npos) << detail;
    EXPECT_EQ(detail.find("admin@example.com"), std::string::npos)
        << "owners do not see the address of an administrator";
    EXPECT_EQ(owner_.post(path_ + "/deactivate").status, 200);
    EXPECT_EQ(owner_.put(path_, {{"status", "blocked"}}).status, 200);
    EXPECT_EQ(owner_.post(path_ + "/rotate-secret").status, 200);
    EXPECT_EQ(owner_.put(path_, {{"category", "smart_lock"}, {"status", "active"}}).status, 403);
    EXPECT_EQ(owner_.get(path_).json().at("category"), "weather_station") << "the whole update is refused";
    const auto blocked_device = owner_.get(path_).json();
    EXPECT_EQ(blocked_device.at("status"), "blocked");
    EXPECT_EQ(blocked_device.at("blocked_by"), "an administrator");
    EXPECT_EQ(blocked_device.at("blocked_by_kind"), "administrator");
    EXPECT_EQ(blocked_device.at("may_release"), false);
    EXPECT_EQ(admin_.get(path_).json().at("blocked_by"), "admin@example.com");
    EXPECT_EQ(count_events(admin_, "device_update", "denied"), 1) << "the repeat is counted in the same row";
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    EXPECT_EQ((api_client{server_, owner_.token()}.put(path_, {{"status", "active"}}).status), 403);
    ASSERT_EQ((api_client{server_, admin_.token()}.put(path_, {{"status", "active"}}).status), 200);
    EXPECT_TRUE((api_client{server_, owner_.token()}.get(path_).json().at("blocked_by").is_null()));
}

TEST_F(containment, an_owner_releases_a_device_that_they_blocked) {
    ASSERT_EQ(owner_.post(path_ + "/deactivate").status, 200);
    const auto blocked_device = owner_.get(path_).json();
    EXPECT_EQ(blocked_device.at("blocked_by"), "owner@example.com");
    EXPECT_EQ(blocked_device.at("may_release"), true);
    EXPECT_EQ(owner_.put(path_, {{"status", "active"}}).status, 200);
}

TEST_F(containment, a_rule_blocks_again_after_every_release) {
    add_hot_rule(admin_, {{"quarantine", true}, {"owner_may_release", true}});
    live_client listener{server_,
                         {{"type", "hello"},
                          {"token", owner_.token()},
                          {"subscriptions", json::array{{{"id", "a"}, {"all", true}}}}}};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    for (int round = 0; round < 20; ++round) {
        ASSERT_EQ(as_device(server_, device_).post("/device/readings", {{"payload", {{"v", 31}}}}).status,
                  201);
        const auto blocked = listener.event([](const json::value& event) {
            return event.at("type") == "device" && event.at("status") == "blocked";
        });
        ASSERT_FALSE(blocked.is_null()) << round;
        ASSERT_EQ(owner_.put(path_, {{"status", "active"}}).status, 200) << "the rule permits it";
    }
}

TEST_F(containment, a_disabled_account_has_no_sessions_and_its_devices_keep_working) {
    const token_pair pair = sign_in(server_, "owner@example.com", user_password);
    const std::int64_t id = admin_.get("/admin/users").json().at(1).at("id").as_int64();
    const std::string account = "/admin/users/" + std::to_string(id);
    api_client sender = as_device(server_, device_);
    live_client listener{server_,
                         {{"type", "hello"},
                          {"token", owner_.token()},
                          {"subscriptions", json::array{{{"id", "a"}, {"all", true}}}}}};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    const auto disabled = admin_.put(account, {{"disabled", true}});
    ASSERT_EQ(disabled.status, 200) << disabled.body;
    EXPECT_EQ(disabled.json().at("disabled"), true);
    EXPECT_EQ(owner_.get("/devices").status, 401);
    EXPECT_GT(listener.end(), 0) << "the live connection ends";
    api_client anyone{server_};
    EXPECT_EQ(anyone.post("/auth/refresh", {{"refresh_token", pair.refresh}}).status, 401);
    const auto wrong_password =
        anyone.post("/auth/login", {{"email", "owner@example.com"}, {"password", "wrong wrong"}});
    EXPECT_EQ(wrong_password.status, 401);
    EXPECT_EQ(wrong_password.body.find("disabled"), std::string::npos);
    const auto right_password =
        anyone.post("/auth/login", {{"email", "owner@example.com"}, {"password", user_password}});
    EXPECT_EQ(right_password.status, 403);
    EXPECT_NE(right_password.body.find("disabled"), std::string::npos);
    EXPECT_EQ(sender.post("/device/readings", {{"payload", {{"v", 1}}}}).status, 201);
    EXPECT_EQ(device_token(server_, device_).empty(), false);
    EXPECT_EQ(admin_.put("/admin/users/1", {{"disabled", true}}).status, 400) << "one's own account";
    ASSERT_EQ(admin_.put(account, {{"disabled", false}}).status, 200);
    EXPECT_FALSE(sign_in(server_, "owner@example.com", user_password).access.empty());

    ASSERT_EQ(server_.stop(), 0);
    const environment variables = test_environment(server_.folder());
    const auto command = run_program({"user", "disable", "owner@example.com"}, server_.folder(), variables);
    EXPECT_EQ(command.exit_code, 0) << command.err;
    EXPECT_EQ(run_program({"user", "disable", "admin@example.com"}, server_.folder(), variables).exit_code, 1)
        << "the last administrator";
    EXPECT_NE(run_program({"user", "list"}, server_.folder(), variables).out.find("disabled"),
              std::string::npos);
    EXPECT_EQ(run_program({"user", "enable", "owner@example.com"}, server_.folder(), variables).exit_code, 0);
}

TEST_F(containment, administrators_keep_the_alerts_of_a_deleted_device) {
    add_hot_rule(admin_);
    live_client listener{server_, alerts_greeting(admin_.token())};
    ASSERT_EQ(listener.next("subscribed").at("type"), "subscribed");
    ASSERT_EQ(as_device(server_, device_).post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    const auto raised =
        listener.event([](const json::value& event) { return event.at("change") == "raised"; });
    ASSERT_FALSE(raised.is_null());
    const std::string alert = "/alerts/" + std::to_string(raised.at("alert").at("id").as_int64());
    ASSERT_EQ(owner_.del(path_).status, 200);
    const auto resolved =
        listener.event([](const json::value& event) { return event.at("change") == "resolved"; });
    ASSERT_FALSE(resolved.is_null()) << "the event is sent although the device is deleted";
    const auto alert_response = admin_.get(alert);
    ASSERT_EQ(alert_response.status, 200) << alert_response.body;
    EXPECT_EQ(alert_response.json().at("device_name"), "Roof");
    EXPECT_EQ(alert_response.json().at("device_deleted"), true);
    EXPECT_EQ(alert_response.json().at("state"), "resolved");
    EXPECT_EQ(admin_.get("/alerts?device_id=" + device_.id).json().as_array().size(), 1U);
    EXPECT_EQ(owner_.get(alert).status, 404);
    EXPECT_TRUE(owner_.get("/alerts").json().as_array().empty());
}

} // namespace
} // namespace breakwater::test
