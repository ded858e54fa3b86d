#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class auth_flow : public testing::Test {
protected:
    server_process server_;
    api_client anyone_{server_};
};

TEST_F(auth_flow, registering_answers_with_the_account_and_no_secret) {
    const auto answer = anyone_.post(
        "/auth/register", json::object{{"email", " Ada@Example.com "}, {"password", user_password}});
    ASSERT_EQ(answer.status, 201) << answer.body;
    EXPECT_EQ(answer.text("/email"), "ada@example.com");
    EXPECT_EQ(answer.text("/role"), "user");
    EXPECT_GT(answer.number("/id"), 0);
    EXPECT_TRUE(answer.text("/created_at").ends_with('Z'));
    EXPECT_EQ(answer.json().as_object().size(), 5U);
}

TEST_F(auth_flow, a_taken_address_is_400_in_any_case) {
    as_new_user(server_, "ada@example.com");
    const auto answer = anyone_.post("/auth/register",
                                     json::object{{"email", "ADA@example.com"}, {"password", user_password}});
    EXPECT_EQ(answer.status, 400);
    EXPECT_FALSE(answer.text("/detail").empty());
}

TEST_F(auth_flow, both_bounds_of_a_password_are_exact) {
    const auto status_of = [&](std::size_t length, std::string_view email) {
        // No run of it is among the common ones.
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
    const std::string common(100, 'k');
    ASSERT_EQ(anyone_
                  .post("/auth/register",
                        json::object{{"email", "ada@example.com"}, {"password", common + "right"}})
                  .status,
              201);
    EXPECT_EQ(
        anyone_
            .post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", common + "wrong"}})
            .status,
        401);
    EXPECT_EQ(
        anyone_
            .post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", common + "right"}})
            .status,
        200);
}

TEST_F(auth_flow, a_common_password_is_refused_by_name_of_its_field) {
    const auto answer = anyone_.post("/auth/register",
                                     json::object{{"email", "ada@example.com"}, {"password", "Password123"}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.text("/errors/0/loc"), "body.password");
}

TEST_F(auth_flow, signing_in_gives_the_pair_of_the_contract) {
    as_new_user(server_, "ada@example.com");
    const auto answer =
        anyone_.post("/auth/login", json::object{{"email", "ada@example.com"}, {"password", user_password}});
    ASSERT_EQ(answer.status, 200);
    EXPECT_EQ(answer.text("/token_type"), "bearer");
    EXPECT_EQ(answer.number("/expires_in_minutes"), 15);
    EXPECT_FALSE(answer.text("/access_token").empty());
    EXPECT_FALSE(answer.text("/refresh_token").empty());
    EXPECT_EQ(answer.field("Cache-Control"), "no-store");
}

TEST_F(auth_flow, a_wrong_password_and_an_unknown_address_look_alike) {
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

TEST_F(auth_flow, a_refresh_gives_a_new_pair_and_a_logout_ends_it) {
    as_new_user(server_, "ada@example.com");
    const token_pair first = sign_in(server_, "ada@example.com", user_password);
    const auto renewed = anyone_.post("/auth/refresh", json::object{{"refresh_token", first.refresh}});
    ASSERT_EQ(renewed.status, 200);
    EXPECT_NE(renewed.text("/refresh_token"), first.refresh);
    EXPECT_EQ(renewed.number("/expires_in_minutes"), 15);

    api_client ada{server_, renewed.text("/access_token")};
    const auto out =
        ada.post("/auth/logout", json::object{{"refresh_token", renewed.text("/refresh_token")}});
    EXPECT_EQ(out.status, 204);
    EXPECT_TRUE(out.body.empty());
    EXPECT_EQ(
        anyone_.post("/auth/refresh", json::object{{"refresh_token", renewed.text("/refresh_token")}}).status,
        401);
    EXPECT_EQ(
        ada.post("/auth/logout", json::object{{"refresh_token", renewed.text("/refresh_token")}}).status,
        400);
}

TEST_F(auth_flow, another_users_session_cannot_be_ended) {
    as_new_user(server_, "ada@example.com");
    const token_pair ada = sign_in(server_, "ada@example.com", user_password);
    api_client eve = as_new_user(server_, "eve@example.com");
    EXPECT_EQ(eve.post("/auth/logout", json::object{{"refresh_token", ada.refresh}}).status, 403);
    EXPECT_EQ(anyone_.post("/auth/logout", json::object{{"refresh_token", ada.refresh}}).status, 401);
    EXPECT_EQ(anyone_.post("/auth/refresh", json::object{{"refresh_token", ada.refresh}}).status, 200);
}

TEST_F(auth_flow, every_bad_field_is_named_at_once) {
    const auto answer =
        anyone_.post("/auth/register", json::object{{"email", "no address"}, {"password", 7}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.field("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.json().at("errors").as_array().size(), 2U);
}

} // namespace
} // namespace breakwater::test
