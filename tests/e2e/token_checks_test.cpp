#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class token_checks : public testing::Test {
protected:
    server_process server_;
    api_client admin_ = as_admin(server_);

    http_response get_as(const std::string& token, std::string_view target = "/devices") {
        return api_client{server_, token}.get(target);
    }
    void expect_denied(const http_response& response, std::string_view event, std::int64_t expected) {
        EXPECT_EQ(response.status, 401);
        EXPECT_TRUE(response.field("WWW-Authenticate").starts_with("Bearer")); // correction 12
        EXPECT_EQ(response.field("Content-Type"), "application/problem+json");
        EXPECT_EQ(count_events(admin_, event, "denied"), expected); // correction 9
    }
};

TEST_F(token_checks, a_missing_token_is_401_and_recorded) {
    expect_denied(api_client{server_}.get("/devices"), "missing_authorization", 1);
    EXPECT_EQ(api_client{server_}.get("/admin/users").status, 401);
    EXPECT_EQ(count_events(admin_, "missing_authorization", "denied"), 2) << "each route has its own row";
}

TEST_F(token_checks, another_scheme_is_refused) {
    api_client client{server_};
    EXPECT_EQ(client.get("/devices", {{"Authorization", "Basic YWRtaW46YWRtaW4="}}).status, 401);
    EXPECT_EQ(client.get("/devices", {{"Authorization", "Bearer"}}).status, 401);
    EXPECT_EQ(client.get("/devices", {{"Authorization", "bearer " + admin_.token()}}).status, 200)
        << "the scheme name is case-insensitive (RFC 9110 section 11.1)";
}

TEST_F(token_checks, a_tampered_token_is_401_and_recorded) {
    std::string forged = admin_.token();
    forged[forged.find('.') + 10] ^= 1;
    expect_denied(get_as(forged), "jwt_invalid", 1);
}

TEST_F(token_checks, alg_none_is_refused) {
    const std::string payload = admin_.token().substr(admin_.token().find('.') + 1);
    const std::string claims = payload.substr(0, payload.find('.'));
    // {"alg":"none","typ":"JWT"}
    expect_denied(get_as("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + claims + "."), "jwt_invalid", 1);
}

TEST_F(token_checks, a_token_of_another_installation_is_refused) {
    server_process other;
    expect_denied(get_as(as_admin(other).token()), "jwt_invalid", 1);
}

TEST_F(token_checks, a_token_of_another_kind_is_refused) {
    const device_credentials device = create_device(admin_);
    const std::string device_access = device_token(server_, device);
    const token_pair pair = sign_in(server_, admin_email, admin_password);
    EXPECT_EQ(get_as(device_access).status, 401) << "a device token on a user route";
    EXPECT_EQ(get_as(device_access, "/admin/users").status, 401);
    EXPECT_EQ(get_as(pair.refresh).status, 401);
    api_client user{server_, pair.access};
    EXPECT_EQ(user.post("/device/readings", json::object{{"payload", json::object{}}}).status, 401)
        << "a user token on a device route";
}

TEST_F(token_checks, a_user_has_no_administrator_access_and_attempts_are_recorded) {
    api_client ada = as_new_user(server_, "ada@example.com");
    for (const std::string_view target : {"/admin/security-events", "/admin/users"})
        EXPECT_EQ(ada.get(target).status, 403) << target;
    EXPECT_EQ(ada.del("/admin/users/1").status, 403);
    EXPECT_EQ(count_events(admin_, "admin_forbidden", "denied"), 3);
}

TEST_F(token_checks, a_flood_of_denials_does_not_fill_the_log) { // correction 13
    api_client flood{server_, "forged"};
    for (int i = 0; i < 300; ++i)
        ASSERT_EQ(flood.get("/devices").status, 401);
    EXPECT_EQ(count_events(admin_, "jwt_invalid", "denied"), 1);
    ASSERT_EQ(server_.stop(), 0);
    server_.start();
    api_client admin = as_admin(server_);
    const auto events = admin.get("/admin/security-events?event_type=jwt_invalid").json().as_array();
    std::int64_t total = 0;
    for (const json::value& event : events)
        total += event.at("count").as_int64();
    EXPECT_EQ(events.size(), 2U) << "the first denial, and one row for all later ones";
    EXPECT_EQ(total, 300);
}

class token_algorithms : public testing::TestWithParam<const char*> {};

TEST_P(token_algorithms, sign_and_verify_every_kind_of_token) {
    server_process server{{.variables = {{"JWT_ALGORITHM", GetParam()}}}};
    api_client admin = as_admin(server);
    EXPECT_EQ(admin.get("/devices").status, 200);
    const device_credentials device = create_device(admin);
    EXPECT_EQ(as_device(server, device)
                  .post("/device/readings", json::object{{"payload", sample_payload()}})
                  .status,
              201);
    ASSERT_EQ(server.stop(), 0);
    server.start();
    EXPECT_EQ(api_client(server, admin.token()).get("/devices").status, 200) << "the keys survive a restart";
}

INSTANTIATE_TEST_SUITE_P(each, token_algorithms,
                         testing::Values("HS256", "HS384", "HS512", "ES256", "EdDSA"));

} // namespace
} // namespace breakwater::test
