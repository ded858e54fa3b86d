#include "app/config.hpp"

#include "app/read_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace breakwater::app {
namespace {

bool takes(std::string name, std::string value) {
    return load_config({{std::move(name), std::move(value)}}, {}).has_value();
}

/// A number at its bounds and just beyond.
void expect_bounds(const std::string& name, std::int64_t least, std::int64_t most) {
    EXPECT_TRUE(takes(name, std::to_string(least))) << name;
    EXPECT_TRUE(takes(name, std::to_string(most))) << name;
    EXPECT_FALSE(takes(name, std::to_string(least - 1))) << name;
    EXPECT_FALSE(takes(name, std::to_string(most + 1))) << name;
    for (const char* text : {"", "x", "1x", "0x10", "1.5", "99999999999999999999"})
        EXPECT_FALSE(takes(name, text)) << name << '=' << text;
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

TEST(config, takes_a_base_path_that_has_one_spelling_and_hides_no_address_of_the_api) {
    const auto loaded = load_config({{"BASE_PATH", " /iot/break-water_1.0~ "}}, {});
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->base_path, "/iot/break-water_1.0~");
    for (const std::string& text : {std::string{}, std::string{"/b"}, std::string{"/apps"},
                                    std::string{"/fleet/devices"}, '/' + std::string(127, 'a')})
        EXPECT_TRUE(takes("BASE_PATH", text)) << text;
    for (const std::string& text :
         {std::string{"/"}, std::string{"fleet"}, std::string{"/fleet/"}, std::string{"/a//b"},
          std::string{"/a/../b"}, std::string{"/."}, std::string{"/a b"}, std::string{"/a%20b"},
          std::string{"/caf\u00e9"}, std::string{"/a;b"}, std::string{"/a?b"}, std::string{"/a\r\nb"},
          std::string{"https://fleet.example/a"}, '/' + std::string(128, 'a'), std::string{"/devices"},
          std::string{"/app/fleet"}, std::string{"/healthz"}})
        EXPECT_FALSE(takes("BASE_PATH", text)) << text;
}

TEST(config, reads_seconds_with_a_fraction) {
    const auto loaded = load_config({{"MIN_SECONDS_BETWEEN_READINGS", "0.25"}}, {});
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->min_reading_interval, std::chrono::milliseconds{250});
    for (const char* text : {"0", "86400", "1e2"})
        EXPECT_TRUE(takes("MIN_SECONDS_BETWEEN_READINGS", text)) << text;
    for (const char* text : {"", "-1", "-0.001", "86400.5", "nan", "inf", "1s"})
        EXPECT_FALSE(takes("MIN_SECONDS_BETWEEN_READINGS", text)) << text;
}

TEST(config, reads_lists_in_both_spellings) {
    const std::vector<std::string> two{"https://a.example", "https://b.example"};
    for (const char* text :
         {R"(["https://a.example", "https://b.example"])", "https://a.example,https://b.example",
          "['https://a.example','https://b.example']", " https://a.example , https://b.example "})
        EXPECT_EQ(load_config({{"API_CORS_ORIGINS", text}}, {}).value().cors_origins, two) << text;
    EXPECT_TRUE(load_config({{"API_CORS_ORIGINS", "[]"}}, {}).value().cors_origins.empty());
    for (const char* text : {"[\"a\"", "a b", "[\"a\" \"b\"]", ",", "\"a"})
        EXPECT_FALSE(takes("API_CORS_ORIGINS", text)) << text;
}

TEST(config, takes_origins_as_browsers_send_them) {
    for (const char* text :
         {"*", "https://fleet.example", R"(["http://localhost:3000", "*"])", "http://[::1]:8080",
          "http://192.168.0.7", "capacitor://localhost", "https://a.example:80", ""})
        EXPECT_TRUE(takes("API_CORS_ORIGINS", text)) << text;
    for (const char* text : {"fleet.example", "https://fleet.example/", "https://Fleet.example",
                             "https://*.example", "https://fleet.example:443", "http://a.example:80",
                             "http://a.example:99999", "http://a.example:", "https://me@a.example",
                             "://a.example", "https://", "null", "http://a.example?x"})
        EXPECT_FALSE(takes("API_CORS_ORIGINS", text)) << text;
}

TEST(config, takes_hosts_for_webhooks_as_they_stand_in_urls) {
    EXPECT_EQ(load_config({{"WEBHOOK_LOCAL_HOSTS", R"(["Hooks.lan", "192.168.1.7", "[::1]"])"}}, {})
                  .value()
                  .webhook_local_hosts,
              (std::vector<std::string>{"hooks.lan", "192.168.1.7", "::1"}));
    EXPECT_TRUE(load_config({}, {}).value().webhook_local_hosts.empty());
    for (const char* text :
         {"http://hooks.lan", "hooks.lan:8080", "hooks.lan/x", "*", "192.168.0.0/16", "::1"})
        EXPECT_FALSE(takes("WEBHOOK_LOCAL_HOSTS", text)) << text;
}

TEST(config, takes_a_contact_that_security_txt_may_name) {
    for (const char* text : {"mailto:a@b.example", "https://b.example/security", "tel:+48-22-0000000"})
        EXPECT_TRUE(takes("SECURITY_CONTACT", text)) << text;
    for (const char* text : {"", "a@b.example", "http://b.example", "mailto:", "javascript:alert(1)",
                             "mailto:a@b.example\nPolicy: https://evil.example", "mailto:a b"})
        EXPECT_FALSE(takes("SECURITY_CONTACT", text)) << text;
}

TEST(config, simulates_outside_of_a_local_environment_only_where_it_is_switched_on) {
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

TEST(config, reads_words) {
    EXPECT_FALSE(load_config({{"TELEMETRY_SIMULATION_ENABLED", "Off"}}, {}).value().simulates());
    EXPECT_TRUE(load_config({{"TELEMETRY_SIMULATION_ENABLED", "yes"}}, {}).value().simulates());
    EXPECT_FALSE(takes("TELEMETRY_SIMULATION_ENABLED", "maybe"));
    EXPECT_EQ(load_config({{"JWT_ALGORITHM", "EdDSA"}}, {}).value().jwt_algorithm,
              crypto::jws_algorithm::eddsa);
    EXPECT_FALSE(takes("JWT_ALGORITHM", "none"));
    EXPECT_FALSE(takes("JWT_ALGORITHM", "RS256"));
    EXPECT_FALSE(takes("LOG_LEVEL", "loud"));
    EXPECT_FALSE(takes("ENVIRONMENT", " "));
    EXPECT_FALSE(takes("METRICS_TOKEN", "fifteen-letters"));
    EXPECT_TRUE(takes("METRICS_TOKEN", "sixteen-letters!"));
}

TEST(config, takes_a_path_behind_the_scheme) {
    EXPECT_EQ(load_config({{"DATABASE_URL", "sqlite:///./data/a.db"}}, {}).value().database_file,
              "./data/a.db");
    EXPECT_EQ(load_config({{"DATABASE_URL", "sqlite:////var/lib/a.db"}}, {}).value().database_file,
              "/var/lib/a.db");
    for (const char* text : {"", "sqlite:///", "sqlite://a.db", "postgresql://host/a", "a.db"})
        EXPECT_FALSE(takes("DATABASE_URL", text)) << text;
}

TEST(config, wants_both_files_of_tls) {
    EXPECT_FALSE(takes("TLS_CERT_FILE", "cert.pem"));
    EXPECT_FALSE(takes("TLS_KEY_FILE", "key.pem"));
    EXPECT_TRUE(load_config({{"TLS_CERT_FILE", "cert.pem"}}, {{"TLS_KEY_FILE", "key.pem"}}));
}

TEST(config, tells_all_that_is_wrong_at_once) {
    const auto loaded = load_config({{"PORT", "70000"}, {"BCRYPT_COST", "3"}},
                                    {{"JWT_ALGORITHM", "none"}, {"LOG_LEVEL", "x"}});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, errc::invalid_input);
    EXPECT_EQ(loaded.error().fields.size(), 4U);
    for (const char* name :
         {"PORT must be", "BCRYPT_COST must be", "JWT_ALGORITHM must be", "LOG_LEVEL must be"})
        EXPECT_NE(loaded.error().detail.find(name), std::string::npos) << name;
}

TEST(config, lets_the_environment_win_over_the_file) {
    EXPECT_EQ(load_config({{"PORT", "1111"}}, {{"PORT", "2222"}}).value().port, 1111);
    EXPECT_EQ(load_config({}, {{"PORT", "2222"}}).value().port, 2222);
    EXPECT_EQ(load_config({}, {{"NO_SETTING", "2222"}}).value().port, config{}.port);
}

TEST(config, shows_each_value_as_it_is_read) {
    const config defaults;
    variables shown;
    for (const setting& known : settings())
        shown.emplace(known.name, known.show(defaults));
    const auto loaded = load_config(shown, {});
    ASSERT_TRUE(loaded) << loaded.error().detail;
    for (const setting& known : settings())
        EXPECT_EQ(known.show(*loaded), known.show(defaults)) << known.name;
}

TEST(config, lets_foreign_pages_in_by_default_with_a_local_environment_alone) {
    EXPECT_EQ(load_config({}, {}).value().cors_origins, std::vector<std::string>{"*"});
    EXPECT_TRUE(load_config({{"ENVIRONMENT", "production"}}, {}).value().cors_origins.empty());
    for (const variables& file : {variables{}, variables{{"API_CORS_ORIGINS", "*"}}})
        EXPECT_EQ(load_config({{"ENVIRONMENT", "production"}}, file).value().cors_origins.empty(),
                  file.empty());
}

TEST(config, allows_the_demo_where_only_this_machine_gets_in) {
    for (const char* host : {"127.0.0.1", "127.8.8.8", "localhost", "::1"})
        EXPECT_TRUE(load_config({{"HOST", host}}, {}).value().allows_demo()) << host;
    for (const char* host : {"0.0.0.0", "::", "192.168.1.7", "127.0.0.1.example.com", ""})
        EXPECT_FALSE(load_config({{"HOST", host}}, {}).value_or(config{.host = host}).allows_demo()) << host;
    EXPECT_FALSE(load_config({{"ENVIRONMENT", "production"}}, {}).value().allows_demo());
}

/// Its default depends on ENVIRONMENT, so the example has it as a comment: a copy decides nothing.
bool depends_on_environment(std::string_view name) {
    return name == "API_CORS_ORIGINS" || name == "REGISTRATION";
}

class env_example : public testing::Test {
protected:
    const std::string text_ =
        read_file(std::filesystem::path{BREAKWATER_SOURCE_FOLDER} / ".env.example", max_env_file_bytes)
            .value();
};

TEST_F(env_example, lists_exactly_the_settings) {
    const auto listed = parse_env(text_, ".env.example").value();
    for (const setting& known : settings())
        EXPECT_NE(listed.contains(known.name), depends_on_environment(known.name)) << known.name;
    for (const auto& [name, value] : listed)
        EXPECT_NE(std::ranges::find(settings(), name, &setting::name), settings().end()) << name;
}

TEST_F(env_example, loads_to_the_defaults) {
    const auto loaded = load_config({}, parse_env(text_, ".env.example").value());
    ASSERT_TRUE(loaded) << loaded.error().detail;
    for (const setting& known : settings())
        EXPECT_EQ(known.show(*loaded), known.show(config{})) << known.name;
}

TEST_F(env_example, explains_each_in_the_words_of_the_table) {
    for (const setting& known : settings())
        EXPECT_NE(text_.find("\n# " + std::string{known.help} + "\n" +
                             (depends_on_environment(known.name) ? "#" : "") + std::string{known.name} + "="),
                  std::string::npos)
            << known.name;
}

} // namespace
} // namespace breakwater::app
