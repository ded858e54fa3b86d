#include "storage/sqlite/event_statement.hpp"

#include "storage/sqlite/sqlite_database.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace breakwater::storage::sqlite {
namespace {

/// SQLite's query plan, one step per line.
std::string plan_of(sqlite3* db, const event_query& query) {
    const std::string sql = "EXPLAIN QUERY PLAN " + event_statement(query, event_conditions(query));
    std::string out;
    const auto append = [](void* into, int, char** values, char**) {
        static_cast<std::string*>(into)->append(values[3]).append("\n");
        return 0;
    };
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), append, &out, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    return out;
}

TEST(event_statement, reads_each_page_from_one_index_for_any_filter) {
    const test::temp_folder folder;
    const auto file = folder.path() / "store.db";
    const auto store = sqlite::open({.file = file});
    ASSERT_TRUE(store);
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);

    const timestamp then{};
    for (const event_query& query :
         std::initializer_list<event_query>{{.since = then},
                                            {.until = then},
                                            {.since = then, .until = then, .before = 7},
                                            {.actor = actor_type::device},
                                            {.actor = actor_type::device, .before = 7},
                                            {.since = then, .actor = actor_type::device},
                                            {.until = then, .actor_id = "7"},
                                            {.until = then, .type = event_type::login},
                                            {.since = then, .until = then, .status = event_status::denied},
                                            {.since = then, .target_type = target_type::device},
                                            {.until = then, .routine = false}}) {
        const std::string plan = plan_of(db, query);
        EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
        EXPECT_TRUE(plan.starts_with("SEARCH security_events USING INDEX")) << plan;
        if (query.since || query.until || query.before) {
            EXPECT_NE(plan.find("created_at"), std::string::npos) << plan;
        }
    }
    event_query target_query{.target_type = target_type::device, .target_id = "7b0c"};
    for (const bool routine : {true, false})
        for (const auto& until : {std::optional<timestamp>{}, std::optional{then}})
            for (const auto before : {std::optional<event_id>{}, std::optional<event_id>{7}}) {
                target_query.routine = routine;
                target_query.until = until;
                target_query.before = before;
                const std::string plan = plan_of(db, target_query);
                EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
                EXPECT_TRUE(plan.contains(routine
                                              ? "SEARCH event_targets USING PRIMARY KEY (kind=? AND object=?"
                                              : "INDEX event_targets_notable (kind=? AND object=?"))
                    << plan;
            }
    for (const event_query& filter : std::initializer_list<event_query>{
             {.type = event_type::device_secret_rotate}, {.status = event_status::denied}}) {
        event_query query = filter;
        query.target_type = target_type::device;
        query.target_id = "7b0c";
        EXPECT_TRUE(plan_of(db, query).contains("INDEX event_targets_notable (kind=? AND object=?"))
            << "no routine event matches";
    }
    EXPECT_EQ(plan_of(db, {}), "SCAN security_events USING INDEX security_events_by_time\n");
    sqlite3_close(db);
}

TEST(event_statement, expiry_removes_all_target_rows) {
    const test::temp_folder folder;
    const auto file = folder.path() / "store.db";
    const auto store = std::move(sqlite::open({.file = file}).value());
    const auto at = [](int seconds) { return timestamp{std::chrono::seconds{seconds}}; };
    const event_target mast{target_type::device, "7b0c"};
    ASSERT_TRUE(store->write([&](transaction& tx) -> result<void> {
        for (int n = 0; n < 6; ++n) {
            security_event event{
                .created_at = at(n), .actor = actor_type::user, .type = event_type::alert_raise};
            add_target(event, {target_type::alert, std::to_string(n)});
            if (n % 2 == 0)
                add_target(event, mast);
            if (const auto added = tx.audit().append(event); !added)
                return std::unexpected(added.error());
        }
        return {};
    }));
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    // Migration 20 left such rows for earlier events of a device.
    ASSERT_EQ(sqlite3_exec(
                  db,
                  "INSERT INTO security_events (created_at, actor_type, actor_id, event_type, status, detail,"
                  " source_address, request_id, route, simulated, count)"
                  " VALUES (0, 'device', '7b0c', 'device_auth', 'success', '', '', '', '', 0, 1);"
                  "INSERT INTO event_targets SELECT 'device', actor_id, created_at, id, routine"
                  " FROM security_events WHERE actor_type = 'device'",
                  nullptr, nullptr, nullptr),
              SQLITE_OK)
        << sqlite3_errmsg(db);
    const auto rows = [&] {
        std::string out;
        const auto append = [](void* into, int, char** values, char**) {
            static_cast<std::string*>(into)->append(values[0]);
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(db, "SELECT count(*) FROM event_targets", append, &out, nullptr), SQLITE_OK);
        return out;
    };
    EXPECT_EQ(rows(), "10");
    ASSERT_TRUE(store->write([&](transaction& tx) -> result<void> {
        const auto removed = tx.audit().expire(at(5), 100);
        return removed ? result<void>{} : std::unexpected(removed.error());
    }));
    EXPECT_EQ(rows(), "1") << "the target of the remaining event";
    sqlite3_close(db);
}

} // namespace
} // namespace breakwater::storage::sqlite
