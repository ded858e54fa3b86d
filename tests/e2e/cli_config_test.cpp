#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

class cli_config : public testing::Test {
protected:
    program_result check(environment more = {}) {
        environment variables = test_environment(folder_.path());
        for (auto& [name, value] : more)
            variables[name] = value;
        return run_program({"check-config"}, folder_.path(), variables);
    }
    void write_env(std::string_view text) { std::ofstream{folder_ / ".env"} << text; }

    temp_folder folder_;
};

TEST_F(cli_config, shows_where_values_come_from) {
    write_env("PORT=1234\nLOG_LEVEL='debug' # loud\n");
    const auto shown = check();
    EXPECT_EQ(shown.exit_code, 0) << shown.out << shown.err;
    // A line's words, however wide the columns are.
    std::string words;
    for (const char c : shown.out)
        if (c != ' ' || !words.ends_with(' '))
            words += c;
    for (const char* line :
         {"LOG_LEVEL .env debug", "BCRYPT_COST environment 4", "APP_NAME default ", "\nPORT environment 0"})
        EXPECT_NE(words.find(line), std::string::npos) << line << '\n' << shown.out;
}

TEST_F(cli_config, takes_the_example_as_it_is) {
    std::filesystem::copy_file(std::filesystem::path{BREAKWATER_SOURCE_FOLDER} / ".env.example",
                               folder_ / ".env");
    std::filesystem::permissions(folder_ / ".env", std::filesystem::perms{0600}); // as its first lines ask
    const auto shown = run_program({"check-config"}, folder_.path(), {});
    EXPECT_EQ(shown.exit_code, 0) << shown.out << shown.err;
    EXPECT_NE(shown.out.find("0 error(s), 0 warning(s)"), std::string::npos) << shown.out;
}

TEST_F(cli_config, fails_where_the_server_would_and_tells_all_of_it) {
    const auto refused = check({{"PORT", "x"}, {"BCRYPT_COST", "99"}});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.out.find("PORT must be"), std::string::npos) << refused.out;
    EXPECT_NE(refused.out.find("BCRYPT_COST must be"), std::string::npos) << refused.out;
    EXPECT_EQ(check({{"ENVIRONMENT", "production"}}).exit_code, 2) << "no keys";
}

TEST_F(cli_config, a_malformed_file_stops_every_command_that_reads_it) {
    write_env("PORT=1\nnot a setting\n");
    const auto refused = check();
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find(".env, line 2"), std::string::npos) << refused.err;
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve"}, {"user", "list"}, {"device", "list"}, {"backup", "b.db"}}) {
        const auto stopped = run_program(command, folder_.path(), test_environment(folder_.path()));
        EXPECT_EQ(stopped.exit_code, 2) << command[0];
        EXPECT_NE(stopped.err.find(".env, line 2"), std::string::npos) << stopped.err;
    }
}

TEST_F(cli_config, an_unusable_setting_is_a_usage_error_elsewhere) {
    environment variables = test_environment(folder_.path());
    variables["PORT"] = "x";
    const auto stopped = run_program({"user", "list"}, folder_.path(), variables);
    EXPECT_EQ(stopped.exit_code, 2);
    EXPECT_NE(stopped.err.find("PORT must be"), std::string::npos) << stopped.err;
}

TEST_F(cli_config, a_server_is_told_at_once_of_settings_keys_and_certificates) {
    environment variables = test_environment(folder_.path());
    variables["ENVIRONMENT"] = "production";
    variables["LOG_LEVEL"] = "loud";
    variables["TLS_CERT_FILE"] = folder_ / "no.pem";
    variables["TLS_KEY_FILE"] = folder_ / "no.key";
    const auto stopped = run_program({"serve"}, folder_.path(), variables);
    EXPECT_EQ(stopped.exit_code, 2);
    for (const char* part : {"The configuration can't be used", "LOG_LEVEL must be", "JWT_SECRET_KEY must be",
                             "JWT_REFRESH_SECRET_KEY must be", "JWT_DEVICE_SECRET_KEY must be",
                             "TLS_CERT_FILE and TLS_KEY_FILE", "No such file"})
        EXPECT_NE(stopped.err.find(part), std::string::npos) << part << '\n' << stopped.err;
}

TEST_F(cli_config, a_file_that_is_no_database_is_left_alone) {
    std::ofstream{folder_ / "notes.txt"} << "not a database";
    environment variables = test_environment(folder_.path());
    variables["DATABASE_URL"] = "sqlite:///notes.txt";
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve"}, {"user", "list"}, {"device", "list"}}) {
        const auto stopped = run_program(command, folder_.path(), variables);
        EXPECT_EQ(stopped.exit_code, 2) << command[0];
        EXPECT_NE(stopped.err.find("notes.txt is not a SQLite database"), std::string::npos) << stopped.err;
        EXPECT_NE(stopped.err.find("DATABASE_URL"), std::string::npos) << stopped.err;
    }
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator{folder_.path()}, {}), 1)
        << "nothing beside it";
    EXPECT_EQ(std::filesystem::file_size(folder_ / "notes.txt"), 14U);
}

TEST_F(cli_config, a_taken_port_is_told_with_what_chooses_another) {
    const server_process first;
    environment variables = test_environment(folder_.path());
    variables["PORT"] = std::to_string(first.port());
    const auto stopped = run_program({"serve"}, folder_.path(), variables);
    EXPECT_EQ(stopped.exit_code, 1);
    EXPECT_NE(stopped.err.find("127.0.0.1:" + variables["PORT"]), std::string::npos) << stopped.err;
    EXPECT_NE(stopped.err.find("--port"), std::string::npos) << stopped.err;
}

TEST_F(cli_config, a_server_without_administrator_says_how_to_make_one) {
    server_process server{
        {.variables = {{"ENVIRONMENT", "production"},
                       {"JWT_SECRET_KEY", "a-long-enough-secret-for-access-tokens-0001"},
                       {"JWT_REFRESH_SECRET_KEY", "a-long-enough-secret-for-refresh-tokens-01"},
                       {"JWT_DEVICE_SECRET_KEY", "a-long-enough-secret-for-device-tokens-001"}}}};
    EXPECT_TRUE(server.wait_for_output("breakwater user create")) << server.output();
}

} // namespace
} // namespace breakwater::test
