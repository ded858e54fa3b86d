// A PostgreSQL server of the test's own, which stops and starts.

#include "support/e2e.hpp"
#include "support/postgres_server.hpp"
#include "support/reading_load.hpp"

#include <chrono>
#include <thread>

namespace breakwater::test {
namespace {

constexpr std::string_view secret = "s3cret%20word";

class database_server : public testing::Test {
protected:
    database_server() { database_.create("fleet"); }

    [[nodiscard]] std::string url() const {
        return database_.url_of("fleet") + "&password=" + std::string{secret};
    }
    program_result run(const std::vector<std::string>& arguments) {
        environment variables = test_environment(folder_.path());
        variables["DATABASE_URL"] = url();
        return run_program(arguments, folder_.path(), variables);
    }

    postgres_server database_;
    temp_folder folder_;
};

TEST_F(database_server, answers_503_while_the_database_is_away_and_continues_without_a_restart) {
    server_process server{{.variables = {{"DATABASE_URL", url()}, {"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    api_client sender = as_device(server, device);
    ASSERT_EQ(sender.post("/device/readings", sample_payload()).status, 201);

    database_.stop();
    const auto refused = sender.post("/device/readings", sample_payload());
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_FALSE(refused.field("Retry-After").empty());
    EXPECT_EQ(admin.get("/devices/" + device.id + "/readings").status, 503);
    EXPECT_EQ(admin.get("/readyz").status, 503);
    EXPECT_EQ(admin.get("/healthz").status, 200);

    database_.start();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (sender.post("/device/readings", sample_payload()).status != 201)
        ASSERT_LT(std::chrono::steady_clock::now(), deadline) << server.output();
    EXPECT_EQ(admin.get("/readyz").status, 200);
    EXPECT_EQ(admin.get("/devices/" + device.id + "/readings").json().as_array().size(), 2U);
    EXPECT_EQ(server.output().find("s3cret"), std::string::npos) << server.output();
}

TEST_F(database_server, that_replaced_this_server_lets_it_join_again) {
    server_process server{{.variables = {{"DATABASE_URL", url()}, {"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin = as_admin(server);
    const device_credentials device = create_device(admin);
    api_client sender = as_device(server, device);
    ASSERT_EQ(sender.post("/device/readings", sample_payload()).status, 201);

    // As another node does when it takes this one for dead.
    ASSERT_EQ(
        database_.run_sql("fleet", "BEGIN; UPDATE lanes SET epoch = epoch + 1; DELETE FROM nodes; COMMIT"),
        "");
    ASSERT_TRUE(server.wait_for_output("listening again")) << server.output();

    EXPECT_EQ(as_device(server, device).post("/device/readings", sample_payload()).status, 201);
    api_client later = as_admin(server);
    EXPECT_EQ(later.get("/devices/" + device.id + "/readings").json().as_array().size(), 2U);
    EXPECT_EQ(server.stop(), 0);
}

TEST_F(database_server, keeps_every_acknowledged_reading_when_it_crashes) {
    server_process server{{.variables = {{"DATABASE_URL", url()}, {"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    api_client admin = as_admin(server);
    std::vector<std::string> tokens;
    for (int i = 0; i < 8; ++i)
        tokens.push_back(device_token(server, create_device(admin, "Mast " + std::to_string(i))));
    reading_load load{std::move(tokens), 4};
    load.start(server.port());
    for (int crash = 0; crash < 3; ++crash) {
        const std::size_t before = load.results().accepted.size();
        ASSERT_TRUE(load.wait_until([&](const upload_results& results) {
            return results.accepted.size() >= before + 200;
        })) << server.output();
        database_.stop();
        database_.start();
    }
    load.stop();
    upload_results results = load.results();
    EXPECT_EQ(results.refused_with(503), results.refused.size());
    EXPECT_GT(results.refused.size(), 0U) << "no crash interrupted a request";
    // If the connection broke during the commit, the reading may be stored.
    for (const auto& [n, status] : results.refused)
        results.unanswered.insert(n);
    results.refused.clear();
    expect_as_answered(stored_data{url()}, results);
}

TEST_F(database_server, is_named_without_its_password_when_it_does_not_answer) {
    database_.stop();
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve"}, {"user", "list"}, {"backup", "copy"}}) {
        const auto failed = run(command);
        EXPECT_EQ(failed.exit_code, 1) << failed.err;
        EXPECT_NE(failed.err.find("DATABASE_URL is postgresql://breakwater:***@/fleet?host="),
                  std::string::npos)
            << failed.err;
        EXPECT_EQ((failed.out + failed.err).find("s3cret"), std::string::npos) << failed.err;
    }
    const auto shown = run({"check-config"});
    EXPECT_EQ(shown.exit_code, 0) << shown.err;
    EXPECT_EQ((shown.out + shown.err).find("s3cret"), std::string::npos) << shown.out;
}

TEST_F(database_server, is_reported_if_it_does_not_wait_for_its_disk) {
    ASSERT_EQ(database_.run_sql("fleet", "ALTER ROLE breakwater SET synchronous_commit = off"), "");
    server_process server{{.variables = {{"DATABASE_URL", url()}}}};
    EXPECT_TRUE(server.wait_for_output("synchronous_commit of PostgreSQL is off")) << server.output();
}

TEST_F(database_server, is_for_one_breakwater_at_a_time_except_commands_that_only_read) {
    server_process server{{.variables = {{"DATABASE_URL", url()}}}};
    EXPECT_EQ(server.output().find("s3cret"), std::string::npos) << server.output();
    EXPECT_EQ(run({"user", "list"}).exit_code, 0);
    for (const std::vector<std::string>& command : {std::vector<std::string>{"serve"}, {"import", "-"}}) {
        const auto refused = run(command);
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_NE(refused.err.find("server is running on this database"), std::string::npos) << refused.err;
    }
    const auto sql = run({"sql", "SELECT 1"});
    EXPECT_EQ(sql.exit_code, 1);
    EXPECT_NE(sql.err.find("psql"), std::string::npos) << sql.err;
}

} // namespace
} // namespace breakwater::test
