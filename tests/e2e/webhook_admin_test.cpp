#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class webhook_admin : public testing::Test {
protected:
    static constexpr std::string_view url = "https://hooks.example/in?token=quite-secret";

    http_response add(std::string_view name = "Ops", std::string_view where = url) {
        return admin_.post("/webhooks", {{"name", name}, {"url", where}, {"enabled", false}});
    }
    static json::value whole(std::string_view where, bool enabled) {
        return {{"name", "On call"}, {"url", where}, {"min_severity", "critical"}, {"enabled", enabled}};
    }

    server_process server_;
    api_client admin_ = as_admin(server_);
};

TEST_F(webhook_admin, is_made_listed_changed_and_deleted_and_shows_its_secret_once) {
    const auto made = add();
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.text("/secret").size(), 50U) << "whsec_ and 32 bytes in base64";
    EXPECT_TRUE(made.text("/secret").starts_with("whsec_"));
    EXPECT_EQ(made.text("/min_severity"), "warning");
    const auto listed = admin_.get("/webhooks");
    ASSERT_EQ(listed.json().as_array().size(), 1U);
    json::value expected = made.json();
    expected.as_object().erase("secret");
    EXPECT_EQ(listed.json().as_array().front(), expected);
    EXPECT_EQ(listed.body.find(made.text("/secret")), std::string::npos);

    const std::string path = "/webhooks/" + std::to_string(made.number("/id"));
    const auto changed = admin_.put(path, whole("https://other.example/", true));
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.text("/name"), "On call");
    EXPECT_EQ(changed.text("/min_severity"), "critical");
    EXPECT_EQ(changed.text("/created_at"), made.text("/created_at"));
    EXPECT_FALSE(changed.has("secret"));
    EXPECT_NE(add().text("/secret"), made.text("/secret"));

    EXPECT_EQ(admin_.del(path).status, 204);
    EXPECT_EQ(admin_.del(path).status, 404);
    EXPECT_EQ(admin_.put(path, whole(url, true)).status, 404);
    EXPECT_EQ(admin_.post(path + "/test").status, 404);
    EXPECT_EQ(admin_.post("/webhooks/deliveries/99/retry").status, 404);
}

TEST_F(webhook_admin, is_for_administrators_alone) {
    ASSERT_EQ(add().status, 201);
    api_client user = as_new_user(server_, "ada@example.com");
    const json::value body = {{"name", "Mine"}, {"url", url}};
    api_client nobody{server_};
    for (const auto& [asker, status] : {std::pair{&user, 403}, std::pair{&nobody, 401}}) {
        EXPECT_EQ(asker->get("/webhooks").status, status);
        EXPECT_EQ(asker->post("/webhooks", body).status, status);
        EXPECT_EQ(asker->put("/webhooks/1", whole(url, true)).status, status);
        EXPECT_EQ(asker->del("/webhooks/1").status, status);
        EXPECT_EQ(asker->post("/webhooks/1/test").status, status);
        EXPECT_EQ(asker->get("/webhooks/deliveries").status, status);
        EXPECT_EQ(asker->post("/webhooks/deliveries/1/retry").status, status);
    }
    EXPECT_EQ(admin_.get("/webhooks").json().as_array().size(), 1U);
}

TEST_F(webhook_admin, refuses_urls_that_lead_astray) {
    for (const std::string_view bad :
         {"", "hooks.example", "ftp://hooks.example/", "http://hooks.example/",
          "https://user:pw@hooks.example/", "https://hooks.example/#x", "https://hooks.example:0/",
          R"(https://hooks.example\@127.0.0.1/)", "http://127.0.0.1/", "javascript:alert(1)"}) {
        EXPECT_EQ(add("Ops", bad).status, 422) << bad;
    }
    EXPECT_EQ(add("", url).status, 422);
    EXPECT_EQ(add(std::string(101, 'x'), url).status, 422);
    EXPECT_EQ(add("Ops", "https://hooks.example/" + std::string(2000, 'x')).status, 422);
    EXPECT_TRUE(admin_.get("/webhooks").json().as_array().empty());
    const std::string path = "/webhooks/" + std::to_string(add().number("/id"));
    EXPECT_EQ(admin_.put(path, whole("http://127.0.0.1/", true)).status, 422);
}

TEST_F(webhook_admin, is_on_record_without_what_may_be_a_secret) {
    const auto made = add();
    const std::string path = "/webhooks/" + std::to_string(made.number("/id"));
    ASSERT_EQ(admin_.put(path, whole(url, false)).status, 200);
    EXPECT_EQ(admin_.post(path + "/test").status, 400) << "it is disabled";
    ASSERT_EQ(admin_.del(path).status, 204);
    EXPECT_EQ(count_events(admin_, "webhook_create", "success"), 1);
    EXPECT_EQ(count_events(admin_, "webhook_update", "success"), 1);
    EXPECT_EQ(count_events(admin_, "webhook_update", "denied"), 1);
    EXPECT_EQ(count_events(admin_, "webhook_delete", "success"), 1);
    const auto events = admin_.get("/admin/security-events?limit=500").body;
    EXPECT_NE(events.find("https://hooks.example,"), std::string::npos);
    EXPECT_EQ(events.find("quite-secret"), std::string::npos);
    EXPECT_EQ(events.find(made.text("/secret")), std::string::npos);
    EXPECT_EQ(server_.output().find("quite-secret"), std::string::npos);
}

TEST_F(webhook_admin, gives_up_what_waits_for_one_that_is_disabled) {
    // The address leads nowhere: what is in line stays there, or is dead already; after this all of it is.
    const auto made = admin_.post("/webhooks", {{"name", "Ops"}, {"url", "https://localhost:1/"}});
    const std::string path = "/webhooks/" + std::to_string(made.number("/id"));
    for (int n = 0; n < 5; ++n)
        ASSERT_EQ(admin_.post(path + "/test").status, 202);
    ASSERT_EQ(admin_.put(path, whole("https://localhost:1/", false)).status, 200);
    const auto dead = admin_.get("/webhooks/deliveries?state=dead&limit=2");
    ASSERT_EQ(dead.json().as_array().size(), 2U);
    const std::string cursor = dead.field("X-Next-Cursor");
    ASSERT_FALSE(cursor.empty());
    const auto more = admin_.get("/webhooks/deliveries?state=dead&limit=3&cursor=" + cursor);
    EXPECT_EQ(more.json().as_array().size(), 3U);
    EXPECT_TRUE(more.field("X-Next-Cursor").empty());
    EXPECT_EQ(admin_.get("/webhooks/deliveries?cursor=ZTox").status, 422) << "that is one of the audit log's";
    EXPECT_TRUE(admin_.get("/webhooks/deliveries?state=pending").json().as_array().empty());
    EXPECT_EQ(admin_.get("/webhooks/deliveries?webhook_id=99").json().as_array().size(), 0U);
    const std::int64_t id = more.number("/0/id");
    EXPECT_EQ(admin_.post("/webhooks/deliveries/" + std::to_string(id) + "/retry").status, 400);
}

} // namespace
} // namespace breakwater::test
