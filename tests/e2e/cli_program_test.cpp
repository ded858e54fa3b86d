#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

class cli_program : public testing::Test {
protected:
    program_result run(const std::vector<std::string>& arguments) {
        return run_program(arguments, folder_.path(), test_environment(folder_.path()));
    }
    temp_folder folder_;
};

TEST_F(cli_program, prints_its_version) {
    const auto printed = run({"version"});
    EXPECT_EQ(printed.exit_code, 0);
    EXPECT_TRUE(printed.out.starts_with("breakwater ")) << printed.out;
}

TEST_F(cli_program, prints_the_documents_of_the_server_without_a_database) {
    const auto openapi = run({"openapi"});
    const auto asyncapi = run({"asyncapi"});
    EXPECT_EQ(openapi.exit_code, 0);
    EXPECT_EQ(asyncapi.exit_code, 0);
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
    server_process server;
    EXPECT_EQ(json::parse(openapi.out), api_client{server}.get("/openapi.json").json());
    EXPECT_EQ(json::parse(asyncapi.out), api_client{server}.get("/asyncapi.json").json());
}

TEST_F(cli_program, has_help_for_every_command) {
    for (const std::vector<std::string>& command : {std::vector<std::string>{},
                                                    {"serve"},
                                                    {"version"},
                                                    {"openapi"},
                                                    {"asyncapi"},
                                                    {"check-config"},
                                                    {"backup"},
                                                    {"restore"},
                                                    {"export"},
                                                    {"user"},
                                                    {"user", "create"},
                                                    {"user", "list"},
                                                    {"user", "set-password"},
                                                    {"user", "delete"},
                                                    {"device"},
                                                    {"device", "create"},
                                                    {"device", "list"},
                                                    {"device", "rotate"},
                                                    {"webhook"},
                                                    {"webhook", "list"},
                                                    {"webhook", "create"},
                                                    {"webhook", "delete"},
                                                    {"webhook", "deliveries"},
                                                    {"webhook", "retry"},
                                                    {"token"},
                                                    {"token", "inspect"},
                                                    {"token", "verify"}}) {
        auto arguments = command;
        arguments.emplace_back("--help");
        const auto help = run(arguments);
        EXPECT_EQ(help.exit_code, 0) << help.err;
        EXPECT_NE(help.out.find("Usage: breakwater"), std::string::npos) << help.out;
    }
}

TEST_F(cli_program, exits_with_2_on_an_invalid_command_line) {
    for (const std::vector<std::string>& command : {std::vector<std::string>{},
                                                    {"sevre"},
                                                    {"user"},
                                                    {"user", "create"},
                                                    {"user", "list", "--jsno"},
                                                    {"device", "list", "extra"},
                                                    {"backup"},
                                                    {"token"},
                                                    {"serve", "--port", "x"},
                                                    {"serve", "--port", "65536"}}) {
        const auto refused = run(command);
        EXPECT_EQ(refused.exit_code, 2) << refused.err;
        EXPECT_FALSE(refused.err.empty());
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(cli_program, backs_up_a_usable_database_while_the_server_runs) {
    server_process server;
    api_client ada = as_new_user(server, "ada@example.com");
    create_device(ada);
    const auto target = (folder_ / "iot.db").string();
    const auto back_up = [&] {
        return run_program({"backup", target}, server.folder(), test_environment(server.folder()));
    };
    const auto backup = back_up();
    ASSERT_EQ(backup.exit_code, 0) << backup.err;
    if (on_postgres()) {
        const auto restored = run({"restore", target});
        ASSERT_EQ(restored.exit_code, 0) << restored.err;
    }
    const auto listed = run({"device", "list", "--owner", "ada@example.com", "--json"});
    EXPECT_EQ(json::parse(listed.out).as_array().size(), 1U) << listed.err;
    EXPECT_EQ(std::filesystem::status(target).permissions(),
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const auto again = back_up();
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_NE(again.err.find("exists already"), std::string::npos) << again.err;
    const auto restored_again = run({"restore", target});
    EXPECT_EQ(restored_again.exit_code, 1);
    EXPECT_NE(restored_again.err.find(on_postgres() ? "is not empty" : "DATABASE_URL=sqlite:///" + target),
              std::string::npos)
        << restored_again.err;
}

} // namespace
} // namespace breakwater::test
