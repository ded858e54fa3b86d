#include "support/e2e.hpp"

namespace breakwater::test {
namespace {

namespace json = boost::json;

/// Commands in a temporary folder, without a server.
class cli_webhook : public testing::Test {
protected:
    program_result run(const std::vector<std::string>& arguments) {
        return run_program(arguments, folder_.path(), variables_);
    }
    json::array list(std::vector<std::string> arguments) {
        arguments.emplace_back("--json");
        const auto listed = run(arguments);
        EXPECT_EQ(listed.exit_code, 0) << listed.err;
        return json::parse(listed.out).as_array();
    }

    temp_folder folder_;
    environment variables_ = test_environment(folder_.path());
};

TEST_F(cli_webhook, creates_lists_and_deletes_webhooks) {
    const auto created =
        run({"webhook", "create", "On call", "https://hooks.example/in", "--min-severity", "critical"});
    ASSERT_EQ(created.exit_code, 0) << created.err;
    EXPECT_NE(created.out.find("secret  "), std::string::npos);
    const auto second = run({"webhook", "create", "Logs", "https://logs.example/", "--json"});
    ASSERT_EQ(second.exit_code, 0) << second.err;
    EXPECT_TRUE(json::parse(second.out).at("secret").as_string().starts_with("whsec_"));

    const json::array both = list({"webhook", "list"});
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].at("name"), "On call");
    EXPECT_EQ(both[0].at("url"), "https://hooks.example/in");
    EXPECT_EQ(both[0].at("min_severity"), "critical");
    EXPECT_FALSE(both[0].as_object().contains("secret"));
    EXPECT_NE(run({"webhook", "list"}).out.find("https://logs.example/"), std::string::npos);

    const std::string id = std::to_string(both[0].at("id").as_int64());
    EXPECT_EQ(run({"webhook", "delete", id}).exit_code, 0);
    EXPECT_EQ(list({"webhook", "list"}).size(), 1U);
    const auto again = run({"webhook", "delete", id});
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_NE(again.err.find("Webhook not found."), std::string::npos);
    EXPECT_EQ(query_database(database_url_in(folder_.path()),
                             "SELECT count(*) FROM security_events WHERE event_type LIKE 'webhook%'"),
              sql_rows{{"3"}});
}

TEST_F(cli_webhook, disables_and_enables_webhooks) {
    ASSERT_EQ(run({"webhook", "create", "Ops", "https://hooks.example/"}).exit_code, 0);
    const std::string id = std::to_string(list({"webhook", "list"}).at(0).at("id").as_int64());
    EXPECT_EQ(run({"webhook", "disable", id}).exit_code, 0);
    EXPECT_EQ(list({"webhook", "list"}).at(0).at("enabled"), false);
    EXPECT_EQ(run({"webhook", "enable", id}).exit_code, 0);
    EXPECT_EQ(list({"webhook", "list"}).at(0).at("enabled"), true);
    EXPECT_EQ(run({"webhook", "disable", "999"}).exit_code, 1);
}

TEST_F(cli_webhook, applies_the_rules_of_the_api) {
    EXPECT_EQ(run({"webhook", "create", "Ops", "http://127.0.0.1/"}).exit_code, 2);
    EXPECT_EQ(run({"webhook", "create", "", "https://hooks.example/"}).exit_code, 2);
    EXPECT_EQ(run({"webhook", "retry", "1"}).exit_code, 1);
    EXPECT_TRUE(list({"webhook", "deliveries", "--state", "dead"}).empty());
    variables_["WEBHOOK_LOCAL_HOSTS"] = "127.0.0.1";
    EXPECT_EQ(run({"webhook", "create", "Ops", "http://127.0.0.1/"}).exit_code, 0);
}

TEST_F(cli_webhook, the_sql_command_does_not_show_the_secret) {
    BREAKWATER_ONLY_ON_SQLITE("for PostgreSQL there is psql");
    const auto created = run({"webhook", "create", "Ops", "https://hooks.example/", "--json"});
    const std::string secret{json::parse(created.out).at("secret").as_string()};
    const auto rows = run({"sql", "--format", "ndjson", "SELECT * FROM webhooks"});
    ASSERT_EQ(rows.exit_code, 0) << rows.err;
    EXPECT_NE(rows.out.find("hooks.example"), std::string::npos);
    EXPECT_EQ(rows.out.find(secret), std::string::npos);
}

} // namespace
} // namespace breakwater::test
