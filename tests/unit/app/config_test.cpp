#include "app/config.hpp"

#include "app/read_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace breakwater::app {
namespace {

bool accepts(std::string name, std::string value) {
    return load_config({{std::move(name), std::move(value)}}, {}).has_value();
}

/// Expects that the setting accepts integers from `min` to `max`, and no other text.
void expect_bounds(const std::string& name, std::int64_t min, std::int64_t max) {
    EXPECT_TRUE(accepts(name, std::to_string(min))) << name;
    EXPECT_TRUE(accepts(name, std::to_string(max))) << name;
    EXPECT_FALSE(accepts(name, std::to_string(min - 1))) << name;
    EXPECT_FALSE(accepts(name, std::to_string(max + 1))) << name;
    for (const char* text : {"", "x", "1x", "0x10", "1.5", "99999999999999999999"})
        EXPECT_FALSE(accepts(name, text)) << name << '=' << text;
}

TEST(config, keeps_numbers_within_their_bounds) {
    expect_bounds("PORT", 0, 65'535);
    expect_bounds("IO_THREADS", 0, 256);
    expect_bounds("MAX_CONNECTIONS", 1, 1'000'000);
    expect_bounds("ACCESS_TOKEN_EXP_MINUTES", 1, 1'440);
    expect_bounds("REFRESH_TOKEN_EXP_MINUTES", 1, 525'600);
    expect_bounds("REFRESH_SESSION_MAX_MINUTES", 1, 5'256'000);
    expect_bounds("REFRESH_REUSE_GRACE_SECONDS", 0, 60);
    expect_bounds("DEVICE_TOKEN_EXP_MINUTES", 1, 1'440);
    expect_bounds("BCRYPT_COST", 4, 16);
    expect_bounds("DEVICE_BCRYPT_COST", 4, 8);
    expect_bounds("HASHING_THREADS", 1, 64);
    expect_bounds("HASHING_QUEUE", 1, 100'000);
    expect_bounds("DATA_PAYLOAD_LIMIT_BYTES", 2, 1'000'000);
    expect_bounds("MAX_READINGS_PAGE_SIZE", 1, 500);
    expect_bounds("LOG_RETENTION_DAYS", 1, 36'500);
}

TEST(config, accepts_a_base_path_with_one_spelling_that_hides_no_path_of_the_api) {
    const auto loaded = load_config({{"BASE_PATH", " /iot/break-water_1.0~ "}}, {});
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->base_path, "/iot/break-water_1.0~");
    for (const std::string& text : {std::string{}, std::string{"/b"}, std::string{"/apps"},
                                    std::string{"/fleet/devices"}, '/' + std::string(127, 'a')})
        EXPECT_TRUE(accepts("BASE_PATH", text)) << text;
    for (const std::string& text :
         {std::string{"/"}, std::string{"fleet"}, std::string{"/fleet/"}, std::string{"/a//b"},
          std::string{"/a/../b"}, std::string{"/."}, std::string{"/a b"}, std::string{"/a%20b"},
          std::string{"/caf\u00e9"}, std::string{"/a;b"}, std::string{"/a?b"}, std::string{"/a\r\nb"},
          std::string{"https://fleet.example/a"}, '/' + std::string(128, 'a'), std::string{"/devices"},
          std::string{"/app/fleet"}, std::string{"/healthz"}})
        EXPECT_FALSE(accepts("BASE_PATH", text)) << text;
}

TEST(config, reads_seconds_with_a_fraction) {
    const auto loaded = load_config({{"MIN_SECONDS_BETWEEN_READINGS", "0.25"}}, {});
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->min_reading_interval, std::chrono::milliseconds{250});
    for (const char* text : {"0", "86400", "1e2"})
        EXPECT_TRUE(accepts("MIN_SECONDS_BETWEEN_READINGS", text)) << text;
    for (const char* text : {"", "-1", "-0.001", "86400.5", "nan", "inf", "1s"})
        EXPECT_FALSE(accepts("MIN_SECONDS_BETWEEN_READINGS", text)) << text;
}

TEST(config, reads_lists_in_both_formats) {
    const std::vector<std::string> origins{"https://a.example", "https://b.example"};
    for (const char* text :
         {R"(["https://a.example", "https://b.example"])", "https://a.example,https://b.example",
          "['https://a.example','https://b.example']", " https://a.example , https://b.example "})
        EXPECT_EQ(load_config({{"API_CORS_ORIGINS", text}}, {}).value().cors_origins, origins) << text;
    EXPECT_TRUE(load_config({{"API_CORS_ORIGINS", "[]"}}, {}).value().cors_origins.empty());
    for (const char* text : {"[\"a\"", "a b", "[\"a\" \"b\"]", ",", "\"a"})
        EXPECT_FALSE(accepts("API_CORS_ORIGINS", text)) << text;
}

TEST(config, accepts_origins_as_browsers_send_them) {
    for (const char* text :
         {"*", "https://fleet.example", R"(["http://localhost:3000", "*"])", "http://[::1]:8080",
          "http://192.168.0.7", "capacitor://localhost", "https://a.example:80", ""})
        EXPECT_TRUE(accepts("API_CORS_ORIGINS", text)) << text;
    for (const char* text : {"fleet.example", "https://fleet.example/", "https://Fleet.example",
                             "https://*.example", "https://fleet.example:443", "http://a.example:80",
                             "http://a.example:99999", "http://a.example:", "https://me@a.example",
                             "://a.example", "https://", "null", "http://a.example?x"})
        EXPECT_FALSE(accepts("API_CORS_ORIGINS", text)) << text;
}

TEST(config, accepts_webhook_hosts_as_in_urls) {
    EXPECT_EQ(load_config({{"WEBHOOK_LOCAL_HOSTS", R"(["Hooks.lan", "192.168.1.7", "[::1]"])"}}, {})
                  .value()
                  .webhook_local_hosts,
              (std::vector<std::string>{"hooks.lan", "192.168.1.7", "::1"}));
    EXPECT_TRUE(load_config({}, {}).value().webhook_local_hosts.empty());
    for (const char* text :
         {"http://hooks.lan", "hooks.lan:8080", "hooks.lan/x", "*", "192.168.0.0/16", "::1"})
        EXPECT_FALSE(accepts("WEBHOOK_LOCAL_HOSTS", text)) << text;
}

TEST(config, accepts_contacts_that_security_txt_allows) {
    for (const char* text : {"mailto:a@b.example", "https://b.example/security", "tel:+48-22-0000000"})
        EXPECT_TRUE(accepts("SECURITY_CONTACT", text)) << text;
    for (const char* text : {"", "a@b.example", "http://b.example", "mailto:", "javascript:alert(1)",
                             "mailto:a@b.example\nPolicy: https://evil.example", "mailto:a b"})
        EXPECT_FALSE(accepts("SECURITY_CONTACT", text)) << text;
}

TEST(config, simulates_outside_a_local_environment_only_if_enabled) {
    EXPECT_TRUE(load_config({}, {}).value().simulates());
    EXPECT_TRUE(load_config({{"TELEMETRY_SIMULATION_ENABLED", ""}}, {}).value().simulates());
    EXPECT_FALSE(load_config({{"ENVIRONMENT", "production"}}, {}).value().simulates());
    EXPECT_FALSE(load_config({{"ENVIRONMENT", "staging"}, {"TELEMETRY_SIMULATION_ENABLED", ""}}, {})
                     .value()
                     .simulates());
    EXPECT_TRUE(load_config({{"ENVIRONMENT", "production"}, {"TELEMETRY_SIMULATION_ENABLED", "true"}}, {})
                    .value()
                    .simulates());
}

TEST(config, accepts_only_known_words) {
    EXPECT_FALSE(load_config({{"TELEMETRY_SIMULATION_ENABLED", "Off"}}, {}).value().simulates());
    EXPECT_TRUE(load_config({{"TELEMETRY_SIMULATION_ENABLED", "yes"}}, {}).value().simulates());
    EXPECT_FALSE(accepts("TELEMETRY_SIMULATION_ENABLED", "maybe"));
    EXPECT_EQ(load_config({{"JWT_ALGORITHM", "EdDSA"}}, {}).value().jwt_algorithm,
              crypto::jws_algorithm::eddsa);
    EXPECT_FALSE(accepts("JWT_ALGORITHM", "none"));
    EXPECT_FALSE(accepts("JWT_ALGORITHM", "RS256"));
    EXPECT_FALSE(accepts("LOG_LEVEL", "loud"));
    EXPECT_FALSE(accepts("ENVIRONMENT", " "));
    EXPECT_FALSE(accepts("METRICS_TOKEN", "fifteen-letters"));
    EXPECT_TRUE(accepts("METRICS_TOKEN", "sixteen-letters!"));
}

TEST(config, reads_the_path_after_the_scheme) {
    EXPECT_EQ(load_config({{"DATABASE_URL", "sqlite:///./data/a.db"}}, {}).value().database.file(),
              "./data/a.db");
    EXPECT_EQ(load_config({{"DATABASE_URL", "sqlite:////var/lib/a.db"}}, {}).value().database.file(),
              "/var/lib/a.db");
}

TEST(config, never_quotes_an_invalid_url_of_a_database) {
    for (const char* text : {"", "secret", "postgresql://ann:se/cret@db/a", "mysql://ann:secret@db/a"}) {
        const auto loaded = load_config({{"DATABASE_URL", text}}, {});
        ASSERT_FALSE(loaded) << text;
        EXPECT_TRUE(loaded.error().detail.starts_with("DATABASE_URL must ")) << loaded.error().detail;
        EXPECT_FALSE(loaded.error().detail.contains("cret")) << loaded.error().detail;
    }
}

TEST(config, requires_both_tls_files) {
    EXPECT_FALSE(accepts("TLS_CERT_FILE", "cert.pem"));
    EXPECT_FALSE(accepts("TLS_KEY_FILE", "key.pem"));
    EXPECT_TRUE(load_config({{"TLS_CERT_FILE", "cert.pem"}}, {{"TLS_KEY_FILE", "key.pem"}}));
}

TEST(config, reports_all_problems_at_once) {
    const auto loaded = load_config({{"PORT", "70000"}, {"BCRYPT_COST", "3"}},
                                    {{"JWT_ALGORITHM", "none"}, {"LOG_LEVEL", "x"}});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, errc::invalid_input);
    EXPECT_EQ(loaded.error().fields.size(), 4U);
    for (const char* name :
         {"PORT must be", "BCRYPT_COST must be", "JWT_ALGORITHM must be", "LOG_LEVEL must be"})
        EXPECT_NE(loaded.error().detail.find(name), std::string::npos) << name;
}

TEST(config, prefers_the_environment_over_the_file) {
    EXPECT_EQ(load_config({{"PORT", "1111"}}, {{"PORT", "2222"}}).value().port, 1111);
    EXPECT_EQ(load_config({}, {{"PORT", "2222"}}).value().port, 2222);
    EXPECT_EQ(load_config({}, {{"NO_SETTING", "2222"}}).value().port, config{}.port);
}

TEST(config, shows_each_value_in_a_form_that_it_can_read) {
    const config defaults;
    variables shown;
    for (const setting& setting : settings())
        shown.emplace(setting.name, setting.show(defaults));
    const auto loaded = load_config(shown, {});
    ASSERT_TRUE(loaded) << loaded.error().detail;
    for (const setting& setting : settings())
        EXPECT_EQ(setting.show(*loaded), setting.show(defaults)) << setting.name;
}

TEST(config, allows_other_origins_by_default_only_in_a_local_environment) {
    EXPECT_EQ(load_config({}, {}).value().cors_origins, std::vector<std::string>{"*"});
    EXPECT_TRUE(load_config({{"ENVIRONMENT", "production"}}, {}).value().cors_origins.empty());
    for (const variables& file : {variables{}, variables{{"API_CORS_ORIGINS", "*"}}})
        EXPECT_EQ(load_config({{"ENVIRONMENT", "production"}}, file).value().cors_origins.empty(),
                  file.empty());
}

TEST(config, allows_the_demo_if_only_this_machine_can_connect) {
    for (const char* host : {"127.0.0.1", "127.8.8.8", "localhost", "::1"})
        EXPECT_TRUE(load_config({{"HOST", host}}, {}).value().allows_demo()) << host;
    for (const char* host : {"0.0.0.0", "::", "192.168.1.7", "127.0.0.1.example.com", ""})
        EXPECT_FALSE(load_config({{"HOST", host}}, {}).value_or(config{.host = host}).allows_demo()) << host;
    EXPECT_FALSE(load_config({{"ENVIRONMENT", "production"}}, {}).value().allows_demo());
}

/// The default depends on ENVIRONMENT, so .env.example contains it as a comment: a copy does not set it.
bool depends_on_environment(std::string_view name) {
    return name == "API_CORS_ORIGINS" || name == "REGISTRATION";
}

class env_example : public testing::Test {
protected:
    const std::string text_ =
        read_file(std::filesystem::path{BREAKWATER_SOURCE_FOLDER} / ".env.example", max_env_file_bytes)
            .value();
};

TEST_F(env_example, lists_all_settings_and_no_others) {
    const auto listed = parse_env(text_, ".env.example").value();
    for (const setting& setting : settings())
        EXPECT_NE(listed.contains(setting.name), depends_on_environment(setting.name)) << setting.name;
    for (const auto& [name, value] : listed)
        EXPECT_NE(std::ranges::find(settings(), name, &setting::name), settings().end()) << name;
}

TEST_F(env_example, loads_to_the_defaults) {
    const auto loaded = load_config({}, parse_env(text_, ".env.example").value());
    ASSERT_TRUE(loaded) << loaded.error().detail;
    for (const setting& setting : settings())
        EXPECT_EQ(setting.show(*loaded), setting.show(config{})) << setting.name;
}

TEST_F(env_example, explains_each_setting_with_its_help_text) {
    for (const setting& setting : settings())
        EXPECT_NE(text_.find("\n# " + std::string{setting.help} + "\n" +
                             (depends_on_environment(setting.name) ? "#" : "") + std::string{setting.name} +
                             "="),
                  std::string::npos)
            << setting.name;
}

} // namespace
} // namespace breakwater::app
