#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

TEST(login_throttling, throttles_guessing_and_returns_the_delay) { // correction 7
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
        << "the right password is throttled too, or the response would reveal it";
    EXPECT_EQ(guesser.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}})
                  .status,
              200)
        << "another account is not throttled";
}

TEST(login_throttling, applies_to_device_secrets) {
    server_process server;
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    api_client guesser{server};
    http_response last;
    for (int i = 0; i < 12 && last.status != 429; ++i)
        last =
            guesser.post("/device/token", json::object{{"device_id", device.id}, {"device_secret", "guess"}});
    ASSERT_EQ(last.status, 429);
    EXPECT_GE(std::stoi(last.field("Retry-After")), 1);
    EXPECT_EQ(count_events(admin, "device_auth_throttled", "denied"), 1);
    EXPECT_FALSE(device_token(server, device).empty()) << "the right secret is never throttled";
    const device_credentials other = create_device(admin);
    EXPECT_FALSE(device_token(server, other).empty());
}

TEST(login_throttling, does_not_affect_a_fleet_with_valid_secrets) {
    server_process server;
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    for (int i = 0; i < 60; ++i)
        ASSERT_FALSE(device_token(server, device).empty());
}

TEST(login_throttling, applies_to_successful_registrations) {
    server_process server;
    api_client admin = as_admin(server);
    api_client crowd{server};
    http_response last;
    int registrations = 0;
    for (; registrations < 100; ++registrations) {
        const std::string email = std::to_string(registrations) + "@example.com";
        last = crowd.post("/auth/register", json::object{{"email", email}, {"password", user_password}});
        if (last.status != 201)
            break;
    }
    ASSERT_EQ(last.status, 429);
    EXPECT_GE(registrations, 61) << "a class at one address can register";
    EXPECT_GE(std::stoi(last.field("Retry-After")), 1);
    EXPECT_EQ(count_events(admin, "register_throttled", "denied"), 1);
    EXPECT_EQ(crowd.post("/auth/login", json::object{{"email", "0@example.com"}, {"password", user_password}})
                  .status,
              200)
        << "an existing account is not throttled";
}

} // namespace
} // namespace breakwater::test
