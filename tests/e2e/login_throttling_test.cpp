#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

TEST(login_throttling, slows_down_guessing_and_says_for_how_long) { // correction 7
    server_process server;
    as_new_user(server, "ada@example.com");
    api_client admin = as_admin(server);
    api_client guesser{server};
    http_response last;
    for (int i = 0; i < 12; ++i) {
        last = guesser.post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", "guess"}});
        if (last.status == 429)
            break;
        EXPECT_EQ(last.status, 401);
    }
    ASSERT_EQ(last.status, 429);
    EXPECT_GE(std::stoi(last.field("Retry-After")), 1);
    EXPECT_EQ(count_events(admin, "login_throttled", "denied"), 1);
    EXPECT_EQ(
        guesser.post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", user_password}})
            .status,
        429)
        << "the right password has to wait as well, or the wait would tell it apart";
    EXPECT_EQ(guesser.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}})
                  .status,
              200)
        << "another account need not wait";
}

TEST(login_throttling, holds_for_device_secrets_too) {
    server_process server;
    api_client admin = as_admin(server);
    const made_device device = create_device(admin);
    api_client guesser{server};
    http_response last;
    for (int i = 0; i < 12 && last.status != 429; ++i)
        last =
            guesser.post("/device/token", json::object{{"device_id", device.id}, {"device_secret", "guess"}});
    ASSERT_EQ(last.status, 429);
    EXPECT_GE(std::stoi(last.field("Retry-After")), 1);
    EXPECT_EQ(count_events(admin, "device_auth_throttled", "denied"), 1);
    EXPECT_FALSE(device_token(server, device).empty()) << "the right secret never has to wait";
    const made_device other = create_device(admin);
    EXPECT_FALSE(device_token(server, other).empty());
}

TEST(login_throttling, leaves_an_honest_fleet_alone) {
    server_process server;
    api_client admin = as_admin(server);
    const made_device device = create_device(admin);
    for (int i = 0; i < 60; ++i)
        ASSERT_FALSE(device_token(server, device).empty());
}

TEST(login_throttling, holds_for_registrations_that_succeed_too) {
    server_process server;
    api_client admin = as_admin(server);
    api_client crowd{server};
    http_response last;
    int made = 0;
    for (; made < 100; ++made) {
        last = crowd.post("/auth/register", json::object{{"email", std::to_string(made) + "@example.com"},
                                                         {"password", user_password}});
        if (last.status != 201)
            break;
    }
    ASSERT_EQ(last.status, 429);
    EXPECT_GE(made, 61) << "a class behind one address gets through";
    EXPECT_GE(std::stoi(last.field("Retry-After")), 1);
    EXPECT_EQ(count_events(admin, "register_throttled", "denied"), 1);
    EXPECT_EQ(crowd.post("/auth/login", json::object{{"email", "0@example.com"}, {"password", user_password}})
                  .status,
              200)
        << "who has an account need not wait";
}

} // namespace
} // namespace breakwater::test
