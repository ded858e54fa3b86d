#include "support/e2e.hpp"

#include <sqlite3.h>

#include <chrono>

namespace breakwater::test {
namespace {

namespace json = boost::json;

constexpr std::int64_t old_events = 200'000;

/// A server with 200,000 security events that are past their retention period.
class retention_of_many_events : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_EQ(server_.stop(), 0);
        run_sql("INSERT INTO security_events (created_at, actor_type, actor_id, event_type, status, detail,"
                " source_address, request_id, route, simulated, count)"
                " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000)"
                " SELECT i, 'system', '', 'login', 'success', 'old', '', '', '', 0, 1 FROM n");
        ASSERT_EQ(count_remaining(), old_events);
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
        const std::int64_t value = sqlite3_column_int64(query, 0);
        sqlite3_finalize(query);
        sqlite3_close(raw);
        return value;
    }
    std::int64_t count_remaining() {
        return number("SELECT count(*) FROM security_events WHERE detail = 'old'");
    }
    std::int64_t count_recorded() {
        return number("SELECT ifnull(sum(count), 0) FROM security_events WHERE event_type = 'log_retention'");
    }

    server_process server_;
};

TEST_F(retention_of_many_events, does_not_delay_a_stop_and_records_one_event_per_run) {
    server_.start(); // retention starts immediately
    EXPECT_EQ(server_.stop(), 0);
    const std::int64_t remaining = count_remaining();
    EXPECT_GT(remaining, 0) << "the stop interrupted the removal";
    EXPECT_EQ(count_recorded(), old_events - remaining) << "the event counts every removed row";
    EXPECT_LE(number("SELECT count(*) FROM security_events WHERE event_type = 'log_retention'"), 1);

    server_.start();
    server_.kill(); // during retention; every removed row must still be counted in the end
    server_.start();
    api_client admin = as_admin(server_);
    EXPECT_EQ(create_device(admin).secret.empty(), false) << "other changes proceed during retention";
    EXPECT_EQ(server_.stop(), 0);
    EXPECT_EQ(count_recorded(), old_events - count_remaining());
    EXPECT_LE(number("SELECT count(*) FROM security_events WHERE event_type = 'log_retention'"), 3)
        << "at most one event per run";
}

} // namespace
} // namespace breakwater::test
