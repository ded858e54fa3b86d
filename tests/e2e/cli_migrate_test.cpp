#include "support/child_process.hpp"
#include "support/e2e.hpp"
#include "support/postgres_server.hpp"

#include <csignal>
#include <future>

#include <sys/wait.h>

namespace breakwater::test {
namespace {

constexpr auto target = "migrated";

class cli_migrate : public testing::Test {
protected:
    cli_migrate() {
        database_.create(target);
        api_client admin = as_admin(server_);
        for (const char* name : {"First", "Second"}) {
            const device_credentials device = create_device(admin, name);
            std::string batch = "[";
            for (int i = 0; i < 300; ++i)
                batch +=
                    (i == 0 ? "" : ",") + std::string{R"({"payload":{"t":)"} + std::to_string(i) + ".50}}";
            api_client sender = as_device(server_, device);
            EXPECT_EQ(sender.send("POST", "/device/readings/batch", batch + "]").status, 200);
            EXPECT_EQ(sender.post("/device/readings", sample_payload()).status, 201);
        }
    }
    ~cli_migrate() override { database_.drop(target); }

    program_result run(const std::string& url, const std::vector<std::string>& arguments) {
        environment variables = test_environment(server_.folder());
        variables["DATABASE_URL"] = url;
        return run_program(arguments, server_.folder(), variables);
    }
    program_result migrate(const std::string& from, const std::string& to) {
        return run(from, {"migrate", "--from", from, "--to", to});
    }
    /// What the commands show of a database.
    std::string shown(const std::string& url) {
        std::string out;
        for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{
                 {"export", "--all", "--include-simulated", "--format", "ndjson"},
                 {"user", "list", "--json"},
                 {"device", "list", "--json"},
                 {"rule", "list", "--json"}}) {
            const auto result = run(url, command);
            EXPECT_EQ(result.exit_code, 0) << result.err;
            out += result.out;
        }
        return out;
    }

    /// Kills a migration that is about to write to a table.
    void kill_at(const std::string& table) {
        auto holder = std::async(std::launch::async, [&] {
            return database_.run_sql(target,
                                     "BEGIN; LOCK TABLE " + table + " IN SHARE MODE; SELECT pg_sleep(60)");
        });
        while (database_.value_of(
                   target, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") != "1")
            std::this_thread::yield();
        const pid_t child = start_child({binary(), "migrate", "--from", source_, "--to", target_url_},
                                        test_environment(server_.folder()), server_.folder(), -1, -1, -1);
        int status = 0;
        while (database_.value_of(target, "SELECT count(*) FROM pg_locks WHERE locktype = 'relation'"
                                          " AND NOT granted") != "1")
            ASSERT_EQ(::waitpid(child, &status, WNOHANG), 0) << exit_code_of(status);
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        (void)database_.value_of(target, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                         " WHERE wait_event = 'PgSleep'");
        (void)holder.get();
    }

    postgres_server& database_ = postgres_server::instance();
    server_process server_{{.variables = {{"MIN_SECONDS_BETWEEN_READINGS", "0"}}}};
    const std::string source_ = server_.database_url();
    const std::string target_url_ = database_.url_of(target);
};

TEST_F(cli_migrate, moves_to_postgresql_and_back) {
    const auto refused = migrate(source_, target_url_);
    EXPECT_EQ(refused.exit_code, 1) << "the server runs";
    EXPECT_TRUE(refused.err.contains("--from " + source_)) << refused.err;
    ASSERT_EQ(server_.stop(), 0);
    const std::string before = shown(source_);

    const auto moved = migrate(source_, target_url_);
    ASSERT_EQ(moved.exit_code, 0) << moved.err;
    EXPECT_TRUE(moved.out.contains("The target is complete, with ")) << moved.out;
    EXPECT_EQ(shown(target_url_), before);
    EXPECT_EQ(shown(source_), before) << "the source stays as it was";

    const std::string back = "sqlite:///" + (server_.folder() / "back.db").string();
    const auto returned = migrate(target_url_, back);
    ASSERT_EQ(returned.exit_code, 0) << returned.err;
    EXPECT_EQ(shown(back), before);

    const auto again = migrate(source_, target_url_);
    EXPECT_EQ(again.exit_code, 1);
    EXPECT_TRUE(again.err.contains("The target is not empty")) << again.err;

    server_.settings().variables["DATABASE_URL"] = target_url_;
    server_.start();
    EXPECT_EQ(as_admin(server_).get("/devices").status, 200);
}

TEST_F(cli_migrate, continues_wherever_it_was_killed) {
    ASSERT_EQ(server_.stop(), 0);
    const std::string before = shown(source_);
    EXPECT_EQ(run(target_url_, {"rule", "enable", "999"}).exit_code, 1) << "creates the tables";
    for (const char* table : {"users", "security_events", "blocks", "chunks"}) {
        kill_at(table);
        const auto refused = run(target_url_, {"serve"});
        EXPECT_EQ(refused.exit_code, 1);
        EXPECT_TRUE(refused.err.contains("breakwater migrate --from " + source_)) << refused.err;
    }
    const auto moved = migrate(source_, target_url_);
    ASSERT_EQ(moved.exit_code, 0) << moved.err;
    EXPECT_EQ(shown(target_url_), before);
}

TEST_F(cli_migrate, refuses_what_is_no_pair_of_databases) {
    EXPECT_EQ(migrate("iot.db", target_url_).exit_code, 2);
    const auto same = migrate(source_, source_);
    EXPECT_EQ(same.exit_code, 2);
    EXPECT_TRUE(same.err.contains("the same database")) << same.err;
    const auto unreachable = migrate(source_, "postgresql://ann:s3cret@127.0.0.1:1/fleet");
    EXPECT_EQ(unreachable.exit_code, 1);
    EXPECT_FALSE((unreachable.out + unreachable.err).contains("s3cret"));
}

} // namespace
} // namespace breakwater::test
