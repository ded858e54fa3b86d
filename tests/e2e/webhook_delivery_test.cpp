#include "support/documented_messages.hpp"
#include "support/e2e.hpp"
#include "support/http_receiver.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <atomic>

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// The signature as a receiver computes it, by the Standard Webhooks specification.
std::string signature_by(const std::string& secret, const received_request& request) {
    const std::string encoded = secret.substr(6); // after whsec_
    std::array<unsigned char, 48> key{};
    EVP_DecodeBlock(key.data(), reinterpret_cast<const unsigned char*>(encoded.data()),
                    static_cast<int>(encoded.size()));
    const std::string text =
        request.field("webhook-id") + '.' + request.field("webhook-timestamp") + '.' + request.body;
    std::array<unsigned char, 32> digest{};
    HMAC(EVP_sha256(), key.data(), 32, reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         digest.data(), nullptr);
    std::array<unsigned char, 45> base64{};
    EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
    return std::string{"v1,"} + reinterpret_cast<const char*>(base64.data());
}

/// The server and the webhook receivers run on this machine.
class webhook_delivery : public testing::Test {
protected:
    struct created_webhook {
        std::int64_t id = 0;
        std::string secret;
    };
    created_webhook add(const std::string& url, std::string_view severity = "info") {
        const auto created =
            admin_.post("/webhooks", {{"name", "Ops"}, {"url", url}, {"min_severity", severity}});
        EXPECT_EQ(created.status, 201) << created.body;
        return {.id = created.number("/id"), .secret = created.text("/secret")};
    }
    std::int64_t send_test(const created_webhook& webhook) {
        const auto response = admin_.post("/webhooks/" + std::to_string(webhook.id) + "/test");
        EXPECT_EQ(response.status, 202) << response.body;
        return response.number("/delivery_id");
    }
    json::value delivery(std::int64_t id) {
        const auto all = admin_.get("/webhooks/deliveries?limit=500").json();
        for (const json::value& entry : all.as_array())
            if (entry.at("id") == id)
                return entry;
        return nullptr;
    }
    /// Whether the condition becomes true within 20 s.
    template <class Condition>
    static bool becomes_true(Condition condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline)
                return false;
            std::this_thread::yield();
        }
        return true;
    }
    /// The delivery once its first attempt is recorded, which is after the receiver got the request.
    json::value attempted(std::int64_t id) {
        json::value current = delivery(id);
        EXPECT_TRUE(becomes_true([&] {
            current = delivery(id);
            return current.at("attempts") != 0;
        }));
        return current;
    }

    server_process server_{{.variables = {{"WEBHOOK_LOCAL_HOSTS", R"(["127.0.0.1"])"}}}};
    api_client admin_ = as_admin(server_);
};

TEST_F(webhook_delivery, of_a_test_is_signed_and_numbered) {
    http_receiver receiver;
    const created_webhook hook = add(receiver.url("/hook?key=1"));
    const std::int64_t id = send_test(hook);
    ASSERT_TRUE(receiver.wait_for(1));
    const received_request request = receiver.requests().front();
    EXPECT_EQ(request.line, "POST /hook?key=1 HTTP/1.1");
    EXPECT_EQ(request.field("Content-Type"), "application/json");
    EXPECT_TRUE(request.field("User-Agent").starts_with("Breakwater/"));
    EXPECT_EQ(request.field("webhook-id"), std::to_string(id));
    EXPECT_EQ(request.field("webhook-signature"), signature_by(hook.secret, request));
    const json::value body = json::parse(request.body);
    expect_documented("TestMessage", body);
    EXPECT_EQ(body.at("type"), "test");
    EXPECT_EQ(body.at("webhook").at("name"), "Ops");

    const json::value outcome = attempted(id);
    EXPECT_EQ(outcome.at("state"), "delivered");
    EXPECT_EQ(outcome.at("attempts"), 1);
    EXPECT_EQ(outcome.at("last_status"), 204);
    EXPECT_TRUE(outcome.at("last_error").is_null());
    EXPECT_TRUE(outcome.at("next_attempt_at").is_null());
    EXPECT_EQ(outcome.at("event"), body);
    // The metric is updated just after the recorded attempt becomes readable.
    EXPECT_TRUE(becomes_true([&] {
        return api_client{server_}
            .get("/metrics")
            .body.contains("breakwater_webhook_attempts_total{outcome=\"delivered\"} 1");
    }));
}

TEST_F(webhook_delivery, of_alerts_reports_when_they_are_raised_and_resolved) {
    http_receiver receiver;
    http_receiver critical_only;
    add(receiver.url());
    add(critical_only.url(), "critical");
    add_hot_rule(admin_, {{"severity", "warning"}});
    const device_credentials device = create_device(admin_, "Roof");
    api_client sender = as_device(server_, device);
    ASSERT_EQ(sender.post("/device/readings", {{"payload", {{"v", 31}}}}).status, 201);
    ASSERT_TRUE(receiver.wait_for(1));
    const json::value raised = json::parse(receiver.requests().front().body);
    expect_documented("AlertMessage", raised);
    EXPECT_EQ(raised.at("type"), "alert");
    EXPECT_EQ(raised.at("change"), "raised");
    EXPECT_EQ(raised.at("alert").at("device_name"), "Roof");
    EXPECT_EQ(raised.at("alert").at("state"), "open");
    const std::string alert = "/alerts/" + std::to_string(raised.at("alert").at("id").as_int64());
    ASSERT_EQ(admin_.post(alert + "/acknowledge", json::object{}).status, 200);
    ASSERT_EQ(admin_.post(alert + "/resolve", {{"note", "Fan"}}).status, 200);
    ASSERT_TRUE(receiver.wait_for(2));
    const json::value resolved = json::parse(receiver.requests()[1].body);
    expect_documented("AlertMessage", resolved);
    EXPECT_EQ(resolved.at("change"), "resolved") << "an acknowledgement is not delivered";
    EXPECT_EQ(resolved.at("alert").at("note"), "Fan");
    EXPECT_EQ(critical_only.connections(), 0U);
}

TEST_F(webhook_delivery, that_fails_waits_for_a_retry_and_survives_a_restart) {
    std::atomic<int> status{500};
    http_receiver receiver{[&](const received_request&) { return http_receiver::make_response(status); }};
    const std::int64_t id = send_test(add(receiver.url()));
    const json::value outcome = attempted(id);
    EXPECT_EQ(outcome.at("state"), "pending");
    EXPECT_EQ(outcome.at("attempts"), 1);
    EXPECT_EQ(outcome.at("last_status"), 500);
    EXPECT_EQ(outcome.at("last_error"), "The receiver answered 500.");
    EXPECT_FALSE(outcome.at("next_attempt_at").is_null());
    EXPECT_EQ(admin_.post("/webhooks/deliveries/" + std::to_string(id) + "/retry").status, 400)
        << "only a dead delivery can be retried";

    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    admin_ = as_admin(server_);
    const json::value later = delivery(id);
    EXPECT_EQ(later.at("state"), "pending");
    EXPECT_EQ(later.at("event"), outcome.at("event"));
    EXPECT_GE(later.at("attempts").as_int64(), 1);
}

TEST_F(webhook_delivery, follows_no_redirect) {
    http_receiver inside;
    http_receiver receiver{[&](const received_request&) {
        return http_receiver::make_response(307, "Location: " + inside.url() + "\r\n");
    }};
    const json::value outcome = attempted(send_test(add(receiver.url())));
    EXPECT_EQ(outcome.at("state"), "pending");
    EXPECT_EQ(outcome.at("last_status"), 307);
    EXPECT_EQ(inside.connections(), 0U);
}

TEST_F(webhook_delivery, ends_when_the_receiver_answers_410) {
    http_receiver receiver{[](const received_request&) { return http_receiver::make_response(410); }};
    http_receiver other_receiver;
    const created_webhook hook = add(receiver.url());
    const created_webhook other = add(other_receiver.url());
    const json::value outcome = attempted(send_test(hook));
    EXPECT_EQ(outcome.at("state"), "dead");
    EXPECT_EQ(outcome.at("last_status"), 410);
    const auto webhooks = admin_.get("/webhooks").json();
    EXPECT_EQ(webhooks.at(0).at("enabled"), false);
    EXPECT_EQ(webhooks.at(1).at("enabled"), true);
    EXPECT_EQ(admin_.post("/webhooks/" + std::to_string(hook.id) + "/test").status, 400);
    const std::string record = admin_.get("/admin/security-events?event_type=webhook_update").body;
    EXPECT_NE(record.find("410 (Gone)"), std::string::npos) << record;
    EXPECT_EQ(attempted(send_test(other)).at("state"), "delivered");
}

TEST_F(webhook_delivery, waits_as_long_as_the_receiver_requests) {
    http_receiver receiver{
        [](const received_request&) { return http_receiver::make_response(503, "Retry-After: 3000\r\n"); }};
    const json::value outcome = attempted(send_test(add(receiver.url())));
    EXPECT_EQ(outcome.at("state"), "pending");
    EXPECT_GT(outcome.at("next_attempt_at").as_string().subview(0, 16),
              outcome.at("created_at").as_string().subview(0, 16))
        << "the delay that the receiver requested, not the 10 s of the schedule";
}

TEST_F(webhook_delivery, goes_only_to_public_addresses_by_default) {
    http_receiver receiver;
    const std::string inside = "https://localhost:" + std::to_string(receiver.port()) + "/";
    const created_webhook hook = add(inside);
    const std::int64_t id = send_test(hook);
    json::value outcome = attempted(id);
    EXPECT_EQ(outcome.at("state"), "dead");
    EXPECT_EQ(outcome.at("attempts"), 1);
    EXPECT_TRUE(outcome.at("last_status").is_null());
    EXPECT_NE(outcome.at("last_error").as_string().find("is not public"), json::string::npos) << outcome;
    EXPECT_EQ(receiver.connections(), 0U);
    EXPECT_EQ(count_events(admin_, "webhook_dead_letter", "error"), 1);
    EXPECT_EQ(admin_.get("/webhooks/deliveries?state=dead").json().as_array().size(), 1U);

    // Once the URL leads to an allowed address, a retry sends the delivery again with the same webhook-id.
    ASSERT_EQ(
        admin_
            .put("/webhooks/" + std::to_string(hook.id),
                 {{"name", "Ops"}, {"url", receiver.url()}, {"min_severity", "info"}, {"enabled", true}})
            .status,
        200);
    const auto retried = admin_.post("/webhooks/deliveries/" + std::to_string(id) + "/retry");
    ASSERT_EQ(retried.status, 200) << retried.body;
    EXPECT_EQ(retried.text("/state"), "pending");
    ASSERT_TRUE(receiver.wait_for(1));
    EXPECT_EQ(receiver.requests().front().field("webhook-id"), std::to_string(id));
    EXPECT_EQ(attempted(id).at("state"), "delivered");
    EXPECT_TRUE(admin_.get("/webhooks/deliveries?state=dead").json().as_array().empty());
}

TEST_F(webhook_delivery, queued_by_a_command_starts_with_the_server) {
    http_receiver receiver;
    const created_webhook hook = add("https://localhost:1/");
    const std::int64_t id = send_test(hook);
    ASSERT_EQ(attempted(id).at("state"), "dead");
    ASSERT_EQ(
        admin_
            .put("/webhooks/" + std::to_string(hook.id),
                 {{"name", "Ops"}, {"url", receiver.url()}, {"min_severity", "info"}, {"enabled", true}})
            .status,
        200);
    ASSERT_EQ(server_.stop(), 0);
    const auto retried = run_program({"webhook", "retry", std::to_string(id)}, server_.folder(),
                                     test_environment(server_.folder()));
    ASSERT_EQ(retried.exit_code, 0) << retried.err;
    server_.start();
    EXPECT_TRUE(receiver.wait_for(1));
}

TEST(webhook_delivery_by_default, reaches_nothing_on_this_machine) {
    http_receiver receiver;
    server_process server;
    api_client admin = as_admin(server);
    const auto plain = admin.post("/webhooks", {{"name", "Ops"}, {"url", receiver.url()}});
    EXPECT_EQ(plain.status, 422) << plain.body;
    EXPECT_NE(plain.text("/detail").find("WEBHOOK_LOCAL_HOSTS"), std::string::npos);
}

} // namespace
} // namespace breakwater::test
