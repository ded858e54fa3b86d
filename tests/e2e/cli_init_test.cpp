#include "support/e2e.hpp"

#include <sys/stat.h>

namespace breakwater::test {
namespace {

constexpr std::string_view email = "ada@fleet.example";
constexpr std::string_view password = "a quiet harbour behind 7 walls";

class cli_init : public testing::Test {
protected:
    program_result init(std::string_view secret, std::vector<std::string> options = {}) {
        std::vector<std::string> arguments{"init", "--admin", std::string{email}, "--password-stdin"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return run_program(arguments, folder_.path(), {}, secret);
    }
    std::string env() const {
        std::ifstream in{folder_ / ".env"};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    temp_folder folder_;
};

TEST_F(cli_init, writes_a_configuration_without_errors_or_warnings) {
    const auto created = init(password);
    ASSERT_EQ(created.exit_code, 0) << created.out << created.err;
    struct stat status{};
    ASSERT_EQ(::stat((folder_ / ".env").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat((folder_ / "data" / "breakwater.db").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    const auto checked = run_program({"check-config"}, folder_.path(), {});
    EXPECT_EQ(checked.exit_code, 0) << checked.out;
    EXPECT_NE(checked.out.find("0 error(s), 0 warning(s)"), std::string::npos) << checked.out;
    const auto users = run_program({"user", "list"}, folder_.path(), {});
    EXPECT_NE(users.out.find(email), std::string::npos) << users.out;
    EXPECT_EQ(users.out.find("admin@example.com"), std::string::npos) << "there is no demo account";
}

TEST_F(cli_init, generates_new_keys_each_time) {
    ASSERT_EQ(init(password).exit_code, 0);
    const std::string first = env();
    std::filesystem::remove(folder_ / ".env");
    std::filesystem::remove_all(folder_ / "data");
    ASSERT_EQ(init(password).exit_code, 0);
    EXPECT_NE(env(), first);
}

TEST_F(cli_init, keeps_the_database_of_the_environment) {
    const std::string url = database_url_in(folder_.path());
    const auto created = run_program({"init", "--admin", std::string{email}, "--password-stdin"},
                                     folder_.path(), {{"DATABASE_URL", url}}, password);
    ASSERT_EQ(created.exit_code, 0) << created.err;
    EXPECT_NE(env().find("\nDATABASE_URL=" + url + "\n"), std::string::npos) << env();
    const auto users = run_program({"user", "list"}, folder_.path(), {});
    EXPECT_NE(users.out.find(email), std::string::npos) << users.out << users.err;
}

TEST_F(cli_init, does_not_overwrite_existing_files) {
    std::ofstream{folder_ / ".env"} << "PORT=1\n";
    const auto refused = init(password);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find(".env"), std::string::npos) << refused.err;
    EXPECT_EQ(env(), "PORT=1\n");
    EXPECT_FALSE(std::filesystem::exists(folder_ / "data"));
}

TEST_F(cli_init, refuses_a_weak_password_and_leaves_no_files) {
    for (const std::string_view weak : {"Admin123!", "password", "aaaaaaaaaaaa", "          ", "short"}) {
        const auto refused = init(weak);
        EXPECT_EQ(refused.exit_code, 1) << weak;
        EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << weak;
    }
    EXPECT_EQ(run_program({"init", "--admin", "nobody", "--password-stdin"}, folder_.path(), {}, password)
                  .exit_code,
              2);
    EXPECT_EQ(init(password, {"--port", "x"}).exit_code, 2);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(cli_init, the_server_starts_and_the_administrator_can_sign_in) {
    ASSERT_EQ(init(password, {"--port", "0"}).exit_code, 0);
    server_process server{{.wrapper = {"env", "-i", "-C", folder_.path().string()}}};
    api_client anyone{server};
    EXPECT_EQ(anyone.get("/healthz").text("/environment"), "production");
    EXPECT_EQ(
        anyone.post("/auth/login", boost::json::object{{"email", email}, {"password", password}}).status,
        200);
}

} // namespace
} // namespace breakwater::test
