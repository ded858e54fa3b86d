#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

constexpr std::string_view email = "ada@example.com";
constexpr std::string_view next_password = "a quiet harbour behind 7 walls";

boost::json::object password_change(std::string_view current, std::string_view replacement) {
    return {{"current_password", current}, {"new_password", replacement}};
}

TEST(own_account, changing_the_password_ends_all_sessions) {
    server_process server;
    api_client ada = as_new_user(server, email);
    const token_pair other_session = sign_in(server, email, user_password);
    EXPECT_EQ(ada.put("/auth/password", password_change("not the current password", next_password)).status,
              403);
    EXPECT_EQ(ada.put("/auth/password", password_change(user_password, "password")).status, 422);
    EXPECT_EQ(ada.put("/auth/password", password_change(user_password, "          ")).status, 422);
    ASSERT_EQ(ada.put("/auth/password", password_change(user_password, next_password)).status, 204);
    EXPECT_EQ(ada.get("/devices").status, 401);
    EXPECT_EQ(api_client(server, other_session.access).get("/devices").status, 401);
    EXPECT_THROW(sign_in(server, email, user_password), std::exception);
    EXPECT_NO_THROW(sign_in(server, email, next_password));
}

TEST(own_account, guessing_the_current_password_with_a_stolen_token_is_throttled) {
    server_process server;
    api_client thief = as_new_user(server, email);
    int status = 0;
    for (int i = 0; i < 12 && status != 429; ++i)
        status =
            thief.put("/auth/password", password_change("guess number " + std::to_string(i), next_password))
                .status;
    EXPECT_EQ(status, 429);
    EXPECT_NO_THROW(sign_in(server, email, user_password))
        << "the throttle must not affect the owner's sign-in";
}

TEST(own_account, a_user_lists_and_ends_only_their_own_sessions) {
    server_process server;
    api_client ada = as_new_user(server, email);
    const token_pair other_session = sign_in(server, email, user_password);
    const auto sessions = ada.get("/auth/sessions").json();
    ASSERT_EQ(sessions.as_array().size(), 2U);
    std::string other_id;
    int current_sessions = 0;
    for (const auto& session : sessions.as_array())
        if (session.at("current").as_bool())
            ++current_sessions;
        else
            other_id = session.at("id").as_string();
    EXPECT_EQ(current_sessions, 1);

    api_client eve = as_new_user(server, "eve@example.com");
    EXPECT_EQ(eve.del("/auth/sessions/" + other_id).status, 404);
    EXPECT_EQ(ada.del("/auth/sessions/" + other_id).status, 204);
    EXPECT_EQ(ada.del("/auth/sessions/" + other_id).status, 404);
    EXPECT_EQ(ada.get("/auth/sessions").json().as_array().size(), 1U);
    EXPECT_EQ(ada.post("/auth/refresh", boost::json::object{{"refresh_token", other_session.refresh}}).status,
              401);
    api_client admin = as_admin(server);
    EXPECT_EQ(count_events(admin, "session_end", "success"), 1);
}

} // namespace
} // namespace breakwater::test
