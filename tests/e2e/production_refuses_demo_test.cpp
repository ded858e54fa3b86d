#include "support/e2e.hpp"

#include <sys/stat.h>

namespace breakwater::test {
namespace {

environment production_environment(const std::filesystem::path& folder) {
    environment variables = test_environment(folder);
    variables["ENVIRONMENT"] = "production";
    variables["JWT_SECRET_KEY"] = "a-long-enough-secret-for-access-tokens-0001";
    variables["JWT_REFRESH_SECRET_KEY"] = "a-long-enough-secret-for-refresh-tokens-01";
    variables["JWT_DEVICE_SECRET_KEY"] = "a-long-enough-secret-for-device-tokens-001";
    return variables;
}

TEST(production, refuses_to_start_without_keys_and_names_the_missing_one) {
    const temp_folder folder;
    environment variables = production_environment(folder.path());
    variables.erase("JWT_DEVICE_SECRET_KEY");
    const auto result = run_program({"serve"}, folder.path(), variables);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_NE(result.err.find("JWT_DEVICE_SECRET_KEY"), std::string::npos) << result.err;
}

TEST(production, refuses_short_and_shared_keys) {
    const temp_folder folder;
    environment variables = production_environment(folder.path());
    variables["JWT_SECRET_KEY"] = "short";
    const auto too_short = run_program({"serve"}, folder.path(), variables);
    EXPECT_EQ(too_short.exit_code, 2);
    EXPECT_NE(too_short.err.find("JWT_SECRET_KEY"), std::string::npos) << too_short.err;
    variables["JWT_SECRET_KEY"] = variables["JWT_REFRESH_SECRET_KEY"];
    EXPECT_EQ(run_program({"serve"}, folder.path(), variables).exit_code, 2);
}

TEST(production, refuses_a_database_where_the_demo_password_works) {
    server_process server; // a local server creates the demo administrator
    ASSERT_EQ(server.stop(), 0);
    const auto result = run_program({"serve"}, server.folder(), production_environment(server.folder()));
    EXPECT_NE(result.exit_code, 0);
    EXPECT_NE(result.err.find("admin@example.com"), std::string::npos) << result.err;
    EXPECT_NE(result.err.find("set-password"), std::string::npos) << "the error must say what to do";
}

TEST(production, refuses_keys_that_are_easy_to_guess) {
    const temp_folder folder;
    environment variables = production_environment(folder.path());
    for (const std::string& weak :
         {std::string(64, 'a'), std::string{"please-change-me-please-1234567890"}}) {
        variables["JWT_SECRET_KEY"] = weak;
        const auto result = run_program({"serve"}, folder.path(), variables);
        EXPECT_EQ(result.exit_code, 2) << weak;
        EXPECT_NE(result.err.find("JWT_SECRET_KEY is easy to guess"), std::string::npos) << result.err;
        EXPECT_EQ(result.err.find(weak), std::string::npos) << "a message must not contain a secret";
    }
}

TEST(production, refuses_the_demo_password_of_every_account) {
    server_process server; // a local server creates the demo administrator
    const auto sign_in = [&](std::string_view email) {
        api_client client{server};
        return client.post("/auth/login",
                           boost::json::object{{"email", email}, {"password", admin_password}});
    };
    {
        api_client admin = as_admin(server);
        ASSERT_EQ(admin.put("/admin/users/1", boost::json::object{{"email", "boss@example.com"}}).status,
                  200);
        const auto refused = admin.post(
            "/admin/users", boost::json::object{{"email", "b@example.com"}, {"password", admin_password}});
        EXPECT_EQ(refused.status, 422) << refused.body;
        ASSERT_EQ(sign_in("boss@example.com").status, 200) << "a local environment accepts the demo password";
    }
    ASSERT_EQ(server.stop(), 0);
    for (const auto& [name, value] : production_environment(server.folder()))
        server.settings().variables[name] = value;
    server.start();
    EXPECT_EQ(sign_in("boss@example.com").status, 401);
}

TEST(production, allows_no_foreign_origin_by_default) {
    const temp_folder folder;
    server_process server{{.variables = production_environment(folder.path())}};
    api_client client{server};
    EXPECT_FALSE(
        client.get("/healthz", {{"Origin", "https://elsewhere.example"}}).has("Access-Control-Allow-Origin"));
}

TEST(local, refuses_the_demo_account_when_other_machines_can_connect) {
    server_process server{{.variables = {{"HOST", "0.0.0.0"}}}};
    EXPECT_TRUE(server.wait_for_output("other machines can connect")) << server.output();
    EXPECT_TRUE(server.wait_for_output("no administrator exists yet")) << server.output();
    api_client client{server};
    EXPECT_EQ(
        client.post("/auth/login", boost::json::object{{"email", admin_email}, {"password", admin_password}})
            .status,
        401);
}

TEST(local, logs_the_warnings_of_check_config_at_start) {
    server_process server{{.variables = {{"JWT_SECRET_KEY", "short"}}}};
    EXPECT_TRUE(server.wait_for_output("JWT_SECRET_KEY is shorter than")) << server.output();
    ASSERT_EQ(server.stop(), 0);
    if (!on_postgres())
        std::filesystem::permissions(server.folder() / "iot.db", std::filesystem::perms::others_read,
                                     std::filesystem::perm_options::add);
    std::ofstream{server.folder() / ".env"} << "PORT=0\n";
    std::filesystem::permissions(server.folder() / ".env", std::filesystem::perms{0644});
    server.start();
    EXPECT_TRUE(server.wait_for_output("can read .env")) << server.output();
    if (!on_postgres()) {
        EXPECT_TRUE(server.wait_for_output("iot.db, which contains accounts")) << server.output();
    }
}

TEST(production, starts_with_its_own_keys_and_without_a_demo_account) {
    const temp_folder folder;
    environment variables = production_environment(folder.path());
    server_process server{{.variables = {{"ENVIRONMENT", "production"},
                                         {"JWT_SECRET_KEY", variables["JWT_SECRET_KEY"]},
                                         {"JWT_REFRESH_SECRET_KEY", variables["JWT_REFRESH_SECRET_KEY"]},
                                         {"JWT_DEVICE_SECRET_KEY", variables["JWT_DEVICE_SECRET_KEY"]}}}};
    api_client client{server};
    EXPECT_EQ(client.get("/healthz").text("/environment"), "production");
    EXPECT_EQ(
        client.post("/auth/login", boost::json::object{{"email", admin_email}, {"password", admin_password}})
            .status,
        401);
    EXPECT_FALSE(std::filesystem::exists(server.key_file()));
}

TEST(production, generates_keys_only_locally_and_readable_only_by_the_owner) {
    server_process first;
    server_process second;
    const auto file = first.key_file();
    ASSERT_TRUE(std::filesystem::exists(file));
    struct stat attributes{};
    ASSERT_EQ(::stat(file.c_str(), &attributes), 0);
    EXPECT_EQ(attributes.st_mode & 0777U, 0600U);
    if (!on_postgres()) {
        ASSERT_EQ(::stat((first.folder() / "iot.db").c_str(), &attributes), 0);
        EXPECT_EQ(attributes.st_mode & 0777U, 0600U);
    }
    const auto read_text = [](const std::filesystem::path& path) {
        std::ifstream in{path};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    };
    EXPECT_NE(read_text(file), read_text(second.key_file()));
}

} // namespace
} // namespace breakwater::test
