#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class webhook_admin : public testing::Test {
protected:
    static constexpr std::string_view url = "https://hooks.example/in?token=quite-secret";

    http_response add(std::string_view name = "Ops", std::string_view target = url) {
        return admin_.post("/webhooks", {{"name", name}, {"url", target}, {"enabled", false}});
    }
    static json::value update_body(std::string_view target, bool enabled) {
        return {{"name", "On call"}, {"url", target}, {"min_severity", "critical"}, {"enabled", enabled}};
    }

    server_process server_;
    api_client admin_ = as_admin(server_);
};

TEST_F(webhook_admin, is_created_listed_changed_and_deleted_and_shows_its_secret_once) {
    const auto created = add();
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_EQ(created.text("/secret").size(), 50U) << "whsec_ and 32 bytes in base64";
    EXPECT_TRUE(created.text("/secret").starts_with("whsec_"));
    EXPECT_EQ(created.text("/min_severity"), "warning");
    const auto listed = admin_.get("/webhooks");
    ASSERT_EQ(listed.json().as_array().size(), 1U);
    json::value expected = created.json();
    expected.as_object().erase("secret");
    EXPECT_EQ(listed.json().as_array().front(), expected);
    EXPECT_EQ(listed.body.find(created.text("/secret")), std::string::npos);

    const std::string path = "/webhooks/" + std::to_string(created.number("/id"));
    const auto changed = admin_.put(path, update_body("https://other.example/", true));
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.text("/name"), "On call");
    EXPECT_EQ(changed.text("/min_severity"), "critical");
    EXPECT_EQ(changed.text("/created_at"), created.text("/created_at"));
    EXPECT_FALSE(changed.has("secret"));
    EXPECT_NE(add().text("/secret"), created.text("/secret"));

    EXPECT_EQ(admin_.del(path).status, 204);
    EXPECT_EQ(admin_.del(path).status, 404);
    EXPECT_EQ(admin_.put(path, update_body(url, true)).status, 404);
    EXPECT_EQ(admin_.post(path + "/test").status, 404);
    EXPECT_EQ(admin_.post("/webhooks/deliveries/99/retry").status, 404);
}

TEST_F(webhook_admin, is_for_administrators_only) {
    ASSERT_EQ(add().status, 201);
    api_client user = as_new_user(server_, "ada@example.com");
    const json::value body = {{"name", "Mine"}, {"url", url}};
    api_client anonymous{server_};
    for (const auto& [client, status] : {std::pair{&user, 403}, std::pair{&anonymous, 401}}) {
        EXPECT_EQ(client->get("/webhooks").status, status);
        EXPECT_EQ(client->post("/webhooks", body).status, status);
        EXPECT_EQ(client->put("/webhooks/1", update_body(url, true)).status, status);
        EXPECT_EQ(client->del("/webhooks/1").status, status);
        EXPECT_EQ(client->post("/webhooks/1/test").status, status);
        EXPECT_EQ(client->get("/webhooks/deliveries").status, status);
        EXPECT_EQ(client->post("/webhooks/deliveries/1/retry").status, status);
    }
    EXPECT_EQ(admin_.get("/webhooks").json().as_array().size(), 1U);
}

TEST_F(webhook_admin, refuses_invalid_urls) {
    for (const std::string_view invalid_url :
         {"", "hooks.example", "ftp://hooks.example/", "http://hooks.example/",
          "https://user:pw@hooks.example/", "https://hooks.example/#x", "https://hooks.example:0/",
          R"(https://hooks.example\@127.0.0.1/)", "http://127.0.0.1/", "javascript:alert(1)"}) {
        EXPECT_EQ(add("Ops", invalid_url).status, 422) << invalid_url;
    }
    EXPECT_EQ(add("", url).status, 422);
    EXPECT_EQ(add(std::string(101, 'x'), url).status, 422);
    EXPECT_EQ(add("Ops", "https://hooks.example/" + std::string(2000, 'x')).status, 422);
    EXPECT_TRUE(admin_.get("/webhooks").json().as_array().empty());
    const std::string path = "/webhooks/" + std::to_string(add().number("/id"));
    EXPECT_EQ(admin_.put(path, update_body("http://127.0.0.1/", true)).status, 422);
}

TEST_F(webhook_admin, is_recorded_without_secrets) {
    const auto created = add();
    const std::string path = "/webhooks/" + std::to_string(created.number("/id"));
    ASSERT_EQ(admin_.put(path, update_body(url, false)).status, 200);
    EXPECT_EQ(admin_.post(path + "/test").status, 400) << "the webhook is disabled";
    ASSERT_EQ(admin_.del(path).status, 204);
    EXPECT_EQ(count_events(admin_, "webhook_create", "success"), 1);
    EXPECT_EQ(count_events(admin_, "webhook_update", "success"), 1);
    EXPECT_EQ(count_events(admin_, "webhook_update", "denied"), 1);
    EXPECT_EQ(count_events(admin_, "webhook_delete", "success"), 1);
    const auto events = admin_.get("/admin/security-events?limit=500").body;
    EXPECT_NE(events.find("https://hooks.example,"), std::string::npos);
    EXPECT_EQ(events.find("quite-secret"), std::string::npos);
    EXPECT_EQ(events.find(created.text("/secret")), std::string::npos);
    EXPECT_EQ(server_.output().find("quite-secret"), std::string::npos);
}

TEST_F(webhook_admin, disabling_a_webhook_gives_up_its_pending_deliveries) {
    // Nothing listens at this address: each delivery is pending or already dead. The update makes all dead.
    const auto created = admin_.post("/webhooks", {{"name", "Ops"}, {"url", "https://localhost:1/"}});
    const std::string path = "/webhooks/" + std::to_string(created.number("/id"));
    for (int n = 0; n < 5; ++n)
        ASSERT_EQ(admin_.post(path + "/test").status, 202);
    ASSERT_EQ(admin_.put(path, update_body("https://localhost:1/", false)).status, 200);
    const auto dead = admin_.get("/webhooks/deliveries?state=dead&limit=2");
    ASSERT_EQ(dead.json().as_array().size(), 2U);
    const std::string cursor = dead.field("X-Next-Cursor");
    ASSERT_FALSE(cursor.empty());
    const auto next_page = admin_.get("/webhooks/deliveries?state=dead&limit=3&cursor=" + cursor);
    EXPECT_EQ(next_page.json().as_array().size(), 3U);
    EXPECT_TRUE(next_page.field("X-Next-Cursor").empty());
    EXPECT_EQ(admin_.get("/webhooks/deliveries?cursor=ZTox").status, 422)
        << "the cursor belongs to the audit log";
    EXPECT_TRUE(admin_.get("/webhooks/deliveries?state=pending").json().as_array().empty());
    EXPECT_EQ(admin_.get("/webhooks/deliveries?webhook_id=99").json().as_array().size(), 0U);
    const std::int64_t id = next_page.number("/0/id");
    EXPECT_EQ(admin_.post("/webhooks/deliveries/" + std::to_string(id) + "/retry").status, 400);
}

} // namespace
} // namespace breakwater::test
