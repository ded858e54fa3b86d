#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// Commands in a temporary folder, without a server.
class cli_user : public testing::Test {
protected:
    program_result run(const std::vector<std::string>& arguments, std::string_view input = {}) {
        return run_program(arguments, folder_.path(), variables_, input);
    }
    json::array users() {
        const auto listed = run({"user", "list", "--json"});
        EXPECT_EQ(listed.exit_code, 0) << listed.err;
        return json::parse(listed.out).as_array();
    }

    temp_folder folder_;
    environment variables_ = test_environment(folder_.path());
};

TEST_F(cli_user, creates_lists_and_deletes_accounts) {
    const auto ada = run({"user", "create", " Ada@Example.com", "--role", "admin", "--password-stdin"},
                         "correct horse battery staple\n");
    ASSERT_EQ(ada.exit_code, 0) << ada.err;
    EXPECT_NE(ada.out.find("ada@example.com"), std::string::npos);
    ASSERT_EQ(
        run({"user", "create", "eve@example.com", "--password-stdin"}, "another good password").exit_code, 0);

    const json::array both = users();
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].at("email").as_string(), "ada@example.com");
    EXPECT_EQ(both[0].at("role").as_string(), "admin");
    EXPECT_EQ(both[1].at("role").as_string(), "user");
    EXPECT_NE(run({"user", "list"}).out.find("eve@example.com"), std::string::npos);

    EXPECT_EQ(run({"user", "delete", "eve@example.com", "--yes"}).exit_code, 0);
    EXPECT_EQ(users().size(), 1U);
}

TEST_F(cli_user, accounts_sign_in_at_the_server_and_changes_are_audited) {
    server_process server;
    api_client admin = as_admin(server);
    ASSERT_EQ(server.stop(), 0);
    const auto at_server = [&](const std::vector<std::string>& arguments, std::string_view input) {
        return run_program(arguments, server.folder(), test_environment(server.folder()), input).exit_code;
    };
    ASSERT_EQ(at_server({"user", "create", "ada@example.com", "--password-stdin"}, "first good password"), 0);
    ASSERT_EQ(
        at_server({"user", "set-password", "ada@example.com", "--password-stdin"}, "second good password"),
        0);
    ASSERT_EQ(at_server({"user", "create", "eve@example.com", "--password-stdin"}, "first good password"), 0);
    ASSERT_EQ(at_server({"user", "delete", "eve@example.com", "--yes"}, ""), 0);
    server.start();
    EXPECT_FALSE(sign_in(server, "ada@example.com", "second good password").access.empty());
    EXPECT_THROW(sign_in(server, "ada@example.com", "first good password"), std::exception);

    api_client reader = as_admin(server);
    for (const char* type : {"user_create", "user_update", "user_delete"}) {
        const auto events =
            reader.get(std::string{"/admin/security-events?actor_type=system&event_type="} + type)
                .json()
                .as_array();
        ASSERT_FALSE(events.empty()) << type;
        EXPECT_EQ(events[0].at("status").as_string(), "success");
    }
}

TEST_F(cli_user, applies_the_rules_of_the_api) {
    const auto create = [&](std::string_view email, std::string_view password) {
        return run({"user", "create", std::string{email}, "--password-stdin"}, password);
    };
    EXPECT_EQ(create("not an address", "correct horse battery").exit_code, 2);
    EXPECT_EQ(create("ada@example.com", "seven77").exit_code, 1);
    EXPECT_EQ(create("ada@example.com", std::string(129, 'x')).exit_code, 1);
    EXPECT_EQ(create("ada@example.com", std::string(100'000, 'x')).exit_code, 1);
    EXPECT_EQ(create("ada@example.com", "password1\n").exit_code, 1);
    EXPECT_EQ(create("ada@example.com", "").exit_code, 1);
    EXPECT_EQ(create("ada@example.com", "12345678\xff").exit_code, 1);
    EXPECT_TRUE(users().empty());
    ASSERT_EQ(create("ada@example.com", "correct horse battery").exit_code, 0);
    const auto again = create("ADA@example.com", "correct horse battery");
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_NE(again.err.find("set-password"), std::string::npos) << again.err;
}

TEST_F(cli_user, keeps_the_last_administrator) {
    ASSERT_EQ(run({"user", "create", "ada@example.com", "--role", "admin", "--password-stdin"},
                  "correct horse battery")
                  .exit_code,
              0);
    const auto refused = run({"user", "delete", "ada@example.com", "--yes"});
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("last administrator"), std::string::npos) << refused.err;
    EXPECT_EQ(users().size(), 1U);
}

TEST_F(cli_user, requires_options_instead_of_prompts_without_a_terminal) {
    const auto refused = run({"user", "create", "ada@example.com"}, "correct horse battery");
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("--password-stdin"), std::string::npos) << refused.err;
    ASSERT_EQ(
        run({"user", "create", "ada@example.com", "--password-stdin"}, "correct horse battery").exit_code, 0);
    const auto unconfirmed = run({"user", "delete", "ada@example.com"}, "ada@example.com\n");
    EXPECT_EQ(unconfirmed.exit_code, 2);
    EXPECT_NE(unconfirmed.err.find("--yes"), std::string::npos) << unconfirmed.err;
    EXPECT_EQ(users().size(), 1U);
}

TEST_F(cli_user, changes_need_a_stopped_server_and_lists_do_not) {
    server_process server;
    const environment variables = test_environment(server.folder());
    const auto refused = run_program({"user", "create", "ada@example.com", "--password-stdin"},
                                     server.folder(), variables, "correct horse battery");
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_NE(refused.err.find("is running"), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("API"), std::string::npos) << refused.err;
    const auto listed = run_program({"user", "list"}, server.folder(), variables);
    EXPECT_EQ(listed.exit_code, 0) << listed.err;
    EXPECT_NE(listed.out.find("admin@example.com"), std::string::npos) << listed.out;
}

TEST_F(cli_user, listing_creates_no_database) {
    const auto listed = run({"user", "list"});
    EXPECT_EQ(listed.exit_code, 1);
    EXPECT_NE(listed.err.find(on_postgres() ? "The database is empty" : "There is no database"),
              std::string::npos)
        << listed.err;
    EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

} // namespace
} // namespace breakwater::test
