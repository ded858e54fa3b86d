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

TEST(production, refuses_keys_that_are_easy_to_guess) {
    const temp_folder folder;
    environment variables = production(folder.path());
    for (const std::string& weak :
         {std::string(64, 'a'), std::string{"please-change-me-please-1234567890"}}) {
        variables["JWT_SECRET_KEY"] = weak;
        const auto ended = run_program({"serve"}, folder.path(), variables);
        EXPECT_EQ(ended.exit_code, 2) << weak;
        EXPECT_NE(ended.err.find("JWT_SECRET_KEY is easy to guess"), std::string::npos) << ended.err;
        EXPECT_EQ(ended.err.find(weak), std::string::npos) << "a secret never stands in a message";
    }
}

TEST(production, refuses_the_demo_password_of_every_account) {
    server_process server; // a local one, which makes the demo administrator
    const auto sign_in = [&](std::string_view email) {
        api_client anyone{server};
        return anyone.post("/auth/login",
                           boost::json::object{{"email", email}, {"password", admin_password}});
    };
    {
        api_client admin = as_admin(server);
        ASSERT_EQ(admin.put("/admin/users/1", boost::json::object{{"email", "boss@example.com"}}).status,
                  200);
        const auto taken = admin.post(
            "/admin/users", boost::json::object{{"email", "b@example.com"}, {"password", admin_password}});
        EXPECT_EQ(taken.status, 422) << taken.body;
        ASSERT_EQ(sign_in("boss@example.com").status, 200) << "a local environment takes it";
    }
    ASSERT_EQ(server.stop(), 0);
    for (const auto& [name, value] : production(server.folder()))
        server.settings().variables[name] = value;
    server.start();
    EXPECT_EQ(sign_in("boss@example.com").status, 401);
}

TEST(production, lets_no_foreign_page_in_unless_told_to) {
    const temp_folder folder;
    server_process server{{.variables = production(folder.path())}};
    api_client anyone{server};
    EXPECT_FALSE(
        anyone.get("/healthz", {{"Origin", "https://elsewhere.example"}}).has("Access-Control-Allow-Origin"));
}

TEST(local, refuses_the_demo_where_other_machines_get_in) {
    server_process server{{.variables = {{"HOST", "0.0.0.0"}}}};
    EXPECT_TRUE(server.wait_for_output("other machines in")) << server.output();
    EXPECT_TRUE(server.wait_for_output("there is no administrator yet")) << server.output();
    api_client anyone{server};
    EXPECT_EQ(
        anyone.post("/auth/login", boost::json::object{{"email", admin_email}, {"password", admin_password}})
            .status,
        401);
}

TEST(local, tells_at_start_what_check_config_warns_of) {
    server_process server{{.variables = {{"JWT_SECRET_KEY", "short"}}}};
    EXPECT_TRUE(server.wait_for_output("JWT_SECRET_KEY is shorter than")) << server.output();
    ASSERT_EQ(server.stop(), 0);
    std::filesystem::permissions(server.database(), std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    std::ofstream{server.folder() / ".env"} << "PORT=0\n";
    std::filesystem::permissions(server.folder() / ".env", std::filesystem::perms{0644});
    server.start();
    EXPECT_TRUE(server.wait_for_output("may read .env")) << server.output();
    EXPECT_TRUE(server.wait_for_output("iot.db, which holds accounts")) << server.output();
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
