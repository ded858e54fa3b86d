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

    static void expect_refused(const result<std::unique_ptr<database>>& opened, std::string_view because,
                               errc as = errc::storage_unavailable) {
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, as);
        EXPECT_NE(opened.error().detail.find(because), std::string::npos) << opened.error().detail;
    }

    static unsigned mode_of(const std::filesystem::path& path) {
        struct stat found{};
        EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
        return found.st_mode & 0777;
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

TEST_F(opening, makes_files_that_nobody_else_can_read) {
    const auto db = open();
    ASSERT_TRUE(db) << db.error().detail;
    ASSERT_TRUE(add_user(**db, "a"));
    EXPECT_EQ(mode_of(file().parent_path()), 0700U);
    for (const char* suffix : {"", "-wal", "-shm", ".lock"})
        EXPECT_EQ(mode_of(file().string() + suffix), 0600U) << suffix;
}

TEST_F(opening, leaves_one_whole_file_when_closed) {
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

TEST_F(opening, to_read_works_beside_a_server_and_changes_nothing) {
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

TEST_F(opening, to_read_works_without_a_server) {
    ASSERT_TRUE(add_user(**open(), "a"));
    const auto reader = open(true);
    ASSERT_TRUE(reader) << reader.error().detail;
    EXPECT_EQ(count_users(**reader), 1U);
}

TEST_F(opening, to_read_makes_no_file) {
    expect_refused(open(true), "store.db");
    EXPECT_FALSE(std::filesystem::exists(file().parent_path()));
}

TEST_F(opening, refuses_a_database_from_a_newer_version) {
    ASSERT_TRUE(open());
    run_sql("INSERT INTO schema_migrations VALUES (9999, '9999_future', 'x', 0)");
    expect_refused(open(), "newer version");
    expect_refused(open(true), "newer version");
}

TEST_F(opening, refuses_a_database_whose_migrations_were_others) {
    ASSERT_TRUE(open());
    run_sql("UPDATE schema_migrations SET checksum = 'x' WHERE number = 1");
    expect_refused(open(), "0001_init");
}

TEST_F(opening, to_read_refuses_a_database_that_lacks_a_migration) {
    ASSERT_TRUE(open());
    run_sql("DELETE FROM schema_migrations");
    expect_refused(open(true), "older version");
}

TEST_F(opening, refuses_what_is_not_ours) {
    std::filesystem::create_directory(file().parent_path());
    run_sql("CREATE TABLE theirs (a)");
    expect_refused(open(), "not one of Breakwater's", errc::invalid_input);
    for (const std::size_t size : {1U, 15U, 16U, 10'000U}) {
        std::ofstream{file()} << std::string(size, 'x');
        expect_refused(open(), "not a SQLite database", errc::invalid_input);
        expect_refused(open(true), "not a SQLite database", errc::invalid_input);
    }
}

TEST_F(opening, makes_one_folder_and_none_above_it) {
    const std::filesystem::path deep = folder_ / "slip" / "data" / "iot.db";
    EXPECT_FALSE(sqlite::open({.file = deep}));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "slip"));
}

TEST_F(opening, says_why_a_folder_is_of_no_use) {
    std::ofstream{folder_ / "data"} << "a file";
    ASSERT_FALSE(open());
    EXPECT_EQ(open().error().code, errc::storage_unavailable);
}

TEST(migrations, are_numbered_from_one_and_have_a_checksum) {
    int expected = 0;
    for (const migration& each : migrations()) {
        EXPECT_EQ(each.number, ++expected);
        EXPECT_EQ(each.checksum.size(), 64U);
    }
    EXPECT_GE(expected, 1);
}

} // namespace
} // namespace breakwater::storage::sqlite
