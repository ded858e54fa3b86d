#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

class cli_config : public testing::Test {
protected:
    program_result check(environment overrides = {}) {
        environment variables = test_environment(folder_.path());
        for (auto& [name, value] : overrides)
            variables[name] = value;
        return run_program({"check-config"}, folder_.path(), variables);
    }
    void write_env(std::string_view text) { std::ofstream{folder_ / ".env"} << text; }

    temp_folder folder_;
};

TEST_F(cli_config, shows_the_source_of_each_value) {
    write_env("PORT=1234\nLOG_LEVEL='debug' # loud\n");
    const auto report = check();
    EXPECT_EQ(report.exit_code, 0) << report.out << report.err;
    // Collapses runs of spaces, because the width of the columns varies.
    std::string words;
    for (const char c : report.out)
        if (c != ' ' || !words.ends_with(' '))
            words += c;
    for (const char* line :
         {"LOG_LEVEL .env debug", "BCRYPT_COST environment 4", "APP_NAME default ", "\nPORT environment 0"})
        EXPECT_NE(words.find(line), std::string::npos) << line << '\n' << report.out;
}

TEST_F(cli_config, accepts_the_example_unchanged) {
    std::filesystem::copy_file(std::filesystem::path{BREAKWATER_SOURCE_FOLDER} / ".env.example",
                               folder_ / ".env");
    // The first lines of the example require these permissions.
    std::filesystem::permissions(folder_ / ".env", std::filesystem::perms{0600});
    const auto report = run_program({"check-config"}, folder_.path(), {});
    EXPECT_EQ(report.exit_code, 0) << report.out << report.err;
    EXPECT_NE(report.out.find("0 error(s), 0 warning(s)"), std::string::npos) << report.out;
}

TEST_F(cli_config, fails_as_the_server_would_and_reports_every_error) {
    const auto refused = check({{"PORT", "x"}, {"BCRYPT_COST", "99"}});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.out.find("PORT must be"), std::string::npos) << refused.out;
    EXPECT_NE(refused.out.find("BCRYPT_COST must be"), std::string::npos) << refused.out;
    EXPECT_EQ(check({{"ENVIRONMENT", "production"}}).exit_code, 2) << "the keys are missing";
}

TEST_F(cli_config, a_malformed_file_stops_every_command_that_reads_it) {
    write_env("PORT=1\nnot a setting\n");
    const auto refused = check();
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find(".env, line 2"), std::string::npos) << refused.err;
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve"}, {"user", "list"}, {"device", "list"}, {"backup", "b.db"}}) {
        const auto failed = run_program(command, folder_.path(), test_environment(folder_.path()));
        EXPECT_EQ(failed.exit_code, 2) << command[0];
        EXPECT_NE(failed.err.find(".env, line 2"), std::string::npos) << failed.err;
    }
}

TEST_F(cli_config, an_invalid_setting_is_a_usage_error_of_other_commands) {
    environment variables = test_environment(folder_.path());
    variables["PORT"] = "x";
    const auto failed = run_program({"user", "list"}, folder_.path(), variables);
    EXPECT_EQ(failed.exit_code, 2);
    EXPECT_NE(failed.err.find("PORT must be"), std::string::npos) << failed.err;
}

TEST_F(cli_config, serve_reports_all_errors_of_settings_keys_and_certificates_at_once) {
    environment variables = test_environment(folder_.path());
    variables["ENVIRONMENT"] = "production";
    variables["LOG_LEVEL"] = "loud";
    variables["TLS_CERT_FILE"] = folder_ / "no.pem";
    variables["TLS_KEY_FILE"] = folder_ / "no.key";
    const auto failed = run_program({"serve"}, folder_.path(), variables);
    EXPECT_EQ(failed.exit_code, 2);
    for (const char* part : {"The configuration is invalid", "LOG_LEVEL must be", "JWT_SECRET_KEY must be",
                             "JWT_REFRESH_SECRET_KEY must be", "JWT_DEVICE_SECRET_KEY must be",
                             "TLS_CERT_FILE and TLS_KEY_FILE", "No such file"})
        EXPECT_NE(failed.err.find(part), std::string::npos) << part << '\n' << failed.err;
}

TEST_F(cli_config, a_file_that_is_not_a_database_is_not_changed) {
    std::ofstream{folder_ / "notes.txt"} << "not a database";
    environment variables = test_environment(folder_.path());
    variables["DATABASE_URL"] = "sqlite:///notes.txt";
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve"}, {"user", "list"}, {"device", "list"}}) {
        const auto failed = run_program(command, folder_.path(), variables);
        EXPECT_EQ(failed.exit_code, 2) << command[0];
        EXPECT_NE(failed.err.find("notes.txt is not a SQLite database"), std::string::npos) << failed.err;
        EXPECT_NE(failed.err.find("DATABASE_URL"), std::string::npos) << failed.err;
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}), 1)
        << "no other file is created";
    EXPECT_EQ(std::filesystem::file_size(folder_ / "notes.txt"), 14U);
}

TEST_F(cli_config, an_occupied_port_is_reported_with_the_option_to_change_it) {
    const server_process first;
    environment variables = test_environment(folder_.path());
    variables["PORT"] = std::to_string(first.port());
    const auto failed = run_program({"serve"}, folder_.path(), variables);
    EXPECT_EQ(failed.exit_code, 1);
    EXPECT_NE(failed.err.find("127.0.0.1:" + variables["PORT"]), std::string::npos) << failed.err;
    EXPECT_NE(failed.err.find("--port"), std::string::npos) << failed.err;
}

TEST_F(cli_config, a_server_without_an_administrator_logs_how_to_create_one) {
    server_process server{
        {.variables = {{"ENVIRONMENT", "production"},
                       {"JWT_SECRET_KEY", "a-long-enough-secret-for-access-tokens-0001"},
                       {"JWT_REFRESH_SECRET_KEY", "a-long-enough-secret-for-refresh-tokens-01"},
                       {"JWT_DEVICE_SECRET_KEY", "a-long-enough-secret-for-device-tokens-001"}}}};
    EXPECT_TRUE(server.wait_for_output("breakwater user create")) << server.output();
}

} // namespace
} // namespace breakwater::test
