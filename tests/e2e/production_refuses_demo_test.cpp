#include "support/e2e.hpp"

#include <sys/stat.h>

namespace breakwater::test {
namespace {

environment production(const std::filesystem::path& folder) {
    environment variables = test_environment(folder);
    variables["ENVIRONMENT"] = "production";
    variables["JWT_SECRET_KEY"] = "a-long-enough-secret-for-access-tokens-0001";
    variables["JWT_REFRESH_SECRET_KEY"] = "a-long-enough-secret-for-refresh-tokens-01";
    variables["JWT_DEVICE_SECRET_KEY"] = "a-long-enough-secret-for-device-tokens-001";
    return variables;
}

TEST(production, refuses_to_start_without_keys_and_says_which) {
    const temp_folder folder;
    environment variables = production(folder.path());
    variables.erase("JWT_DEVICE_SECRET_KEY");
    const auto ended = run_program({"serve"}, folder.path(), variables);
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("JWT_DEVICE_SECRET_KEY"), std::string::npos) << ended.err;
}

TEST(production, refuses_short_and_shared_keys) {
    const temp_folder folder;
    environment variables = production(folder.path());
    variables["JWT_SECRET_KEY"] = "short";
    const auto too_short = run_program({"serve"}, folder.path(), variables);
    EXPECT_EQ(too_short.exit_code, 2);
    EXPECT_NE(too_short.err.find("JWT_SECRET_KEY"), std::string::npos) << too_short.err;
    variables["JWT_SECRET_KEY"] = variables["JWT_REFRESH_SECRET_KEY"];
    EXPECT_EQ(run_program({"serve"}, folder.path(), variables).exit_code, 2);
}

TEST(production, refuses_a_database_where_the_demo_password_works) {
    server_process server; // a local one, which makes the demo administrator
    ASSERT_EQ(server.stop(), 0);
    const auto ended = run_program({"serve"}, server.folder(), production(server.folder()));
    EXPECT_NE(ended.exit_code, 0);
    EXPECT_NE(ended.err.find("admin@example.com"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("set-password"), std::string::npos) << "it must say what to do";
}

TEST(production, starts_with_keys_of_its_own_and_without_a_demo_account) {
    const temp_folder folder;
    environment variables = production(folder.path());
    server_process server{{.variables = {{"ENVIRONMENT", "production"},
                                         {"JWT_SECRET_KEY", variables["JWT_SECRET_KEY"]},
                                         {"JWT_REFRESH_SECRET_KEY", variables["JWT_REFRESH_SECRET_KEY"]},
                                         {"JWT_DEVICE_SECRET_KEY", variables["JWT_DEVICE_SECRET_KEY"]}}}};
    api_client anyone{server};
    EXPECT_EQ(anyone.get("/healthz").text("/environment"), "production");
    EXPECT_EQ(
        anyone.post("/auth/login", boost::json::object{{"email", admin_email}, {"password", admin_password}})
            .status,
        401);
    EXPECT_FALSE(std::filesystem::exists(server.folder() / "token-keys.json"));
}

TEST(production, generates_keys_only_locally_and_for_nobody_elses_eyes) {
    server_process one;
    server_process two;
    const auto file = one.folder() / "token-keys.json";
    ASSERT_TRUE(std::filesystem::exists(file));
    struct stat said{};
    ASSERT_EQ(::stat(file.c_str(), &said), 0);
    EXPECT_EQ(said.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat(one.database().c_str(), &said), 0);
    EXPECT_EQ(said.st_mode & 0777U, 0600U);
    const auto text_of = [](const std::filesystem::path& path) {
        std::ifstream in{path};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    };
    EXPECT_NE(text_of(file), text_of(two.folder() / "token-keys.json"));
}

} // namespace
} // namespace breakwater::test
