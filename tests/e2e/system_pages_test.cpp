#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

class system_pages : public testing::Test {
protected:
    server_process server_;
    api_client client_{server_};
};

TEST_F(system_pages, documentation_is_served_from_the_binary_alone) {
    for (const std::string target : {"/docs", "/redoc"}) {
        const auto page = client_.get(target);
        ASSERT_EQ(page.status, 200) << target;
        EXPECT_TRUE(page.field("Content-Type").starts_with("text/html"));
        EXPECT_EQ(page.body.find("http://"), std::string::npos)
            << "the page must load nothing from other hosts";
        EXPECT_EQ(page.body.find("https://"), std::string::npos);
        EXPECT_EQ(page.field("Content-Security-Policy").find("script-src 'self' 'unsafe"), std::string::npos);
        std::size_t position = 0;
        int files = 0;
        while ((position = page.body.find("docs/assets/", position)) != std::string::npos) {
            const auto end = page.body.find('"', position);
            EXPECT_EQ(client_.get("/" + page.body.substr(position, end - position)).status, 200);
            position = end;
            ++files;
        }
        EXPECT_GT(files, 3);
    }
    EXPECT_EQ(client_.get("/docs/assets/nonsense.js").status, 404);
    const auto web_client = client_.get("/");
    EXPECT_EQ(web_client.status, 200);
    EXPECT_EQ(web_client.field("Content-Type"), "text/html; charset=utf-8");
    EXPECT_NE(web_client.field("Content-Security-Policy").find("script-src 'self';"), std::string::npos);
    for (const char* part : {"/app/app.js", "/app/app.css"}) {
        EXPECT_NE(web_client.body.find(part), std::string::npos);
        EXPECT_EQ(client_.get(part).status, 200);
    }
    EXPECT_EQ(client_.get("/app/nonsense.js").status, 404);
    const std::string script = client_.get("/app/app.js").body;
    int chunks = 0; // modules that the script loads on demand
    std::size_t position = 0;
    while ((position = script.find("import(\"./", position)) != std::string::npos) {
        position += std::string_view{"import(\"./"}.size();
        const std::string name = script.substr(position, script.find('"', position) - position);
        EXPECT_EQ(client_.get("/app/" + name).status, 200);
        ++chunks;
    }
    EXPECT_GT(chunks, 0);
}

TEST_F(system_pages, the_openapi_document_matches_the_checked_in_file) {
    std::ifstream in{BREAKWATER_SOURCE_FOLDER "/docs/openapi.json"};
    const std::string checked_in{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_TRUE(client_.get("/openapi.json").body == checked_in)
        << "docs/openapi.json is out of date: regenerate it with `scripts/run openapi > docs/openapi.json`";
}

TEST_F(system_pages, the_asyncapi_document_matches_the_checked_in_file) {
    std::ifstream in{BREAKWATER_SOURCE_FOLDER "/docs/asyncapi.json"};
    const std::string checked_in{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_TRUE(client_.get("/asyncapi.json").body == checked_in)
        << "docs/asyncapi.json is out of date: regenerate it with `scripts/run asyncapi > "
           "docs/asyncapi.json`";
}

TEST_F(system_pages, metrics_are_in_the_prometheus_format) {
    api_client admin = as_admin(server_);
    const device_credentials device = create_device(admin);
    as_device(server_, device).post("/device/readings", boost::json::object{{"payload", sample_payload()}});
    const auto response = client_.get("/metrics");
    ASSERT_EQ(response.status, 200);
    EXPECT_TRUE(response.field("Content-Type").starts_with("text/plain; version=0.0.4"));
    for (const std::string_view line :
         {R"(breakwater_http_requests_total{route="POST /device/readings",status="201"} 1)",
          R"(breakwater_readings_total{outcome="accepted"} 1)",
          R"(breakwater_refused_logins_total{actor="user",reason="wrong_password"} 0)",
          R"(breakwater_queue_depth{queue="writer"})", "breakwater_reading_batch_size_count",
          "breakwater_http_request_duration_seconds_bucket"})
        EXPECT_NE(response.body.find(line), std::string::npos) << line;
}

TEST_F(system_pages, metrics_require_their_token_when_one_is_set) {
    server_process guarded{{.variables = {{"METRICS_TOKEN", "a-token-for-the-metrics"}}}};
    EXPECT_EQ(api_client{guarded}.get("/metrics").status, 401);
    EXPECT_EQ(api_client(guarded, "a-token-for-the-metricz").get("/metrics").status, 401);
    EXPECT_EQ(api_client(guarded, "a-token-for-the-metrics").get("/metrics").status, 200);
}

TEST_F(system_pages, metrics_are_refused_through_a_proxy_on_this_machine) {
    EXPECT_EQ(client_.get("/metrics", {{"X-Forwarded-For", "203.0.113.9"}}).status, 403);
    EXPECT_EQ(client_.get("/metrics", {{"Forwarded", "for=203.0.113.9"}}).status, 403);
}

TEST_F(system_pages, security_txt_names_a_contact) {
    const auto response = client_.get("/.well-known/security.txt");
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.body.starts_with("Contact: "));
    EXPECT_NE(response.body.find("Expires: "), std::string::npos);
}

TEST_F(system_pages, unknown_paths_are_404_and_unknown_methods_405) {
    EXPECT_EQ(client_.get("/nowhere").status, 404);
    const auto wrong = client_.send("PATCH", "/auth/login", "{}");
    EXPECT_EQ(wrong.status, 405);
    EXPECT_NE(wrong.field("Allow").find("POST"), std::string::npos);
}

TEST_F(system_pages, every_response_has_the_security_headers) {
    for (const std::string target : {"/healthz", "/nowhere", "/devices", "/docs"}) {
        const auto response = client_.get(target);
        EXPECT_EQ(response.field("X-Content-Type-Options"), "nosniff") << target;
        EXPECT_EQ(response.field("X-Frame-Options"), "DENY") << target;
        EXPECT_FALSE(response.field("Content-Security-Policy").empty()) << target;
        EXPECT_FALSE(response.field("X-Request-Id").empty()) << target;
        EXPECT_FALSE(response.has("Server")) << target;
        EXPECT_FALSE(response.has("Strict-Transport-Security")) << "over TLS only";
    }
}

TEST_F(system_pages, cross_origin_requests_are_allowed_as_configured) {
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
        client_.get("/healthz", {{"Origin", "https://any.example"}}).field("Access-Control-Allow-Origin"),
        "*");
}

} // namespace
} // namespace breakwater::test
