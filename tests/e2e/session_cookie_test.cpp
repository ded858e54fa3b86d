#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// How a page of ours asks: its refresh token is kept in a cookie.
class session_cookie : public testing::Test {
protected:
    http_response sign_in_by_page() {
        return anyone_.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}},
                            page);
    }
    http_response refresh_with(const std::string& cookie) {
        return anyone_.send("POST", "/auth/refresh", "", {{"X-Session-Cookie", "1"}, {"Cookie", cookie}});
    }
    /// Name and value, as a browser sends them back.
    static std::string cookie_of(const http_response& answer) {
        const std::string whole = answer.field("Set-Cookie");
        return whole.substr(0, whole.find(';'));
    }

    const http_fields page{{"X-Session-Cookie", "1"}};
    server_process server_;
    api_client anyone_{server_};
};

TEST_F(session_cookie, the_refresh_token_is_where_no_script_reads_it) {
    const auto answer = sign_in_by_page();
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("/refresh_token"), "");
    EXPECT_FALSE(answer.text("/access_token").empty());
    const std::string cookie = answer.field("Set-Cookie");
    for (const std::string_view part :
         {"breakwater_refresh=", "HttpOnly", "SameSite=Strict", "Path=/auth", "Max-Age="})
        EXPECT_NE(cookie.find(part), std::string::npos) << part << " in " << cookie;
    EXPECT_EQ(cookie.find("Domain"), std::string::npos);
}

TEST_F(session_cookie, is_for_secure_connections_alone_where_it_came_by_one) {
    const auto sign_in = [](const server_process& server) {
        return api_client(server)
            .post(
                "/auth/login", json::object{{"email", admin_email}, {"password", admin_password}},
                {{"X-Session-Cookie", "1"}, {"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "https"}})
            .field("Set-Cookie");
    };
    server_process behind_a_proxy{{.variables = {{"TRUSTED_PROXIES", "127.0.0.1"}}}};
    EXPECT_NE(sign_in(behind_a_proxy).find("; Secure"), std::string::npos);
    EXPECT_EQ(sign_in(server_).find("; Secure"), std::string::npos) << "anybody may say so";
}

TEST_F(session_cookie, a_sign_out_that_fails_leaves_the_cookie_of_somebody_else) {
    const std::string cookie = cookie_of(sign_in_by_page());
    api_client ada = as_new_user(server_, "ada@example.com");
    const auto refused =
        ada.send("POST", "/auth/logout", "{}", {{"X-Session-Cookie", "1"}, {"Cookie", cookie}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_FALSE(refused.has("Set-Cookie"));
    const auto everywhere =
        ada.send("POST", "/auth/logout-all", std::nullopt, {{"X-Session-Cookie", "1"}, {"Cookie", cookie}});
    EXPECT_EQ(everywhere.status, 204);
    EXPECT_FALSE(everywhere.has("Set-Cookie"));
    EXPECT_EQ(refresh_with(cookie).status, 200);
}

TEST_F(session_cookie, without_the_header_nothing_is_set) {
    const auto answer =
        anyone_.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}});
    EXPECT_FALSE(answer.has("Set-Cookie"));
    EXPECT_FALSE(answer.text("/refresh_token").empty());
}

TEST_F(session_cookie, it_is_exchanged_and_works_once) {
    const std::string first = cookie_of(sign_in_by_page());
    const auto renewed = refresh_with(first);
    ASSERT_EQ(renewed.status, 200) << renewed.body;
    EXPECT_EQ(renewed.text("/refresh_token"), "");
    const std::string second = cookie_of(renewed);
    EXPECT_NE(first, second);
    EXPECT_EQ(cookie_of(refresh_with(first)), second) << "where the answer was lost";
    const std::string third = cookie_of(refresh_with(second));
    const auto again = refresh_with(first);
    EXPECT_EQ(again.status, 401);
    EXPECT_NE(again.field("Set-Cookie").find("Max-Age=0"), std::string::npos) << "it is of no more use";
    EXPECT_EQ(refresh_with(third).status, 401) << "all of that sign-in ended";
}

TEST_F(session_cookie, it_counts_for_nobody_who_can_not_send_the_header) {
    const std::string cookie = cookie_of(sign_in_by_page());
    // What a form on another site can do: the cookie, any body, no header of its own.
    EXPECT_EQ(anyone_.send("POST", "/auth/refresh", "{}", {{"Cookie", cookie}}).status, 422);
    // What a script there would ask first.
    const auto preflight = anyone_.send("OPTIONS", "/auth/refresh", std::nullopt,
                                        {{"Origin", "https://elsewhere.example"},
                                         {"Access-Control-Request-Method", "POST"},
                                         {"Access-Control-Request-Headers", "x-session-cookie"}});
    EXPECT_EQ(preflight.field("Access-Control-Allow-Headers").find("ession"), std::string::npos);
    EXPECT_EQ(refresh_with(cookie).status, 200) << "and nothing was used up";
}

TEST_F(session_cookie, without_a_cookie_it_is_refused_and_on_record) {
    EXPECT_EQ(refresh_with("other=1").status, 401);
    EXPECT_EQ(refresh_with("breakwater_refresh=forged").status, 401);
    auto admin = as_admin(server_);
    EXPECT_GE(count_events(admin, "refresh", "denied"), 1);
}

TEST_F(session_cookie, signing_out_ends_it_and_takes_the_cookie_away) {
    const auto session = sign_in_by_page();
    const std::string cookie = cookie_of(session);
    const auto out = anyone_.send("POST", "/auth/logout", "",
                                  {{"X-Session-Cookie", "1"},
                                   {"Cookie", cookie},
                                   {"Authorization", "Bearer " + session.text("/access_token")}});
    EXPECT_EQ(out.status, 204);
    EXPECT_NE(out.field("Set-Cookie").find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(refresh_with(cookie).status, 401);
}

} // namespace
} // namespace breakwater::test
