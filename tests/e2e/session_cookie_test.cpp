#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// Requests like those of the web client, which keeps its refresh token in a cookie.
class session_cookie : public testing::Test {
protected:
    http_response sign_in_from_page() {
        return client_.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}},
                            page_fields);
    }
    http_response refresh_with(const std::string& cookie) {
        return client_.send("POST", "/auth/refresh", "", {{"X-Session-Cookie", "1"}, {"Cookie", cookie}});
    }
    /// Name and value of the cookie, as a browser sends them back.
    static std::string cookie_of(const http_response& response) {
        const std::string header = response.field("Set-Cookie");
        return header.substr(0, header.find(';'));
    }

    const http_fields page_fields{{"X-Session-Cookie", "1"}};
    server_process server_;
    api_client client_{server_};
};

TEST_F(session_cookie, keeps_the_refresh_token_where_no_script_can_read_it) {
    const auto response = sign_in_from_page();
    ASSERT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.text("/refresh_token"), "");
    EXPECT_FALSE(response.text("/access_token").empty());
    const std::string cookie = response.field("Set-Cookie");
    for (const std::string_view part :
         {"breakwater_refresh=", "HttpOnly", "SameSite=Strict", "Path=/auth", "Max-Age="})
        EXPECT_NE(cookie.find(part), std::string::npos) << part << " in " << cookie;
    EXPECT_EQ(cookie.find("Domain"), std::string::npos);
}

TEST_F(session_cookie, is_marked_secure_when_it_was_set_over_tls) {
    const auto sign_in = [](const server_process& server) {
        return api_client(server)
            .post(
                "/auth/login", json::object{{"email", admin_email}, {"password", admin_password}},
                {{"X-Session-Cookie", "1"}, {"X-Forwarded-For", "192.0.2.1"}, {"X-Forwarded-Proto", "https"}})
            .field("Set-Cookie");
    };
    server_process behind_a_proxy{{.variables = {{"TRUSTED_PROXIES", "127.0.0.1"}}}};
    EXPECT_NE(sign_in(behind_a_proxy).find("; Secure"), std::string::npos);
    EXPECT_EQ(sign_in(server_).find("; Secure"), std::string::npos)
        << "only a trusted proxy may report the scheme";
}

TEST_F(session_cookie, of_another_account_is_not_cleared_by_a_sign_out) {
    const std::string cookie = cookie_of(sign_in_from_page());
    api_client ada = as_new_user(server_, "ada@example.com");
    const auto refused =
        ada.send("POST", "/auth/logout", "{}", {{"X-Session-Cookie", "1"}, {"Cookie", cookie}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_FALSE(refused.has("Set-Cookie"));
    const auto logout_all =
        ada.send("POST", "/auth/logout-all", std::nullopt, {{"X-Session-Cookie", "1"}, {"Cookie", cookie}});
    EXPECT_EQ(logout_all.status, 204);
    EXPECT_FALSE(logout_all.has("Set-Cookie"));
    EXPECT_EQ(refresh_with(cookie).status, 200);
}

TEST_F(session_cookie, is_not_set_without_the_header) {
    const auto response =
        client_.post("/auth/login", json::object{{"email", admin_email}, {"password", admin_password}});
    EXPECT_FALSE(response.has("Set-Cookie"));
    EXPECT_FALSE(response.text("/refresh_token").empty());
}

TEST_F(session_cookie, is_replaced_on_refresh_and_revoked_on_reuse) {
    const std::string first = cookie_of(sign_in_from_page());
    const auto renewed = refresh_with(first);
    ASSERT_EQ(renewed.status, 200) << renewed.body;
    EXPECT_EQ(renewed.text("/refresh_token"), "");
    const std::string second = cookie_of(renewed);
    EXPECT_NE(first, second);
    EXPECT_EQ(cookie_of(refresh_with(first)), second) << "the client may have lost the response";
    const std::string third = cookie_of(refresh_with(second));
    const auto reused = refresh_with(first);
    EXPECT_EQ(reused.status, 401);
    EXPECT_NE(reused.field("Set-Cookie").find("Max-Age=0"), std::string::npos)
        << "the server clears the cookie";
    EXPECT_EQ(refresh_with(third).status, 401) << "reuse ends the whole session";
}

TEST_F(session_cookie, is_ignored_without_the_header) {
    const std::string cookie = cookie_of(sign_in_from_page());
    // A form on another site can send the cookie and any body, but no custom header.
    EXPECT_EQ(client_.send("POST", "/auth/refresh", "{}", {{"Cookie", cookie}}).status, 422);
    // A script on another site would send this preflight request first.
    const auto preflight = client_.send("OPTIONS", "/auth/refresh", std::nullopt,
                                        {{"Origin", "https://elsewhere.example"},
                                         {"Access-Control-Request-Method", "POST"},
                                         {"Access-Control-Request-Headers", "x-session-cookie"}});
    EXPECT_EQ(preflight.field("Access-Control-Allow-Headers").find("ession"), std::string::npos);
    EXPECT_EQ(refresh_with(cookie).status, 200) << "the refused request did not use up the token";
}

TEST_F(session_cookie, missing_or_forged_is_refused_and_recorded) {
    EXPECT_EQ(refresh_with("other=1").status, 401);
    EXPECT_EQ(refresh_with("breakwater_refresh=forged").status, 401);
    auto admin = as_admin(server_);
    EXPECT_GE(count_events(admin, "refresh", "denied"), 1);
}

TEST_F(session_cookie, is_cleared_by_a_sign_out_that_ends_the_session) {
    const auto session = sign_in_from_page();
    const std::string cookie = cookie_of(session);
    const auto sign_out = client_.send("POST", "/auth/logout", "",
                                       {{"X-Session-Cookie", "1"},
                                        {"Cookie", cookie},
                                        {"Authorization", "Bearer " + session.text("/access_token")}});
    EXPECT_EQ(sign_out.status, 204);
    EXPECT_NE(sign_out.field("Set-Cookie").find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(refresh_with(cookie).status, 401);
}

} // namespace
} // namespace breakwater::test
