#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

namespace breakwater::storage::sqlite {
namespace {

class opening : public testing::Test {
protected:
    std::filesystem::path file() const { return folder_.path() / "data" / "store.db"; }

    result<std::unique_ptr<database>> open(bool read_only = false) const {
        return sqlite::open({.file = file(), .read_only = read_only});
    }

    void run_sql(const char* sql) const {
        sqlite3* raw = nullptr;
        ASSERT_EQ(sqlite3_open(file().c_str(), &raw), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(raw, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(raw);
        sqlite3_close(raw);
    }

    static void expect_refused(const result<std::unique_ptr<database>>& opened, std::string_view reason,
                               errc code = errc::storage_unavailable) {
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, code);
        EXPECT_NE(opened.error().detail.find(reason), std::string::npos) << opened.error().detail;
    }

    static unsigned mode_of(const std::filesystem::path& path) {
        struct stat status{};
        EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
        return status.st_mode & 0777;
    }

    test::temp_folder folder_;
};

result<void> add_user(database& db, const std::string& email) {
    return db.write([&](transaction& tx) -> result<void> {
        auto added = tx.users().insert({.email = email, .password_hash = "x", .created_at = timestamp{}});
        return added ? result<void>{} : pass(std::move(added));
    });
}

std::size_t count_users(database& db) {
    std::size_t count = 0;
    EXPECT_TRUE(db.read([&](const snapshot& state) -> result<void> {
        count = state.users().list()->size();
        return {};
    }));
    return count;
}

TEST_F(opening, creates_files_that_only_the_owner_can_read) {
    const auto db = open();
    ASSERT_TRUE(db) << db.error().detail;
    ASSERT_TRUE(add_user(**db, "a"));
    EXPECT_EQ(mode_of(file().parent_path()), 0700U);
    for (const char* suffix : {"", "-wal", "-shm", ".lock"})
        EXPECT_EQ(mode_of(file().string() + suffix), 0600U) << suffix;
}

TEST_F(opening, leaves_a_single_file_after_closing) {
    {
        const auto db = open();
        ASSERT_TRUE(add_user(**db, "a"));
        EXPECT_EQ(count_users(**db), 1U);
    }
    EXPECT_FALSE(std::filesystem::exists(file().string() + "-wal"));
    EXPECT_EQ(count_users(**open()), 1U);
}

TEST_F(opening, is_for_one_server_at_a_time) {
    auto first = open();
    ASSERT_TRUE(first);
    expect_refused(open(), "server (process " + std::to_string(::getpid()) + ") is running");
    first->reset();
    EXPECT_TRUE(open());
}

TEST_F(opening, read_only_works_beside_a_server_and_changes_nothing) {
    const auto server = open();
    ASSERT_TRUE(add_user(**server, "a"));
    const auto reader = open(true);
    ASSERT_TRUE(reader) << reader.error().detail;
    EXPECT_EQ(count_users(**reader), 1U);
    ASSERT_TRUE(add_user(**server, "b"));
    EXPECT_EQ(count_users(**reader), 2U);
    EXPECT_EQ(add_user(**reader, "c").error().code, errc::bad_state);
    EXPECT_EQ((*reader)->write_queue_depth(), 0U);
    EXPECT_TRUE((*reader)->check());
    EXPECT_TRUE((*reader)->backup(folder_ / "copy.db", {}));
}

TEST_F(opening, read_only_works_without_a_server) {
    ASSERT_TRUE(add_user(**open(), "a"));
    const auto reader = open(true);
    ASSERT_TRUE(reader) << reader.error().detail;
    EXPECT_EQ(count_users(**reader), 1U);
}

TEST_F(opening, read_only_creates_no_file) {
    expect_refused(open(true), "store.db");
    EXPECT_FALSE(std::filesystem::exists(file().parent_path()));
}

TEST_F(opening, migrates_the_readings_of_the_first_version) {
    std::filesystem::create_directory(file().parent_path());
    run_sql("PRAGMA journal_mode = WAL; PRAGMA application_id = 0x42524b57; CREATE TABLE schema_migrations"
            " (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,"
            " applied_at INTEGER NOT NULL) STRICT;");
    for (const engine::migration& step : migrations().first(3)) {
        run_sql(step.text);
        run_sql(("INSERT INTO schema_migrations VALUES (" + std::to_string(step.number) + ", '" +
                 std::string{step.name} + "', '" + std::string{step.checksum} + "', 0)")
                    .c_str());
    }
    run_sql("INSERT INTO users VALUES (1, 'ann@example.com', 1, 'hash', 1, 0);"
            "INSERT INTO devices VALUES (7, x'000102030405060708090a0b0c0d0e0f', 1, 'Mast', 0, 0, 's', 1, 0, "
            "0, NULL);"
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
            " INSERT INTO readings SELECT i, 7, i % 2, i * 1000000, NULL, '{\"t\":' || i || '}' FROM n;"
            "UPDATE counters SET value = 5000 WHERE name = 'last_reading_id'");
    const auto id = *uuid::parse("00010203-0405-0607-0809-0a0b0c0d0e0f");
    for (int round = 0; round < 2; ++round) {
        const auto store = open();
        ASSERT_TRUE(store) << store.error().detail;
        if (round == 0) {
            ASSERT_TRUE((*store)->compact(true));
        }
        ASSERT_TRUE((*store)->read([&](const snapshot& view) -> result<void> {
            const auto page = view.readings().page({.device_id = id, .include_simulated = true},
                                                   reading_order::oldest_first, {}, 3000);
            EXPECT_EQ(page->size(), 2000U + static_cast<std::size_t>(round));
            EXPECT_EQ(page->back().id, 2000);
            EXPECT_EQ(page->back().payload, R"({"t":2000})");
            EXPECT_EQ(view.readings().summary({.device_id = id})->total, 1000 + round);
            return {};
        }));
        std::vector<reading> more{{.device_id = id, .payload = "{}"}};
        ASSERT_TRUE((*store)->write([&](transaction& tx) { return tx.readings().append(more); }));
        EXPECT_GT(more[0].id, 5000) << "ids of removed readings are not reused";
    }
    sqlite3* raw = nullptr;
    ASSERT_EQ(sqlite3_open(file().c_str(), &raw), SQLITE_OK);
    sqlite3_stmt* query = nullptr;
    sqlite3_prepare_v2(raw, "PRAGMA auto_vacuum", -1, &query, nullptr);
    EXPECT_EQ(sqlite3_step(query), SQLITE_ROW);
    EXPECT_EQ(sqlite3_column_int(query, 0), 2) << "incremental";
    sqlite3_finalize(query);
    sqlite3_close(raw);
}

TEST_F(opening, refuses_a_database_from_a_newer_version) {
    ASSERT_TRUE(open());
    run_sql("INSERT INTO schema_migrations VALUES (9999, '9999_future', 'x', 0)");
    expect_refused(open(), "newer version");
    expect_refused(open(true), "newer version");
}

TEST_F(opening, refuses_a_database_with_different_migrations) {
    ASSERT_TRUE(open());
    run_sql("UPDATE schema_migrations SET checksum = 'x' WHERE number = 1");
    expect_refused(open(), "0001_init");
}

TEST_F(opening, read_only_refuses_a_database_that_lacks_a_migration) {
    ASSERT_TRUE(open());
    run_sql("DELETE FROM schema_migrations");
    expect_refused(open(true), "older version");
}

TEST_F(opening, refuses_files_that_are_not_a_breakwater_database) {
    std::filesystem::create_directory(file().parent_path());
    run_sql("CREATE TABLE theirs (a)");
    expect_refused(open(), "not a Breakwater database", errc::invalid_input);
    for (const std::size_t size : {1U, 15U, 16U, 10'000U}) {
        std::ofstream{file()} << std::string(size, 'x');
        expect_refused(open(), "not a SQLite database", errc::invalid_input);
        expect_refused(open(true), "not a SQLite database", errc::invalid_input);
    }
}

TEST_F(opening, creates_one_folder_but_no_parents) {
    const std::filesystem::path deep = folder_ / "slip" / "data" / "iot.db";
    EXPECT_FALSE(sqlite::open({.file = deep}));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "slip"));
}

TEST_F(opening, reports_an_unusable_folder) {
    std::ofstream{folder_ / "data"} << "a file";
    ASSERT_FALSE(open());
    EXPECT_EQ(open().error().code, errc::storage_unavailable);
}

TEST(migrations, are_numbered_from_one_and_have_a_checksum) {
    int expected = 0;
    for (const engine::migration& step : migrations()) {
        EXPECT_EQ(step.number, ++expected);
        EXPECT_EQ(step.checksum.size(), 64U);
    }
    EXPECT_GE(expected, 1);
}

TEST_F(opening, migrates_the_deliveries_of_webhooks_into_the_outbox) {
    std::filesystem::create_directories(file().parent_path());
    std::string script = "PRAGMA application_id = 0x42524b57;"
                         "CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                         " checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;";
    for (const engine::migration& step : migrations().first(26))
        script += std::string{step.text} + "INSERT INTO schema_migrations VALUES (" +
                  std::to_string(step.number) + ", '" + std::string{step.name} + "', '" +
                  std::string{step.checksum} + "', 0);";
    script += "INSERT INTO webhooks VALUES (3, 'ops', 'https://ops.example/', 's', 0, 1, 1, 1),"
              " (4, 'other', 'https://other.example/', 's', 0, 1, 1, 1);"
              "INSERT INTO webhook_deliveries VALUES"
              " (10, 3, '{\"n\":\"\u00fc\"}', 0, 2, 500, 100, NULL, 'Answered with 500.', 500, NULL),"
              " (11, 3, '{}', 1, 1, NULL, 101, 201, '', 204, NULL),"
              " (12, 4, '{}', 2, 8, NULL, 102, NULL, 'No answer.', NULL, NULL),"
              " (13, 4, '{}', 0, 0, 900, 103, NULL, '', NULL, 77),"
              " (14, 2, '{}', 2, 8, NULL, 104, NULL, 'Of a removed webhook.', NULL, NULL),"
              " (20, 3, '{}', 2, 8, NULL, 105, NULL, '', NULL, NULL);"
              "DELETE FROM webhook_deliveries WHERE id = 20;";
    run_sql(script.c_str());

    const auto micros = [](std::int64_t value) { return timestamp{timestamp::duration{value}}; };
    const auto db = open();
    ASSERT_TRUE(db) << db.error().detail;
    std::vector<outbox_message> messages;
    std::vector<pending_message> next;
    std::int64_t pending = 0;
    ASSERT_TRUE((*db)->read([&](const snapshot& view) -> result<void> {
        messages = view.outbox().list({}).value();
        next = view.outbox().next().value();
        pending = view.outbox().pending(destination_kind::webhook).value();
        return {};
    }));
    ASSERT_EQ(messages.size(), 4U) << "without the message of the removed webhook";
    const outbox_message& held = messages[0];
    EXPECT_EQ(held.id, 13);
    EXPECT_EQ(held.state, delivery_state::pending);
    EXPECT_EQ(held.next_attempt_at, micros(900));
    const outbox_message& dead = messages[1];
    EXPECT_EQ(dead.id, 12);
    EXPECT_EQ(dead.state, delivery_state::dead);
    EXPECT_EQ(dead.attempts, 8);
    EXPECT_EQ(dead.last_error, "No answer.");
    EXPECT_FALSE(dead.finished_at);
    const outbox_message& delivered = messages[2];
    EXPECT_EQ(delivered.id, 11);
    EXPECT_EQ(delivered.state, delivery_state::delivered);
    EXPECT_EQ(delivered.finished_at, micros(201));
    EXPECT_EQ(delivered.last_status, 204);
    const outbox_message& waiting = messages[3];
    EXPECT_EQ(waiting.id, 10);
    EXPECT_EQ(waiting.destination, (destination_key{.kind = destination_kind::webhook, .id = 3}));
    EXPECT_EQ(waiting.payload, "{\"n\":\"\u00fc\"}");
    EXPECT_EQ(waiting.state, delivery_state::pending);
    EXPECT_EQ(waiting.attempts, 2);
    EXPECT_EQ(waiting.next_attempt_at, micros(500));
    EXPECT_EQ(waiting.created_at, micros(100));
    EXPECT_EQ(waiting.last_error, "Answered with 500.");
    EXPECT_EQ(waiting.last_status, 500);
    ASSERT_EQ(next.size(), 2U);
    EXPECT_EQ(next[0].id, 10);
    EXPECT_EQ(next[1].id, 13);
    EXPECT_EQ(pending, 2);

    ASSERT_TRUE((*db)->write([&](transaction& tx) -> result<void> {
        EXPECT_EQ(tx.outbox().enqueue({.id = 3}, "{}", micros(1)).value().id, 21) << "no id is used twice";
        EXPECT_TRUE(tx.outbox().withdraw(destination_kind::webhook, 77));
        EXPECT_EQ(tx.outbox().pending(destination_kind::webhook).value(), 2) << "the held one is withdrawn";
        EXPECT_TRUE(tx.outbox().mark_delivered(10, 200, micros(600)));
        EXPECT_EQ(tx.outbox().pending(destination_kind::webhook).value(), 1);
        EXPECT_EQ(tx.outbox().expire(micros(0), 10).value(), 1) << "that of the removed webhook";
        return {};
    }));
}

TEST_F(opening, migrates_real_and_simulated_devices_and_their_blocks) {
    std::filesystem::create_directories(file().parent_path());
    std::string script = "PRAGMA application_id = 0x42524b57;"
                         "CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                         " checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;";
    for (const engine::migration& step : migrations()) {
        if (step.name.find("real_and_simulated") != step.name.npos)
            break;
        script += std::string{step.text} + "INSERT INTO schema_migrations VALUES (" +
                  std::to_string(step.number) + ", '" + std::string{step.name} + "', '" +
                  std::string{step.checksum} + "', 0);";
    }
    const auto device = [](int key, const char* name, int status) {
        return "INSERT INTO devices VALUES (" + std::to_string(key) + ", x'" + std::to_string(key) +
               "0102030405060708090a0b0c0d0e0f', 1, '" + name + "', 0, " + std::to_string(status) +
               ", 's', 1, 0, 5, 6);";
    };
    const auto event = [](const std::string& actor, const std::string& type, const std::string& detail) {
        return "INSERT INTO security_events (created_at, actor_type, actor_id, event_type, status, detail,"
               " source_address, request_id, route, simulated, count) VALUES (9, " +
               actor + ", '" + type + "', 'success', '" + detail + "', '', '', '', 0, 1);";
    };
    script +=
        "INSERT INTO users VALUES (1, 'o@example.com', 0, 'h', 1, 0), (2, 'a@example.com', 1, 'h', 1, 0);" +
        device(10, "heard", 1) + device(20, "signed in", 1) + device(30, "simulated", 0) +
        device(40, "new", 1);
    script += "INSERT INTO hot_readings VALUES (1, 10, 0, 100, NULL, '{}'), (2, 10, 1, 50, NULL, '{}');"
              "INSERT INTO hot_readings SELECT column1, 30, 1, 1, NULL, '{}'"
              " FROM (VALUES (3), (4), (5), (6), (7), (8), (9));";
    script += event("'device', '20010203-0405-0607-0809-0a0b0c0d0e0f'", "device_auth", "x") +
              event("'user', '1'", "device_block", "Device 10010203-0405-0607-0809-0a0b0c0d0e0f blocked.") +
              event("'system', ''", "device_block",
                    "Device 20010203-0405-0607-0809-0a0b0c0d0e0f blocked: quarantine by alert rule 3 (x).") +
              event("'user', '2'", "device_block", "Device 40010203-0405-0607-0809-0a0b0c0d0e0f blocked.");
    script += "INSERT INTO alerts (rule, rule_name, kind, severity, device, subject, summary, state, count,"
              " quarantined, raised_at, last_raised_at, acknowledged_by, resolved_by, note)"
              " VALUES (1, 'r', 0, 0, 10, 's', 'x', 0, 1, 0, 1, 1, '', '', '');";
    run_sql(script.c_str());

    const auto db = open();
    ASSERT_TRUE(db) << db.error().detail;
    std::vector<breakwater::device> devices;
    std::vector<alert> alerts;
    ASSERT_TRUE((*db)->read([&](const snapshot& state) -> result<void> {
        devices = state.devices().list({}).value();
        alerts = state.alerts().list({}).value();
        return {};
    }));
    ASSERT_EQ(devices.size(), 4U);
    EXPECT_EQ(devices[0].first_reading_at, timestamp{std::chrono::microseconds{100}});
    EXPECT_EQ(devices[1].signed_in_at, timestamp{std::chrono::microseconds{9}});
    EXPECT_TRUE(devices[0].is_real() && devices[1].is_real());
    EXPECT_TRUE(devices[2].simulated);
    EXPECT_TRUE(devices[3].never_heard());
    EXPECT_EQ(devices[0].block->author, block_author::owner);
    EXPECT_EQ(devices[0].block->name, "o@example.com");
    EXPECT_TRUE(devices[0].owner_may_release());
    EXPECT_EQ(devices[1].block->author, block_author::rule);
    EXPECT_FALSE(devices[2].block);
    EXPECT_EQ(devices[3].block->author, block_author::administrator);
    EXPECT_FALSE(devices[1].owner_may_release() || devices[3].owner_may_release());
    ASSERT_EQ(alerts.size(), 1U);
    EXPECT_EQ(alerts[0].device, devices[0].id);
    EXPECT_FALSE(alerts[0].device_deleted || alerts[0].simulated);
}

} // namespace
} // namespace breakwater::storage::sqlite
