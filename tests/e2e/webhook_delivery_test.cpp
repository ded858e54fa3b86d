#include "support/e2e.hpp"
#include "support/http_receiver.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <atomic>

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// As a receiver works it out, by the specification of Standard Webhooks.
std::string signature_by(const std::string& secret, const received_request& came) {
    const std::string encoded = secret.substr(6); // behind whsec_
    std::array<unsigned char, 48> key{};
    EVP_DecodeBlock(key.data(), reinterpret_cast<const unsigned char*>(encoded.data()),
                    static_cast<int>(encoded.size()));
    const std::string text =
        came.field("webhook-id") + '.' + came.field("webhook-timestamp") + '.' + came.body;
    std::array<unsigned char, 32> made{};
    HMAC(EVP_sha256(), key.data(), 32, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         made.data(), nullptr);
    std::array<unsigned char, 45> base64{};
    EVP_EncodeBlock(base64.data(), made.data(), static_cast<int>(made.size()));
    return std::string{"v1,"} + reinterpret_cast<const char*>(base64.data());
}

/// The server runs here, and so does whoever is told.
class webhook_delivery : public testing::Test {
protected:
    struct made_webhook {
        std::int64_t id = 0;
        std::string secret;
    };
    made_webhook add(const std::string& url, std::string_view severity = "info") {
        const auto made =
            admin_.post("/webhooks", {{"name", "Ops"}, {"url", url}, {"min_severity", severity}});
        EXPECT_EQ(made.status, 201) << made.body;
        return {.id = made.number("/id"), .secret = made.text("/secret")};
    }
    std::int64_t send_test(const made_webhook& to) {
        const auto told = admin_.post("/webhooks/" + std::to_string(to.id) + "/test");
        EXPECT_EQ(told.status, 202) << told.body;
        return told.number("/delivery_id");
    }
    json::value delivery(std::int64_t id) {
        const auto all = admin_.get("/webhooks/deliveries?limit=500").json();
        for (const json::value& each : all.as_array())
            if (each.at("id") == id)
                return each;
        return nullptr;
    }
    /// Whether it holds within 20 s.
    template <class Condition>
    static bool becomes(Condition holds) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!holds()) {
            if (std::chrono::steady_clock::now() > patience)
                return false;
            std::this_thread::yield();
        }
        return true;
    }
    /// As it is once an attempt came to its end and was put down: that is after the receiver heard of it.
    json::value attempted(std::int64_t id) {
        json::value now = delivery(id);
        EXPECT_TRUE(becomes([&] {
            now = delivery(id);
            return now.at("attempts") != 0;
        }));
        return now;
    }

    server_process server_{{.variables = {{"WEBHOOK_LOCAL_HOSTS", R"(["127.0.0.1"])"}}}};
    api_client admin_ = as_admin(server_);
};

TEST_F(webhook_delivery, of_a_test_is_signed_and_numbered) {
    http_receiver there;
    const made_webhook hook = add(there.url("/hook?key=1"));
    const std::int64_t id = send_test(hook);
    ASSERT_TRUE(there.wait_for(1));
    const received_request came = there.requests().front();
    EXPECT_EQ(came.line, "POST /hook?key=1 HTTP/1.1");
    EXPECT_EQ(came.field("Content-Type"), "application/json");
    EXPECT_TRUE(came.field("User-Agent").starts_with("Breakwater/"));
    EXPECT_EQ(came.field("webhook-id"), std::to_string(id));
    EXPECT_EQ(came.field("webhook-signature"), signature_by(hook.secret, came));
    const json::value body = json::parse(came.body);
    EXPECT_EQ(body.at("type"), "test");
    EXPECT_EQ(body.at("webhook").at("name"), "Ops");

    const json::value now = attempted(id);
    EXPECT_EQ(now.at("state"), "delivered");
    EXPECT_EQ(now.at("attempts"), 1);
    EXPECT_EQ(now.at("last_status"), 204);
    EXPECT_TRUE(now.at("last_error").is_null());
    EXPECT_TRUE(now.at("next_attempt_at").is_null());
    EXPECT_EQ(now.at("event"), body);
    // Counted when it is put down, a moment after that can be read.
    EXPECT_TRUE(becomes([&] {
        return api_client{server_}
            .get("/metrics")
            .body.contains("breakwater_webhook_attempts_total{outcome=\"delivered\"} 1");
    }));
}

TEST_F(webhook_delivery, of_alerts_tells_when_they_are_raised_and_resolved) {
    http_receiver there;
    http_receiver critical_only;
    add(there.url());
    add(critical_only.url(), "critical");
    add_hot_rule(admin_, {{"severity", "warning"}});
    const made_device device = create_device(admin_, "Roof");
    api_client sender = as_device(server_, device);
    ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    ASSERT_TRUE(there.wait_for(1));
    const json::value raised = json::parse(there.requests().front().body);
    EXPECT_EQ(raised.at("type"), "alert");
    EXPECT_EQ(raised.at("change"), "raised");
    EXPECT_EQ(raised.at("alert").at("device_name"), "Roof");
    EXPECT_EQ(raised.at("alert").at("state"), "open");
    const std::string alert = "/alerts/" + std::to_string(raised.at("alert").at("id").as_int64());
    ASSERT_EQ(admin_.post(alert + "/acknowledge", json::object{}).status, 200);
    ASSERT_EQ(admin_.post(alert + "/resolve", {{"note", "Fan"}}).status, 200);
    ASSERT_TRUE(there.wait_for(2));
    const json::value resolved = json::parse(there.requests()[1].body);
    EXPECT_EQ(resolved.at("change"), "resolved") << "that somebody looks after it is no news";
    EXPECT_EQ(resolved.at("alert").at("note"), "Fan");
    EXPECT_EQ(critical_only.connections(), 0U);
}

TEST_F(webhook_delivery, that_fails_waits_for_another_attempt_and_outlasts_a_restart) {
    std::atomic<int> status{500};
    http_receiver there{[&](const received_request&) { return http_receiver::answer_of(status); }};
    const std::int64_t id = send_test(add(there.url()));
    const json::value now = attempted(id);
    EXPECT_EQ(now.at("state"), "pending");
    EXPECT_EQ(now.at("attempts"), 1);
    EXPECT_EQ(now.at("last_status"), 500);
    EXPECT_EQ(now.at("last_error"), "The receiver answered 500.");
    EXPECT_FALSE(now.at("next_attempt_at").is_null());
    EXPECT_EQ(admin_.post("/webhooks/deliveries/" + std::to_string(id) + "/retry").status, 400)
        << "it isn't dead";

    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    admin_ = as_admin(server_);
    const json::value later = delivery(id);
    EXPECT_EQ(later.at("state"), "pending");
    EXPECT_EQ(later.at("event"), now.at("event"));
    EXPECT_GE(later.at("attempts").as_int64(), 1);
}

TEST_F(webhook_delivery, follows_no_redirection) {
    http_receiver inside;
    http_receiver there{[&](const received_request&) {
        return http_receiver::answer_of(307, "Location: " + inside.url() + "\r\n");
    }};
    const json::value now = attempted(send_test(add(there.url())));
    EXPECT_EQ(now.at("state"), "pending");
    EXPECT_EQ(now.at("last_status"), 307);
    EXPECT_EQ(inside.connections(), 0U);
}

TEST_F(webhook_delivery, ends_where_the_receiver_is_gone) {
    http_receiver there{[](const received_request&) { return http_receiver::answer_of(410); }};
    http_receiver neighbour;
    const made_webhook hook = add(there.url());
    const made_webhook other = add(neighbour.url());
    const json::value now = attempted(send_test(hook));
    EXPECT_EQ(now.at("state"), "dead");
    EXPECT_EQ(now.at("last_status"), 410);
    const auto webhooks = admin_.get("/webhooks").json();
    EXPECT_EQ(webhooks.at(0).at("enabled"), false);
    EXPECT_EQ(webhooks.at(1).at("enabled"), true);
    EXPECT_EQ(admin_.post("/webhooks/" + std::to_string(hook.id) + "/test").status, 400);
    const std::string record = admin_.get("/admin/security-events?event_type=webhook_update").body;
    EXPECT_NE(record.find("410 (Gone)"), std::string::npos) << record;
    EXPECT_EQ(attempted(send_test(other)).at("state"), "delivered");
}

TEST_F(webhook_delivery, waits_as_long_as_the_receiver_asks_for) {
    http_receiver there{
        [](const received_request&) { return http_receiver::answer_of(503, "Retry-After: 3000\r\n"); }};
    const json::value now = attempted(send_test(add(there.url())));
    EXPECT_EQ(now.at("state"), "pending");
    EXPECT_GT(now.at("next_attempt_at").as_string().subview(0, 16),
              now.at("created_at").as_string().subview(0, 16))
        << "minutes, where the schedule has 10 s";
}

TEST_F(webhook_delivery, goes_nowhere_but_to_public_addresses_unless_told_so) {
    http_receiver there;
    const std::string inside = "https://localhost:" + std::to_string(there.port()) + "/";
    const made_webhook hook = add(inside);
    const std::int64_t id = send_test(hook);
    json::value now = attempted(id);
    EXPECT_EQ(now.at("state"), "dead");
    EXPECT_EQ(now.at("attempts"), 1);
    EXPECT_TRUE(now.at("last_status").is_null());
    EXPECT_NE(now.at("last_error").as_string().find("not a public one"), json::string::npos) << now;
    EXPECT_EQ(there.connections(), 0U);
    EXPECT_EQ(count_events(admin_, "webhook_dead_letter", "error"), 1);
    EXPECT_EQ(admin_.get("/webhooks/deliveries?state=dead").json().as_array().size(), 1U);

    // Led to where it may go, it is sent again under its old number.
    ASSERT_EQ(admin_
                  .put("/webhooks/" + std::to_string(hook.id),
                       {{"name", "Ops"}, {"url", there.url()}, {"min_severity", "info"}, {"enabled", true}})
                  .status,
              200);
    const auto retried = admin_.post("/webhooks/deliveries/" + std::to_string(id) + "/retry");
    ASSERT_EQ(retried.status, 200) << retried.body;
    EXPECT_EQ(retried.text("/state"), "pending");
    ASSERT_TRUE(there.wait_for(1));
    EXPECT_EQ(there.requests().front().field("webhook-id"), std::to_string(id));
    EXPECT_EQ(attempted(id).at("state"), "delivered");
    EXPECT_TRUE(admin_.get("/webhooks/deliveries?state=dead").json().as_array().empty());
}

TEST_F(webhook_delivery, of_what_a_command_put_in_line_begins_with_the_server) {
    http_receiver there;
    const made_webhook hook = add("https://localhost:1/");
    const std::int64_t id = send_test(hook);
    ASSERT_EQ(attempted(id).at("state"), "dead");
    ASSERT_EQ(admin_
                  .put("/webhooks/" + std::to_string(hook.id),
                       {{"name", "Ops"}, {"url", there.url()}, {"min_severity", "info"}, {"enabled", true}})
                  .status,
              200);
    ASSERT_EQ(server_.stop(), 0);
    const auto retried = run_program({"webhook", "retry", std::to_string(id)}, server_.folder(),
                                     test_environment(server_.folder()));
    ASSERT_EQ(retried.exit_code, 0) << retried.err;
    server_.start();
    EXPECT_TRUE(there.wait_for(1));
}

TEST(webhook_delivery_by_default, reaches_nothing_on_this_machine) {
    http_receiver there;
    server_process server;
    api_client admin = as_admin(server);
    const auto plain = admin.post("/webhooks", {{"name", "Ops"}, {"url", there.url()}});
    EXPECT_EQ(plain.status, 422) << plain.body;
    EXPECT_NE(plain.text("/detail").find("WEBHOOK_LOCAL_HOSTS"), std::string::npos);
}

} // namespace
} // namespace breakwater::test
