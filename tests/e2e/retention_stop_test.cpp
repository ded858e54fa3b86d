#include "support/e2e.hpp"

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
        change_database(
            server_.database_url(),
            "INSERT INTO security_events (created_at, actor_type, actor_id, event_type, status, detail,"
            " source_address, request_id, route, simulated, count, target_type, target_id, other_targets,"
            " unlisted_targets)"
            " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
            " SELECT i, 'system', '', 'login', 'success', 'old', '', '', '', 1 = 0, 1, '', '', '[]', 0 FROM "
            "n");
        ASSERT_EQ(count_remaining(), old_events);
    }

    std::int64_t number(const std::string& sql) {
        return std::stoll(query_database(server_.database_url(), sql).at(0).at(0));
    }
    std::int64_t count_remaining() {
        return number("SELECT count(*) FROM security_events WHERE detail = 'old'");
    }
    std::int64_t count_recorded() {
        return number(
            "SELECT coalesce(sum(count), 0) FROM security_events WHERE event_type = 'log_retention'");
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
