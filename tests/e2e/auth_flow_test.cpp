#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class auth_flow : public testing::Test {
protected:
    server_process server_;
    api_client anyone_{server_};
};

TEST_F(auth_flow, registering_returns_the_account_and_no_secret) {
    const auto response = anyone_.post(
        "/auth/register", json::object{{"email", " Ada@Example.com "}, {"password", user_password}});
    ASSERT_EQ(response.status, 201) << response.body;
    EXPECT_EQ(response.text("/email"), "ada@example.com");
    EXPECT_EQ(response.text("/role"), "user");
    EXPECT_GT(response.number("/id"), 0);
    EXPECT_TRUE(response.text("/created_at").ends_with('Z'));
    EXPECT_EQ(response.json().as_object().size(), 5U);
}

TEST_F(auth_flow, a_taken_address_is_400_whatever_its_case) {
    as_new_user(server_, "ada@example.com");
    const auto response = anyone_.post(
        "/auth/register", json::object{{"email", "ADA@example.com"}, {"password", user_password}});
    EXPECT_EQ(response.status, 400);
    EXPECT_FALSE(response.text("/detail").empty());
}

TEST_F(auth_flow, the_bounds_of_a_password_length_are_exact) {
    const auto status_of = [&](std::size_t length, std::string_view email) {
        // No part of it is a common password.
        std::string password;
        while (password.size() < length)
            password += "x7Qe!";
        password.resize(length);
        return anyone_.post("/auth/register", json::object{{"email", email}, {"password", password}}).status;
    };
    EXPECT_EQ(status_of(7, "a@example.com"), 422);
    EXPECT_EQ(status_of(8, "b@example.com"), 201);
    EXPECT_EQ(status_of(128, "c@example.com"), 201);
    EXPECT_EQ(status_of(129, "d@example.com"), 422);
}

TEST_F(auth_flow, every_character_of_a_long_password_counts) { // correction 11
    const std::string prefix(100, 'k');
    ASSERT_EQ(anyone_
                  .post("/auth/register",
                        json::object{{"email", "ada@example.com"}, {"password", prefix + "right"}})
                  .status,
              201);
    EXPECT_EQ(
        anyone_
            .post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", prefix + "wrong"}})
            .status,
        401);
    EXPECT_EQ(
        anyone_
            .post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", prefix + "right"}})
            .status,
        200);
}

TEST_F(auth_flow, a_common_password_is_refused_with_the_name_of_the_field) {
    const auto response = anyone_.post(
        "/auth/register", json::object{{"email", "ada@example.com"}, {"password", "Password123"}});
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.text("/errors/0/loc"), "body.password");
}

TEST_F(auth_flow, signing_in_returns_the_token_pair_of_the_contract) {
    as_new_user(server_, "ada@example.com");
    const auto response =
        anyone_.post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", user_password}});
    ASSERT_EQ(response.status, 200);
    EXPECT_EQ(response.text("/token_type"), "bearer");
    EXPECT_EQ(response.number("/expires_in_minutes"), 15);
    EXPECT_FALSE(response.text("/access_token").empty());
    EXPECT_FALSE(response.text("/refresh_token").empty());
    EXPECT_EQ(response.field("Cache-Control"), "no-store");
}

TEST_F(auth_flow, a_wrong_password_and_an_unknown_address_get_the_same_response) {
    as_new_user(server_, "ada@example.com");
    const auto wrong =
        anyone_.post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", "nope"}});
    const auto unknown =
        anyone_.post("/auth/login", json::object{{"email", "eve@example.com"}, {"password", "nope"}});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(unknown.status, 401);
    EXPECT_EQ(wrong.text("/detail"), unknown.text("/detail"));
    EXPECT_TRUE(wrong.field("WWW-Authenticate").starts_with("Bearer")); // correction 12
}

TEST_F(auth_flow, a_refresh_returns_a_new_pair_and_a_logout_ends_the_session) {
    as_new_user(server_, "ada@example.com");
    const token_pair first = sign_in(server_, "ada@example.com", user_password);
    const auto refreshed = anyone_.post("/auth/refresh", json::object{{"refresh_token", first.refresh}});
    ASSERT_EQ(refreshed.status, 200);
    EXPECT_NE(refreshed.text("/refresh_token"), first.refresh);
    EXPECT_EQ(refreshed.number("/expires_in_minutes"), 15);

    api_client ada{server_, refreshed.text("/access_token")};
    const auto logout =
        ada.post("/auth/logout", json::object{{"refresh_token", refreshed.text("/refresh_token")}});
    EXPECT_EQ(logout.status, 204);
    EXPECT_TRUE(logout.body.empty());
    EXPECT_EQ(anyone_.post("/auth/refresh", json::object{{"refresh_token", refreshed.text("/refresh_token")}})
                  .status,
              401);
    EXPECT_EQ(
        ada.post("/auth/logout", json::object{{"refresh_token", refreshed.text("/refresh_token")}}).status,
        400);
}

TEST_F(auth_flow, a_user_cannot_end_the_session_of_another) {
    as_new_user(server_, "ada@example.com");
    const token_pair ada = sign_in(server_, "ada@example.com", user_password);
    api_client eve = as_new_user(server_, "eve@example.com");
    EXPECT_EQ(eve.post("/auth/logout", json::object{{"refresh_token", ada.refresh}}).status, 403);
    EXPECT_EQ(anyone_.post("/auth/logout", json::object{{"refresh_token", ada.refresh}}).status, 401);
    EXPECT_EQ(anyone_.post("/auth/refresh", json::object{{"refresh_token", ada.refresh}}).status, 200);
}

TEST_F(auth_flow, one_response_names_every_invalid_field) {
    const auto response =
        anyone_.post("/auth/register", json::object{{"email", "no address"}, {"password", 7}});
    EXPECT_EQ(response.status, 422);
    EXPECT_EQ(response.field("Content-Type"), "application/problem+json");
    EXPECT_EQ(response.json().at("errors").as_array().size(), 2U);
}

} // namespace
} // namespace breakwater::test
