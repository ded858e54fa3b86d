#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

http_response renew(api_client& client, std::string_view token) {
    return client.post("/auth/refresh", boost::json::object{{"refresh_token", token}});
}

TEST(quotas, the_role_limits_the_devices_of_an_account) {
    server_process server{{.variables = {{"MAX_DEVICES_OF_USER", "3"}, {"MAX_DEVICES_OF_ADMIN", "0"}}}};
    api_client eve = as_new_user(server, "eve@example.com");
    for (int i = 0; i < 3; ++i)
        create_device(eve);
    const boost::json::object new_device{{"name", "One more"}, {"category", "smart_lock"}};
    const auto refused = eve.post("/devices", new_device);
    EXPECT_EQ(refused.status, 403) << refused.body;
    EXPECT_EQ(refused.text("/limit/name"), "devices");
    EXPECT_EQ(refused.number("/limit/quota"), 3);
    api_client ada = as_new_user(server, "ada@example.com");
    EXPECT_EQ(ada.post("/devices", new_device).status, 201) << "the quota applies to each account separately";
    api_client admin = as_admin(server);
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(admin.post("/devices", new_device).status, 201);
    EXPECT_EQ(count_events(admin, "device_create", "denied"), 1);
}

TEST(quotas, concurrent_creations_do_not_exceed_the_quota) {
    server_process server{{.variables = {{"MAX_DEVICES_OF_USER", "5"}}}};
    const api_client eve = as_new_user(server, "eve@example.com");
    std::atomic<int> created = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 8; ++i)
        callers.emplace_back([&] {
            api_client client{server, eve.token()};
            for (int n = 0; n < 4; ++n)
                if (client
                        .post("/devices",
                              boost::json::object{{"name", "One more"}, {"category", "smart_lock"}})
                        .status == 201)
                    ++created;
        });
    for (std::thread& caller : callers)
        caller.join();
    EXPECT_EQ(created, 5);
}

TEST(quotas, calls_per_minute_are_limited_by_account_and_refusals_are_recorded) {
    server_process server{
        {.variables = {{"MAX_CALLS_PER_MINUTE_OF_USER", "30"}, {"MAX_CALLS_PER_MINUTE_OF_ADMIN", "0"}}}};
    api_client eve = as_new_user(server, "eve@example.com");
    int served = 0;
    http_response last;
    for (int i = 0; i < 60; ++i) {
        last = eve.get("/devices");
        served += last.status == 200 ? 1 : 0;
    }
    EXPECT_GE(served, 30);
    EXPECT_LT(served, 60);
    EXPECT_EQ(last.status, 429) << last.body;
    EXPECT_FALSE(last.field("Retry-After").empty());
    EXPECT_EQ(last.text("/limit/name"), "calls");
    EXPECT_EQ(eve.get("/devices/0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11").status, 429);
    api_client ada = as_new_user(server, "ada@example.com");
    EXPECT_EQ(ada.get("/devices").status, 200);
    api_client admin = as_admin(server);
    EXPECT_GE(count_events(admin, "call_rate_limit", "denied"), 1);
    const auto refused = admin.get("/admin/security-events?event_type=call_rate_limit").json();
    for (const auto& event : refused.as_array()) {
        EXPECT_EQ(event.at("target_type"), "user");
        EXPECT_EQ(event.at("target_count"), 1) << "one target, whatever the calls requested";
    }
}

TEST(quotas, a_session_above_the_limit_ends_the_oldest_one) {
    server_process server{{.variables = {{"MAX_SESSIONS", "3"}}}};
    as_new_user(server, "ada@example.com"); // creates her first session
    const token_pair second = sign_in(server, "ada@example.com", user_password);
    const token_pair third = sign_in(server, "ada@example.com", user_password);
    const token_pair fourth = sign_in(server, "ada@example.com", user_password);
    api_client ada{server, fourth.access};
    EXPECT_EQ(ada.get("/auth/sessions").json().as_array().size(), 3U);
    const token_pair fifth = sign_in(server, "ada@example.com", user_password);
    EXPECT_EQ(renew(ada, second.refresh).status, 401);
    EXPECT_EQ(renew(ada, third.refresh).status, 200);
    EXPECT_EQ(renew(ada, fifth.refresh).status, 200);
}

TEST(quotas, renewals_are_limited_and_tokens_of_ended_sessions_do_not_count) {
    server_process server{{.variables = {{"MAX_RENEWALS_PER_MINUTE", "5"}}}};
    as_new_user(server, "ada@example.com");
    const token_pair ended_session = sign_in(server, "ada@example.com", user_password);
    api_client client{server};
    ASSERT_EQ(api_client(server, ended_session.access)
                  .post("/auth/logout", boost::json::object{{"refresh_token", ended_session.refresh}})
                  .status,
              204);
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(renew(client, ended_session.refresh).status, 401);
    std::string token = sign_in(server, "ada@example.com", user_password).refresh;
    http_response last;
    int renewed = 0;
    for (int i = 0; i < 10; ++i) {
        last = renew(client, token);
        if (last.status != 200)
            break;
        ++renewed;
        token = last.text("/refresh_token");
    }
    EXPECT_GE(renewed, 5);
    EXPECT_EQ(last.status, 429) << last.body;
    EXPECT_FALSE(last.field("Retry-After").empty());
}

} // namespace
} // namespace breakwater::test
