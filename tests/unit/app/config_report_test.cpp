#include "app/config_report.hpp"

#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace breakwater::app {
namespace {

class config_report_test : public testing::Test {
protected:
    config_report report(variables environment, const variables& file = {}) {
        environment.try_emplace("DATABASE_URL", "sqlite:///" + (folder_ / "iot.db").string());
        return report_config(environment, file, random_);
    }
    /// A safe configuration for production.
    variables production() {
        return {{"ENVIRONMENT", "production"},
                {"JWT_SECRET_KEY", "8sJ2kfPq0aLmZx7tVbNc4RyWeUd1HgTo"},
                {"JWT_REFRESH_SECRET_KEY", "Q5rT8yUi2oPa7sDf4gHj1kLz9xCv6bNm"},
                {"JWT_DEVICE_SECRET_KEY", "m3N6b9V2c5X8z1L4k7J0h3G6f9D2s5A8"},
                {"METRICS_TOKEN", "a-token-for-metrics-only"},
                {"TRUSTED_PROXIES", "127.0.0.1"},
                {"API_CORS_ORIGINS", "https://fleet.example"},
                {"SECURITY_CONTACT", "mailto:security@fleet.example"},
                {"TELEMETRY_SIMULATION_ENABLED", "false"}};
    }
    bool warns(variables changes, std::string_view text) {
        for (auto& [name, value] : production())
            changes.try_emplace(name, value);
        return report(changes).text.contains("warning: ") && report(changes).text.contains(text);
    }

    test::temp_folder folder_;
    test::seeded_random random_;
};

std::string line_of(const config_report& report, std::string_view name) {
    const auto begin = report.text.find("\n" + std::string{name} + " ") + 1;
    return report.text.substr(begin, report.text.find('\n', begin) - begin);
}

TEST_F(config_report_test, shows_the_source_of_each_value) {
    const auto shown = report({{"PORT", "1"}}, {{"PORT", "2"}, {"HOST", "localhost"}});
    EXPECT_TRUE(shown.usable) << shown.text;
    EXPECT_TRUE(line_of(shown, "PORT").contains(" environment ")) << line_of(shown, "PORT");
    EXPECT_TRUE(line_of(shown, "PORT").ends_with(" 1"));
    EXPECT_TRUE(line_of(shown, "HOST").contains(" .env ")) << line_of(shown, "HOST");
    EXPECT_TRUE(line_of(shown, "BCRYPT_COST").contains(" default ")) << line_of(shown, "BCRYPT_COST");
    for (const setting& setting : settings())
        EXPECT_TRUE(shown.text.contains(setting.name)) << setting.name;
}

TEST_F(config_report_test, never_shows_a_secret) {
    const auto good = report(production());
    EXPECT_TRUE(good.usable) << good.text;
    variables bad = production();
    bad["JWT_SECRET_KEY"] = "short-secret";
    bad["PORT"] = "x";
    for (const std::string& text : {good.text, report(bad).text})
        for (const char* name :
             {"JWT_SECRET_KEY", "JWT_REFRESH_SECRET_KEY", "JWT_DEVICE_SECRET_KEY", "METRICS_TOKEN"}) {
            EXPECT_FALSE(text.contains(bad.at(name))) << name;
            EXPECT_FALSE(text.contains(production().at(name))) << name;
        }
    EXPECT_TRUE(line_of(good, "JWT_SECRET_KEY").ends_with("(set)"));
}

TEST_F(config_report_test, masks_the_password_of_the_database) {
    const auto shown = report({{"DATABASE_URL", "postgresql://ann:secret@db/fleet"}});
    EXPECT_FALSE(shown.text.contains("secret")) << shown.text;
    EXPECT_TRUE(line_of(shown, "DATABASE_URL").ends_with("postgresql://ann:***@db/fleet"))
        << line_of(shown, "DATABASE_URL");
}

TEST_F(config_report_test, warns_in_production_of_a_database_server_that_is_not_verified) {
    constexpr std::string_view warning = "DATABASE_URL lets any machine";
    EXPECT_TRUE(warns({{"DATABASE_URL", "postgresql://ann@db/fleet"}}, warning));
    EXPECT_TRUE(warns({{"DATABASE_URL", "postgresql://ann@db/fleet?sslmode=require"}}, warning));
    EXPECT_FALSE(warns({{"DATABASE_URL", "postgresql://ann@db/fleet?sslmode=verify-full"}}, warning));
    EXPECT_FALSE(warns({{"DATABASE_URL", "postgresql://ann@localhost/fleet"}}, warning));
}

TEST_F(config_report_test, creates_no_files) {
    EXPECT_TRUE(report({}).usable);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(config_report_test, is_not_usable_when_the_server_would_refuse_to_start) {
    const auto bad = report({{"PORT", "x"}, {"BCRYPT_COST", "99"}});
    EXPECT_FALSE(bad.usable);
    EXPECT_TRUE(bad.text.contains("error: PORT must be")) << bad.text;
    EXPECT_TRUE(bad.text.contains("error: BCRYPT_COST must be")) << bad.text;
    EXPECT_TRUE(line_of(bad, "PORT").contains("invalid"));
    EXPECT_FALSE(report({{"TRUSTED_PROXIES", "10.0.0.0/8, 1.2.3"}}).usable);
    EXPECT_FALSE(report({{"ENVIRONMENT", "production"}}).usable) << "no keys";
    const auto tls = report({{"TLS_CERT_FILE", folder_ / "no.pem"}, {"TLS_KEY_FILE", folder_ / "no.key"}});
    EXPECT_FALSE(tls.usable) << tls.text;
}

TEST_F(config_report_test, has_no_warnings_about_safe_settings) {
    const auto good = report(production());
    EXPECT_TRUE(good.text.contains("0 warning(s)")) << good.text;
    EXPECT_TRUE(report({}).text.contains("0 warning(s)")) << report({}).text;
}

TEST_F(config_report_test, warns_about_unsafe_settings) {
    EXPECT_TRUE(report({{"HOST", "0.0.0.0"}}).text.contains("demo administrator")) << "local and reachable";
    EXPECT_TRUE(report({{"JWT_SECRET_KEY", "short"}}).text.contains("shorter than the 32 bytes"));
    EXPECT_TRUE(
        report({{"JWT_SECRET_KEY", "x"}, {"JWT_DEVICE_SECRET_KEY", "x"}}).text.contains("share a key"));
    EXPECT_TRUE(warns({{"HOST", "0.0.0.0"}, {"TRUSTED_PROXIES", ""}}, "without TLS"));
    EXPECT_TRUE(warns({{"TRUSTED_PROXIES", "0.0.0.0/0"}}, "from everybody"));
    EXPECT_TRUE(warns({{"TRUSTED_PROXIES", ""}}, "the address 127.0.0.1"));
    EXPECT_TRUE(warns({{"TRUSTED_PROXIES", ""}, {"METRICS_TOKEN", ""}}, "METRICS_TOKEN is not set"));
    EXPECT_TRUE(warns({{"API_CORS_ORIGINS", "*"}}, "any site"));
    EXPECT_TRUE(warns({{"WEBHOOK_LOCAL_HOSTS", "hooks.lan"}}, "your own network"));
    EXPECT_TRUE(warns({{"TELEMETRY_SIMULATION_ENABLED", "true"}}, "simulated readings"));
    EXPECT_TRUE(warns({{"BCRYPT_COST", "9"}}, "BCRYPT_COST 9"));
    EXPECT_TRUE(warns({{"SECURITY_CONTACT", "mailto:security@example.com"}}, "SECURITY_CONTACT"));
    EXPECT_TRUE(warns({{"ACCESS_TOKEN_EXP_MINUTES", "61"}}, "over an hour"));
    EXPECT_TRUE(warns({{"REFRESH_SESSION_MAX_MINUTES", "10"}}, "ends a session first"));
    EXPECT_TRUE(report({{"JWT_SECRET_KEY", std::string(40, 'x')}}).text.contains("easy to guess"));
}

TEST_F(config_report_test, warns_about_unknown_settings) {
    const auto shown = report({}, {{"JWT_SECRET", "hidden-value"}});
    EXPECT_TRUE(shown.text.contains("JWT_SECRET.")) << shown.text;
    EXPECT_FALSE(shown.text.contains("hidden-value"));
}

} // namespace
} // namespace breakwater::app
