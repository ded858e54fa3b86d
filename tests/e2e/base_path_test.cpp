#include "support/e2e.hpp"
#include "support/websocket_client.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// A server that a proxy publishes at https://…/breakwater/.
class base_path : public testing::Test {
protected:
    const json::object sign_in_body_{{"email", admin_email}, {"password", admin_password}};
    server_process server_{{.variables = {{"BASE_PATH", "/breakwater"}}}};
    api_client anyone_{server_};
};

TEST_F(base_path, is_optional_in_requests) {
    for (const std::string prefix : {"/breakwater", ""}) {
        EXPECT_EQ(anyone_.get(prefix + "/healthz").status, 200) << prefix;
        EXPECT_EQ(anyone_.get(prefix + "/docs").status, 200) << prefix;
        const auto page = anyone_.get(prefix + "/");
        EXPECT_EQ(page.status, 200) << prefix;
        EXPECT_NE(page.field("Content-Security-Policy").find("base-uri 'none'"), std::string::npos);
        EXPECT_EQ(anyone_.post(prefix + "/auth/login", sign_in_body_).status, 200) << prefix;
    }
    EXPECT_EQ(anyone_.get("/breakwater").field("Location"), "/breakwater/");
    EXPECT_EQ(anyone_.get("/elsewhere/healthz").status, 404);
    EXPECT_TRUE(server_.wait_for_output(std::to_string(server_.port()) + "/breakwater/docs"));
}

TEST_F(base_path, pages_have_no_address_outside_it) {
    for (const std::string target : {"/", "/docs", "/redoc"}) {
        const std::string body = anyone_.get("/breakwater" + target).body;
        EXPECT_EQ(body.find("href=\"/"), std::string::npos) << target;
        EXPECT_EQ(body.find("src=\"/"), std::string::npos) << target;
    }
    EXPECT_EQ(anyone_.get("/openapi.json").json().at("servers").at(0).at("url"), "/breakwater");
    EXPECT_EQ(anyone_.get("/asyncapi.json").json().at("channels").at("live").at("address"),
              "/breakwater/live");
}

TEST_F(base_path, is_the_scope_of_both_cookies) {
    api_client page{server_};
    const auto response = page.post("/breakwater/auth/login", sign_in_body_, {{"X-Session-Cookie", "1"}});
    ASSERT_EQ(response.status, 200) << response.body;
    int cookies = 0;
    for (const auto& [name, value] : response.fields)
        if (name == "Set-Cookie") {
            ++cookies;
            EXPECT_NE(value.find("; Path=/breakwater/auth;"), std::string::npos) << value;
        }
    EXPECT_EQ(cookies, 2);
    const std::string cookie = response.field("Set-Cookie");
    const auto refused = page.send("POST", "/breakwater/auth/refresh", "",
                                   {{"X-Session-Cookie", "1"}, {"Cookie", "breakwater_refresh=gone"}});
    EXPECT_EQ(refused.status, 401);
    EXPECT_NE(refused.field("Set-Cookie").find("Path=/breakwater/auth; Max-Age=0"), std::string::npos)
        << "or the browser would keep the cookie";
    EXPECT_EQ(page.send("POST", "/breakwater/auth/refresh", "",
                        {{"X-Session-Cookie", "1"}, {"Cookie", cookie.substr(0, cookie.find(';'))}})
                  .status,
              200);
}

TEST_F(base_path, is_part_of_every_link) {
    api_client admin = as_admin(server_);
    const auto created = admin.post("/admin/invitations", json::object{});
    EXPECT_EQ(created.text("/path"), "/breakwater/#invitation=" + created.text("/token"));
    create_device(admin, "One");
    create_device(admin, "Two");
    EXPECT_TRUE(
        admin.get("/devices?limit=1").field("Link").starts_with("</breakwater/devices?limit=1&cursor="));
    server_.stop();
    environment variables = test_environment(server_.folder());
    variables["BASE_PATH"] = "/breakwater";
    const auto printed = run_program({"invitation", "create"}, server_.folder(), variables);
    EXPECT_EQ(printed.exit_code, 0) << printed.err;
    EXPECT_TRUE(printed.out.starts_with("/breakwater/#invitation=")) << printed.out;
}

TEST_F(base_path, serves_live_connections) {
    api_client admin = as_admin(server_);
    websocket_client live{server_.port(), "/breakwater/live"};
    EXPECT_EQ(live.status(), 101);
    EXPECT_EQ(websocket_client(server_.port(), "/breakwater/nothing").status(), 404);
}

TEST_F(base_path, must_not_hide_an_address_of_the_api) {
    server_.stop();
    environment variables = test_environment(server_.folder());
    variables["BASE_PATH"] = "/devices";
    const auto refused = run_program({"check-config"}, server_.folder(), variables);
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.out.find("BASE_PATH must not start with /devices"), std::string::npos) << refused.out;
}

} // namespace
} // namespace breakwater::test
