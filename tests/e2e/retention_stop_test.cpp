#include "support/e2e.hpp"

#include <sqlite3.h>

#include <chrono>

namespace breakwater::test {
namespace {

namespace json = boost::json;

constexpr std::int64_t old_events = 200'000;

/// A server with very many security events that are too old.
class retention_of_much : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(server_.stop(), 0);
        run_sql("INSERT INTO security_events (created_at, actor_type, actor_id, event_type, status, detail,"
                " source_address, request_id, route, simulated, count)"
                " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000)"
                " SELECT i, 'system', '', 'login', 'success', 'old', '', '', '', 0, 1 FROM n");
        ASSERT_EQ(count_old(), old_events);
    }

    void run_sql(const char* sql) {
        sqlite3* raw = nullptr;
        ASSERT_EQ(sqlite3_open(server_.database().c_str(), &raw), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
        sqlite3_close(raw);
    }
    std::int64_t number(const char* sql) {
        sqlite3* raw = nullptr;
        EXPECT_EQ(sqlite3_open_v2(server_.database().c_str(), &raw, SQLITE_OPEN_READONLY, nullptr),
                  SQLITE_OK);
        sqlite3_stmt* query = nullptr;
        EXPECT_EQ(sqlite3_prepare_v2(raw, sql, -1, &query, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
        sqlite3_step(query);
        const std::int64_t found = sqlite3_column_int64(query, 0);
        sqlite3_finalize(query);
        sqlite3_close(raw);
        return found;
    }
    std::int64_t count_old() { return number("SELECT count(*) FROM security_events WHERE detail = 'old'"); }
    std::int64_t count_recorded() {
        return number("SELECT ifnull(sum(count), 0) FROM security_events WHERE event_type = 'log_retention'");
    }

    server_process server_;
};

TEST_F(retention_of_much, does_not_hold_up_a_stop_and_each_run_is_one_event) {
    server_.start(); // retention begins at once
    EXPECT_EQ(server_.stop(), 0);
    const std::int64_t left = count_old();
    EXPECT_GT(left, 0) << "it stopped before all was removed";
    EXPECT_EQ(count_recorded(), old_events - left) << "what was removed is on record";
    EXPECT_LE(number("SELECT count(*) FROM security_events WHERE event_type = 'log_retention'"), 1);

    server_.start();
    server_.kill(); // in the midst of it: nothing of it may be missing from the record in the end
    server_.start();
    api_client admin = as_admin(server_);
    EXPECT_EQ(create_device(admin).secret.empty(), false) << "changes go on beside it";
    EXPECT_EQ(server_.stop(), 0);
    EXPECT_EQ(count_recorded(), old_events - count_old());
    EXPECT_LE(number("SELECT count(*) FROM security_events WHERE event_type = 'log_retention'"), 3)
        << "an event for each run";
}

} // namespace
} // namespace breakwater::test
