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
    made_device device_ = create_device(owner_, "Roof");
    const std::string path_ = "/devices/" + device_.id;
};

TEST_F(containment, an_administrator_s_block_is_not_the_owner_s_to_lift) {
    ASSERT_EQ(admin_.put(path_, {{"status", "blocked"}, {"reason", "It floods the network."}}).status, 200);
    const auto refused = owner_.put(path_, {{"status", "active"}});
    EXPECT_EQ(refused.status, 403);
    const std::string detail{refused.json().at("detail").as_string()};
    EXPECT_NE(detail.find("an administrator"), std::string::npos) << detail;
    EXPECT_NE(detail.find("It floods the network."), std::string::npos) << detail;
    EXPECT_EQ(detail.find("admin@example.com"), std::string::npos)
        << "an owner knows no administrator's address";
    EXPECT_EQ(owner_.post(path_ + "/deactivate").status, 200);
    EXPECT_EQ(owner_.put(path_, {{"status", "blocked"}}).status, 200);
    EXPECT_EQ(owner_.post(path_ + "/rotate-secret").status, 200);
    EXPECT_EQ(owner_.put(path_, {{"category", "smart_lock"}, {"status", "active"}}).status, 403);
    EXPECT_EQ(owner_.get(path_).json().at("category"), "weather_station") << "all of it is refused";
    const auto seen = owner_.get(path_).json();
    EXPECT_EQ(seen.at("status"), "blocked");
    EXPECT_EQ(seen.at("blocked_by"), "an administrator");
    EXPECT_EQ(seen.at("blocked_by_kind"), "administrator");
    EXPECT_EQ(seen.at("may_release"), false);
    EXPECT_EQ(admin_.get(path_).json().at("blocked_by"), "admin@example.com");
    EXPECT_EQ(count_events(admin_, "device_update", "denied"), 1) << "and the repeat is counted";
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    EXPECT_EQ((api_client{server_, owner_.token()}.put(path_, {{"status", "active"}}).status), 403);
    ASSERT_EQ((api_client{server_, admin_.token()}.put(path_, {{"status", "active"}}).status), 200);
    EXPECT_TRUE((api_client{server_, owner_.token()}.get(path_).json().at("blocked_by").is_null()));
}

TEST_F(containment, an_owner_lifts_his_own_block) {
    ASSERT_EQ(owner_.post(path_ + "/deactivate").status, 200);
    const auto seen = owner_.get(path_).json();
    EXPECT_EQ(seen.at("blocked_by"), "owner@example.com");
    EXPECT_EQ(seen.at("may_release"), true);
    EXPECT_EQ(owner_.put(path_, {{"status", "active"}}).status, 200);
}

TEST_F(containment, a_rule_blocks_again_after_every_release) {
    add_hot_rule(admin_, {{"quarantine", true}, {"owner_may_release", true}});
    live_client watching{server_,
                         {{"type", "hello"},
                          {"token", owner_.token()},
                          {"subscriptions", json::array{{{"id", "a"}, {"all", true}}}}}};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    for (int round = 0; round < 20; ++round) {
        ASSERT_EQ(as_device(server_, device_).post("/device/readings", {{"payload", {{"v", 31}}}}).status,
                  201);
        const auto blocked = watching.event([](const json::value& one) {
            return one.at("type") == "device" && one.at("status") == "blocked";
        });
        ASSERT_FALSE(blocked.is_null()) << round;
        ASSERT_EQ(owner_.put(path_, {{"status", "active"}}).status, 200) << "the rule says that he may";
    }
}

TEST_F(containment, a_disabled_account_has_no_sessions_and_its_devices_go_on) {
    const token_pair pair = sign_in(server_, "owner@example.com", user_password);
    const std::int64_t id = admin_.get("/admin/users").json().at(1).at("id").as_int64();
    const std::string account = "/admin/users/" + std::to_string(id);
    api_client sender = as_device(server_, device_);
    live_client watching{server_,
                         {{"type", "hello"},
                          {"token", owner_.token()},
                          {"subscriptions", json::array{{{"id", "a"}, {"all", true}}}}}};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    const auto off = admin_.put(account, {{"disabled", true}});
    ASSERT_EQ(off.status, 200) << off.body;
    EXPECT_EQ(off.json().at("disabled"), true);
    EXPECT_EQ(owner_.get("/devices").status, 401);
    EXPECT_GT(watching.end(), 0) << "the live connection ends";
    api_client anyone{server_};
    EXPECT_EQ(anyone.post("/auth/refresh", {{"refresh_token", pair.refresh}}).status, 401);
    const auto wrong =
        anyone.post("/auth/login", {{"email", "owner@example.com"}, {"password", "wrong wrong"}});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.body.find("disabled"), std::string::npos);
    const auto right =
        anyone.post("/auth/login", {{"email", "owner@example.com"}, {"password", user_password}});
    EXPECT_EQ(right.status, 403);
    EXPECT_NE(right.body.find("disabled"), std::string::npos);
    EXPECT_EQ(sender.post("/device/readings", {{"payload", {{"v", 1}}}}).status, 201);
    EXPECT_EQ(device_token(server_, device_).empty(), false);
    EXPECT_EQ(admin_.put("/admin/users/1", {{"disabled", true}}).status, 400) << "oneself";
    ASSERT_EQ(admin_.put(account, {{"disabled", false}}).status, 200);
    EXPECT_FALSE(sign_in(server_, "owner@example.com", user_password).access.empty());

    ASSERT_EQ(server_.stop(), 0);
    const environment variables = test_environment(server_.folder());
    const auto done = run_program({"user", "disable", "owner@example.com"}, server_.folder(), variables);
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(run_program({"user", "disable", "admin@example.com"}, server_.folder(), variables).exit_code, 1)
        << "the last administrator";
    EXPECT_NE(run_program({"user", "list"}, server_.folder(), variables).out.find("disabled"),
              std::string::npos);
    EXPECT_EQ(run_program({"user", "enable", "owner@example.com"}, server_.folder(), variables).exit_code, 0);
}

TEST_F(containment, the_alerts_of_a_deleted_device_stay_with_administrators) {
    add_hot_rule(admin_);
    live_client watching{server_, alerts_greeting(admin_.token())};
    ASSERT_EQ(watching.next("subscribed").at("type"), "subscribed");
    ASSERT_EQ(as_device(server_, device_).post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    const auto raised = watching.event([](const json::value& one) { return one.at("change") == "raised"; });
    ASSERT_FALSE(raised.is_null());
    const std::string alert = "/alerts/" + std::to_string(raised.at("alert").at("id").as_int64());
    ASSERT_EQ(owner_.del(path_).status, 200);
    const auto over = watching.event([](const json::value& one) { return one.at("change") == "resolved"; });
    ASSERT_FALSE(over.is_null()) << "it is told, though the device is gone";
    const auto kept = admin_.get(alert);
    ASSERT_EQ(kept.status, 200) << kept.body;
    EXPECT_EQ(kept.json().at("device_name"), "Roof");
    EXPECT_EQ(kept.json().at("device_deleted"), true);
    EXPECT_EQ(kept.json().at("state"), "resolved");
    EXPECT_EQ(admin_.get("/alerts?device_id=" + device_.id).json().as_array().size(), 1U);
    EXPECT_EQ(owner_.get(alert).status, 404);
    EXPECT_TRUE(owner_.get("/alerts").json().as_array().empty());
}

} // namespace
} // namespace breakwater::test
