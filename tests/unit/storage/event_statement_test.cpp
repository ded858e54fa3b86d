#include "storage/sqlite/event_statement.hpp"

#include "storage/sqlite/sqlite_database.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace breakwater::storage::sqlite {
namespace {

/// How SQLite goes about it, a step a line.
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

TEST(event_statement, reads_a_page_off_one_index_whatever_narrows_it) {
    const test::temp_folder folder;
    const auto file = folder.path() / "store.db";
    const auto made = sqlite::open({.file = file});
    ASSERT_TRUE(made);
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
    event_query about{.target_type = target_type::device, .target_id = "7b0c"};
    for (const bool routine : {true, false})
        for (const auto& until : {std::optional<timestamp>{}, std::optional{then}})
            for (const auto before : {std::optional<event_id>{}, std::optional<event_id>{7}}) {
                about.routine = routine;
                about.until = until;
                about.before = before;
                const std::string plan = plan_of(db, about);
                EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << plan;
                EXPECT_TRUE(plan.contains(routine
                                              ? "SEARCH event_targets USING PRIMARY KEY (kind=? AND object=?"
                                              : "INDEX event_targets_notable (kind=? AND object=?"))
                    << plan;
            }
    EXPECT_EQ(plan_of(db, {}), "SCAN security_events USING INDEX security_events_by_time\n");
    sqlite3_close(db);
}

} // namespace
} // namespace breakwater::storage::sqlite
