#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

class system_pages : public testing::Test {
protected:
    server_process server_;
    api_client anyone_{server_};
};

TEST_F(system_pages, documentation_comes_from_the_binary_alone) {
    for (const std::string target : {"/docs", "/redoc"}) {
        const auto page = anyone_.get(target);
        ASSERT_EQ(page.status, 200) << target;
        EXPECT_TRUE(page.field("Content-Type").starts_with("text/html"));
        EXPECT_EQ(page.body.find("http://"), std::string::npos) << "nothing from elsewhere";
        EXPECT_EQ(page.body.find("https://"), std::string::npos);
        EXPECT_EQ(page.field("Content-Security-Policy").find("script-src 'self' 'unsafe"), std::string::npos);
        std::size_t at = 0;
        int files = 0;
        while ((at = page.body.find("docs/assets/", at)) != std::string::npos) {
            const auto end = page.body.find('"', at);
            EXPECT_EQ(anyone_.get("/" + page.body.substr(at, end - at)).status, 200);
            at = end;
            ++files;
        }
        EXPECT_GT(files, 3);
    }
    EXPECT_EQ(anyone_.get("/docs/assets/nonsense.js").status, 404);
    const auto client = anyone_.get("/");
    EXPECT_EQ(client.status, 200);
    EXPECT_EQ(client.field("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(client.field("Content-Security-Policy").find("script-src 'self';"), std::string::npos);
    for (const char* part : {"/app/app.js", "/app/app.css"}) {
        EXPECT_NE(client.body.find(part), std::string::npos);
        EXPECT_EQ(anyone_.get(part).status, 200);
    }
    EXPECT_EQ(anyone_.get("/app/nonsense.js").status, 404);
    const std::string script = anyone_.get("/app/app.js").body;
    int parts = 0; // that it loads when they are needed
    for (std::size_t at = 0; (at = script.find("import(\"./", at)) != std::string::npos; ++parts) {
        at += std::string_view{"import(\"./"}.size();
        EXPECT_EQ(anyone_.get("/app/" + script.substr(at, script.find('"', at) - at)).status, 200);
    }
    EXPECT_GT(parts, 0);
}

TEST_F(system_pages, the_document_of_the_api_is_the_one_checked_in) {
    std::ifstream in{BREAKWATER_SOURCE_FOLDER "/docs/openapi.json"};
    const std::string checked_in{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_TRUE(anyone_.get("/openapi.json").body == checked_in)
        << "docs/openapi.json has drifted: renew it with `scripts/run openapi > docs/openapi.json`";
}

TEST_F(system_pages, metrics_are_counted_for_prometheus) {
    api_client admin = as_admin(server_);
    const made_device device = create_device(admin);
    as_device(server_, device).post("/device/readings", boost::json::object{{"payload", sample_payload()}});
    const auto answer = anyone_.get("/metrics");
    ASSERT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.field("Content-Type").starts_with("text/plain; version=0.0.4"));
    for (const std::string_view line :
         {R"(breakwater_http_requests_total{route="POST /device/readings",status="201"} 1)",
          R"(breakwater_readings_total{outcome="accepted"} 1)",
          R"(breakwater_refused_logins_total{actor="user",reason="wrong_password"} 0)",
          R"(breakwater_queue_depth{queue="writer"})", "breakwater_reading_batch_size_count",
          "breakwater_http_request_duration_seconds_bucket"})
        EXPECT_NE(answer.body.find(line), std::string::npos) << line;
}

TEST_F(system_pages, metrics_want_their_token_where_one_is_set) {
    server_process guarded{{.variables = {{"METRICS_TOKEN", "a-token-for-the-metrics"}}}};
    EXPECT_EQ(api_client{guarded}.get("/metrics").status, 401);
    EXPECT_EQ(api_client(guarded, "a-token-for-the-metricz").get("/metrics").status, 401);
    EXPECT_EQ(api_client(guarded, "a-token-for-the-metrics").get("/metrics").status, 200);
}

TEST_F(system_pages, metrics_are_not_for_those_who_come_through_a_proxy_of_this_machine) {
    EXPECT_EQ(anyone_.get("/metrics", {{"X-Forwarded-For", "203.0.113.9"}}).status, 403);
    EXPECT_EQ(anyone_.get("/metrics", {{"Forwarded", "for=203.0.113.9"}}).status, 403);
}

TEST_F(system_pages, security_txt_names_whom_to_tell) {
    const auto answer = anyone_.get("/.well-known/security.txt");
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body.starts_with("Contact: "));
    EXPECT_NE(answer.body.find("Expires: "), std::string::npos);
}

TEST_F(system_pages, unknown_paths_and_methods_are_told_apart) {
    EXPECT_EQ(anyone_.get("/nowhere").status, 404);
    const auto wrong = anyone_.send("PATCH", "/auth/login", "{}");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_NE(wrong.field("Allow").find("POST"), std::string::npos);
}

TEST_F(system_pages, every_answer_has_the_headers_that_protect) {
    for (const std::string target : {"/healthz", "/nowhere", "/devices", "/docs"}) {
        const auto answer = anyone_.get(target);
        EXPECT_EQ(answer.field("X-Content-Type-Options"), "nosniff") << target;
        EXPECT_EQ(answer.field("X-Frame-Options"), "DENY") << target;
        EXPECT_FALSE(answer.field("Content-Security-Policy").empty()) << target;
        EXPECT_FALSE(answer.field("X-Request-Id").empty()) << target;
        EXPECT_FALSE(answer.has("Server")) << target;
        EXPECT_FALSE(answer.has("Strict-Transport-Security")) << "over TLS only";
    }
}

TEST_F(system_pages, cross_origin_calls_are_let_in_as_configured) {
    server_process strict{{.variables = {{"API_CORS_ORIGINS", R"(["https://fleet.example"])"}}}};
    api_client client{strict};
    const auto allowed =
        client.send("OPTIONS", "/devices", std::nullopt,
                    {{"Origin", "https://fleet.example"}, {"Access-Control-Request-Method", "POST"}});
    EXPECT_EQ(allowed.field("Access-Control-Allow-Origin"), "https://fleet.example");
    const auto foreign =
        client.send("OPTIONS", "/devices", std::nullopt,
                    {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}});
    EXPECT_FALSE(foreign.has("Access-Control-Allow-Origin"));
    EXPECT_EQ(
        anyone_.get("/healthz", {{"Origin", "https://any.example"}}).field("Access-Control-Allow-Origin"),
        "*");
}

} // namespace
} // namespace breakwater::test
