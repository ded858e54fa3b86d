#include "support/e2e.hpp"

#include <atomic>
#include <functional>

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// The server trusts a proxy, so each request can state its client address.
class known_client : public testing::Test {
protected:
    server_process server_{{.variables = {{"TRUSTED_PROXIES", "127.0.0.1"}}}};
    api_client anyone_{server_};
    std::string first_cookie_;

    known_client() {
        as_new_user(server_, "ada@example.com");
        first_cookie_ = sign_in_from("198.51.100.1").text("/device_cookie");
    }
    http_response sign_in_from(std::string_view address, std::string_view cookie = {},
                               std::string_view password = user_password,
                               std::string_view email = "ada@example.com") {
        json::object body{{"email", email}, {"password", password}};
        if (!cookie.empty())
            body["device_cookie"] = cookie;
        return anyone_.post("/auth/login", body, {{"X-Forwarded-For", std::string{address}}});
    }
    /// Guesses passwords from one address until the account is throttled.
    void attack() {
        int status = 0;
        for (int i = 0; i < 16 && status != 429; ++i)
            status = sign_in_from("203.0.113.66", {}, "guess " + std::to_string(i)).status;
        ASSERT_EQ(status, 429);
    }
};

TEST_F(known_client, is_not_locked_out_by_an_attack) {
    attack();
    EXPECT_EQ(sign_in_from("198.51.100.1").status, 429) << "a client without a cookie is not recognised";
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in_from("192.0.2." + std::to_string(i + 1), first_cookie_).status, 200)
            << "the cookie works at any address";
}

TEST_F(known_client, cannot_be_forged_and_is_known_to_one_account) {
    as_new_user(server_, "bob@example.com");
    const std::string bob_cookie =
        sign_in_from("198.51.100.2", {}, user_password, "bob@example.com").text("/device_cookie");
    attack();
    EXPECT_EQ(sign_in_from("198.51.100.2", bob_cookie).status, 429);
    EXPECT_EQ(sign_in_from("198.51.100.2", "forged").status, 429);
    EXPECT_EQ(sign_in_from("198.51.100.2", first_cookie_ + "A").status, 429);
}

TEST_F(known_client, is_recognised_after_a_restart_but_not_after_a_new_password) {
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    anyone_ = api_client{server_};
    attack();
    EXPECT_EQ(sign_in_from("198.51.100.1", first_cookie_).status, 200);
    api_client admin = as_admin(server_);
    std::string target;
    const auto users = admin.get("/admin/users").json().as_array();
    for (const json::value& row : users)
        if (row.at("email").as_string() == "ada@example.com")
            target = "/admin/users/" + std::to_string(row.at("id").as_int64());
    ASSERT_EQ(admin.put(target, json::object{{"password", "another good password"}}).status, 200);
    EXPECT_EQ(sign_in_from("198.51.100.1", first_cookie_, "another good password").status, 429);
}

TEST_F(known_client, in_a_browser_has_a_cookie_that_scripts_cannot_read) {
    const http_fields page{{"X-Session-Cookie", "1"}, {"X-Forwarded-For", "198.51.100.3"}};
    const json::object credentials{{"email", "ada@example.com"}, {"password", user_password}};
    const auto response = anyone_.post("/auth/login", credentials, page);
    ASSERT_EQ(response.status, 200);
    EXPECT_TRUE(response.json().at("device_cookie").is_null());
    std::string cookie;
    for (const auto& [name, value] : response.fields)
        if (name == "Set-Cookie" && value.starts_with("breakwater_device_"))
            cookie = value;
    for (const std::string_view part : {"HttpOnly", "SameSite=Strict", "Path=/auth", "Max-Age=31536000"})
        EXPECT_NE(cookie.find(part), std::string::npos) << part << " in " << cookie;
    EXPECT_EQ(cookie.find("ada"), std::string::npos) << "the cookie does not name the account";
    attack();
    EXPECT_EQ(anyone_.post("/auth/login", credentials, page).status, 429);
    http_fields with_cookie = page;
    with_cookie.emplace_back("Cookie", "other=1; " + cookie.substr(0, cookie.find(';')));
    EXPECT_EQ(anyone_.post("/auth/login", credentials, with_cookie).status, 200);
}

TEST_F(known_client, throttling_is_logged_with_the_account) {
    attack();
    api_client admin = as_admin(server_);
    const auto events = admin.get("/admin/security-events?event_type=login_throttled").json();
    ASSERT_FALSE(events.as_array().empty());
    EXPECT_NE(events.as_array()[0].at("detail").as_string().find("ada@example.com"), json::string::npos);
}

/// A hundred connections from one address that send requests without a pause until destruction.
class flood {
public:
    flood(const server_process& server, std::string target, std::function<json::object(int)> body) {
        for (int i = 0; i < 100; ++i)
            senders_.emplace_back([this, port = server.port(), target, body, i] {
                api_client client{port};
                for (int n = i; !stop_; n += 100) {
                    const int status =
                        client.post(target, body(n), {{"X-Forwarded-For", "203.0.113.66"}}).status;
                    ++(status == 429 ? refused_ : other_);
                }
            });
        while (refused_ == 0)
            std::this_thread::yield();
    }
    ~flood() {
        stop_ = true;
        for (std::thread& sender : senders_)
            sender.join();
    }
    flood(const flood&) = delete;
    flood& operator=(const flood&) = delete;

private:
    std::atomic<bool> stop_{false};
    std::atomic<int> refused_{0};
    std::atomic<int> other_{0};
    std::vector<std::thread> senders_;
};

TEST_F(known_client, and_other_clients_sign_in_during_a_flood_of_sign_ins) {
    const flood attack{server_, "/auth/login", [](int n) {
                           return json::object{{"email", std::to_string(n) + "@example.com"},
                                               {"password", "guess"}};
                       }};
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(sign_in_from("198.51.100." + std::to_string(i + 1)).status, 200);
        EXPECT_EQ(sign_in_from("203.0.113.66", first_cookie_).status, 200)
            << "the cookie is recognised at the address of the flood";
    }
}

TEST_F(known_client, and_other_clients_sign_in_during_a_flood_of_registrations) {
    const flood attack{server_, "/auth/register", [](int n) {
                           return json::object{{"email", std::to_string(n) + "@example.com"},
                                               {"password", user_password}};
                       }};
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(sign_in_from("198.51.100." + std::to_string(i + 1)).status, 200);
    EXPECT_EQ(anyone_
                  .post("/auth/register",
                        json::object{{"email", "eve@example.com"}, {"password", user_password}},
                        {{"X-Forwarded-For", "198.51.100.77"}})
                  .status,
              201)
        << "another address can still register";
}

} // namespace
} // namespace breakwater::test
