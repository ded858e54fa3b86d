#include "support/e2e.hpp"

#include <fstream>

namespace breakwater::test {
namespace {

class cli_sql : public testing::Test {
protected:
    void SetUp() override { BREAKWATER_ONLY_ON_SQLITE("for PostgreSQL there is psql"); }

    program_result query(std::vector<std::string> arguments, const std::string& input = "") {
        arguments.insert(arguments.begin(), "sql");
        return run_program(arguments, server_.folder(), test_environment(server_.folder()), input);
    }
    void upload(const device_credentials& device, const std::string& batch) {
        ASSERT_EQ(as_device(server_, device).send("POST", "/device/readings/batch", batch).status, 200);
    }

    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin_ = as_admin(server_);
    device_credentials device_ = create_device(admin_);
};

TEST_F(cli_sql, reads_blocks_and_buffered_readings_while_the_server_runs) {
    const device_credentials other = create_device(admin_, "Other");
    std::string batch = "[";
    for (int i = 0; i < 300; ++i) // enough for a block
        batch += (i == 0 ? "" : ",") + std::string{R"({"payload":{"n":)"} + std::to_string(i) + "}}";
    upload(device_, batch + "]");
    upload(device_, R"([{"payload":{"n":300},"device_timestamp":"2026-01-15T12:00:00.5Z"}])"); // buffered
    upload(other, R"([{"payload":{"n":1000}}])");
    EXPECT_EQ(
        query({"--format", "csv",
               "SELECT name, count(*) AS readings, sum(payload ->> '$.n') AS total FROM readings"
               " JOIN devices ON devices.id = device_id WHERE NOT readings.simulated GROUP BY name ORDER "
               "BY total;"
               "SELECT count(*) FROM main.write_buffer WHERE NOT simulated"})
            .out,
        "name,readings,total\r\nOther,1,1000\r\nHarbour mast,301,45150\r\ncount(*)\r\n2\r\n");
    EXPECT_EQ(query({"--format", "ndjson",
                     "SELECT device_timestamp, payload, simulated, NULL AS n, x'00ff' AS b, 0.5 AS r FROM"
                     " readings WHERE device_id = '" +
                         device_.id + "' AND NOT simulated ORDER BY received_at DESC LIMIT 1"})
                  .out,
              R"({"device_timestamp":"2026-01-15T12:00:00.500000Z","payload":"{\"n\":300}","simulated":0,)"
              R"("n":null,"b":"00ff","r":0.5})"
              "\n");
}

TEST_F(cli_sql, shows_alert_rules_with_their_names) {
    EXPECT_EQ(query({"--format", "csv",
                     "SELECT name, severity, category, kind, test, value FROM alert_rules WHERE name = 'Lock "
                     "is jammed';"
                     "SELECT kind, category, intervals FROM alert_rules WHERE kind = 'silence';"
                     "SELECT count(*) AS alerts FROM alerts"})
                  .out,
              "name,severity,category,kind,test,value\r\nLock is "
              "jammed,critical,smart_lock,field,changes_to,true\r\n"
              "kind,category,intervals\r\nsilence,,3\r\nalerts\r\n0\r\n");
}

TEST_F(cli_sql, compares_times_as_text) {
    ASSERT_EQ(server_.stop(), 0);
    std::ofstream{server_.folder() / "in.ndjson"}
        << R"({"payload":{"n":1},"received_at":"2026-01-15T12:00:00Z"})"
           "\n"
        << R"({"payload":{"n":2},"received_at":"2026-01-15T12:00:00.000001Z"})"
           "\n"
        << R"({"payload":{"n":3},"received_at":"2026-10-15T12:00:01Z"})"
           "\n";
    ASSERT_EQ(run_program({"import", "in.ndjson", "--device", device_.id}, server_.folder(),
                          test_environment(server_.folder()))
                  .exit_code,
              0);
    const auto numbers_where = [&](const std::string& condition) {
        std::string numbers;
        const auto lines =
            query({"--format", "csv", "SELECT payload ->> '$.n' FROM readings WHERE " + condition}).out;
        for (const char c : lines.substr(lines.find('\n') + 1))
            if (c >= '0' && c <= '9')
                numbers += c;
        return numbers;
    };
    EXPECT_EQ(numbers_where("received_at > '2026-01-15T12:00:00.000000Z'"), "23");
    EXPECT_EQ(numbers_where("received_at >= '2026-01-15T12:00:00.000000Z'"), "123");
    EXPECT_EQ(numbers_where("received_at <= '2026-01-15T12:00:00.000000Z'"), "1");
    EXPECT_EQ(numbers_where("received_at < '2026-02'"), "12");
    EXPECT_EQ(numbers_where("received_at >= '2026-1'"), "3") << "October";
    EXPECT_EQ(numbers_where("received_at >= '2026-10-15'"), "3");
    EXPECT_EQ(numbers_where("received_at > 'x'"), "");
    EXPECT_EQ(numbers_where("received_at < 'x'"), "123");
    EXPECT_EQ(numbers_where("received_at > NULL"), "");
    EXPECT_EQ(numbers_where("received_at BETWEEN '2026-01-15T12' AND '2026-01-15T13'"), "12");
    EXPECT_EQ(numbers_where("device_id = 'nobody'"), "");
    EXPECT_EQ(numbers_where("device_id = '" + device_.id + "' AND received_at > '2026-05'"), "3");
}

TEST_F(cli_sql, cannot_change_data) {
    for (const char* statement :
         {"DELETE FROM main.users", "INSERT INTO readings VALUES (1,2,3,4,5,6)", "DROP TABLE main.devices",
          "UPDATE users SET role = 'user'", "ATTACH 'new.db' AS new", "VACUUM INTO 'new.db'",
          "PRAGMA query_only = OFF; DELETE FROM main.users", "CREATE TABLE x (y)",
          "PRAGMA writable_schema = ON; DELETE FROM main.sqlite_schema", "SELECT load_extension('x')",
          "COMMIT; DELETE FROM main.users"}) {
        const auto refused = query({statement});
        EXPECT_EQ(refused.exit_code, 1) << statement;
        EXPECT_TRUE(refused.err.starts_with("breakwater: ") && refused.err.ends_with(".\n")) << refused.err;
    }
    EXPECT_EQ(query({"--format", "csv", "SELECT count(*) FROM main.users"}).out, "count(*)\r\n1\r\n");
    EXPECT_FALSE(std::filesystem::exists(server_.folder() / "new.db"));
}

TEST_F(cli_sql, reads_statements_from_standard_input) {
    EXPECT_EQ(query({"--format", "csv"}, "SELECT 1\n+ 2 AS sum;\n\nSELECT ';' AS text").out,
              "sum\r\n3\r\ntext\r\n\";\"\r\n");
    const auto failed = query({}, "SELECT 1;\nSELECT nonsense;\nSELECT 2;\n");
    EXPECT_EQ(failed.exit_code, 1);
    EXPECT_EQ(failed.out, "1\n1\n") << "no statement runs after the failure";
    EXPECT_EQ(failed.err, "breakwater: no such column: nonsense.\n");
    EXPECT_TRUE(query({}, ".tables\n").out.starts_with("table"));
}

TEST_F(cli_sql, hides_secrets_and_control_characters) {
    const auto users = query({"SELECT * FROM users; SELECT * FROM devices"}).out;
    EXPECT_EQ(users.find("$2"), std::string::npos) << users;
    EXPECT_NE(query({"SELECT password_hash FROM main.users"}).out.find("$2"), std::string::npos)
        << "the main schema shows it: whoever runs this can read the file";
    EXPECT_EQ(query({"SELECT char(27, 91, 50, 74) AS x, x'1b' AS b"}).out, "x     b\n?[2J  x'1b'\n");
}

} // namespace
} // namespace breakwater::test
