// Tests the guarantees of docs/decisions/0002-durability.md on a failing disk.

#include "failing_disk.hpp"

#include "storage/sqlite/sqlite_database.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace breakwater::storage::sqlite {
namespace {

class durability : public testing::Test {
protected:
    void SetUp() override { open(); }

    void open() {
        auto opened = sqlite::open({.file = folder_ / "store.db", .min_free_bytes = 0, .vfs = disk_.name()});
        ASSERT_TRUE(opened) << opened.error().detail;
        db_ = std::move(*opened);
    }

    result<void> add(const std::string& email, std::size_t ballast = 1) {
        return db_->write([&](transaction& tx) -> result<void> {
            auto added = tx.users().insert(
                {.email = email, .password_hash = std::string(ballast, 'x'), .created_at = timestamp{}});
            return added ? result<void>{} : pass(std::move(added));
        });
    }

    using emails = std::set<std::string>;

    static emails stored_in(database& db) {
        emails out;
        const auto done = db.read([&](const snapshot& state) -> result<void> {
            const auto all = state.users().list();
            if (!all)
                return std::unexpected(all.error());
            for (const user& account : *all)
                out.insert(account.email);
            return {};
        });
        EXPECT_TRUE(done);
        return out;
    }

    /// The stored users after a power loss at this moment.
    emails after_power_loss() {
        const test::temp_folder elsewhere;
        disk_.lose_power_into(elsewhere.path());
        return stored_in_folder(elsewhere.path());
    }

    /// The stored users after killing the process at this moment: the kernel still has every write.
    emails after_kill() {
        const test::temp_folder elsewhere;
        for (const char* file : {"store.db", "store.db-wal"})
            if (std::filesystem::exists(folder_ / file))
                std::filesystem::copy_file(folder_ / file, elsewhere / file);
        return stored_in_folder(elsewhere.path());
    }

    test::temp_folder folder_;
    failing_disk disk_{"failing-" + folder_.path().filename().string()};
    std::unique_ptr<database> db_;

private:
    static emails stored_in_folder(const std::filesystem::path& folder) {
        auto opened = sqlite::open({.file = folder / "store.db"});
        EXPECT_TRUE(opened) << opened.error().detail;
        return opened ? stored_in(**opened) : emails{};
    }
};

TEST_F(durability, acknowledged_writes_survive_a_power_loss) {
    ASSERT_TRUE(add("a"));
    ASSERT_TRUE(add("b", 50'000));
    EXPECT_EQ(after_power_loss(), (emails{"a", "b"}));
}

TEST_F(durability, a_write_that_cannot_be_synced_is_refused_and_never_reappears) {
    ASSERT_TRUE(add("before"));
    disk_.fail_syncs(SQLITE_IOERR_FSYNC, 1);
    const auto refused = add("refused", 50'000);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::storage_unavailable);
    EXPECT_EQ(disk_.failures(), 1);
    EXPECT_EQ(stored_in(*db_), emails{"before"});
    EXPECT_EQ(after_kill(), emails{"before"})
        << "the log contains the whole transaction, which must be overwritten";
    EXPECT_EQ(after_power_loss(), emails{"before"});
    ASSERT_TRUE(add("after"));
    EXPECT_EQ(after_kill(), (emails{"before", "after"}));
    EXPECT_EQ(after_power_loss(), (emails{"before", "after"}));
}

TEST_F(durability, nothing_is_acknowledged_while_the_disk_fails_and_writes_resume_by_themselves) {
    ASSERT_TRUE(add("before"));
    disk_.fail_syncs(SQLITE_IOERR_FSYNC, 1000);
    for (int i = 0; i < 5; ++i) {
        const auto refused = add("refused" + std::to_string(i));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, errc::storage_unavailable);
        EXPECT_EQ(stored_in(*db_), emails{"before"}) << "reads still work";
    }
    const auto check = db_->check();
    ASSERT_FALSE(check);
    EXPECT_EQ(check.error().code, errc::storage_unavailable);
    disk_.fail_syncs(SQLITE_OK, 0);
    EXPECT_TRUE(db_->check()) << "detected without a write";
    EXPECT_TRUE(add("after"));
    EXPECT_EQ(after_power_loss(), (emails{"before", "after"}));
    db_.reset();
    open();
    EXPECT_EQ(stored_in(*db_), (emails{"before", "after"}));
}

TEST_F(durability, later_writes_do_not_depend_on_unsynced_data_of_a_crash) {
    ASSERT_TRUE(add("before"));
    disk_.fail_syncs(SQLITE_IOERR_FSYNC, 1000);
    ASSERT_FALSE(add("unsynced")); // its pages are in the log and count as clean
    db_.reset();
    disk_.fail_syncs(SQLITE_OK, 0);
    open();
    ASSERT_TRUE(add("after"));
    const auto remaining = after_power_loss();
    EXPECT_TRUE(remaining.contains("before"));
    EXPECT_TRUE(remaining.contains("after"));
    EXPECT_EQ(remaining, stored_in(*db_));
}

TEST_F(durability, a_full_disk_is_reported_and_writes_resume_when_there_is_room) {
    ASSERT_TRUE(add("before"));
    disk_.fail_writes(SQLITE_FULL, 1000, 3); // in the middle of a transaction
    for (int i = 0; i < 3; ++i) {
        const auto refused = add("refused" + std::to_string(i), 50'000);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, errc::storage_full);
    }
    EXPECT_EQ(stored_in(*db_), emails{"before"});
    disk_.fail_writes(SQLITE_OK, 0);
    EXPECT_TRUE(add("after"));
    EXPECT_EQ(after_kill(), (emails{"before", "after"}));
    EXPECT_EQ(after_power_loss(), (emails{"before", "after"}));
}

TEST_F(durability, a_unit_of_work_that_ignores_a_failure_fails) {
    ASSERT_TRUE(add("before"));
    const std::string payload(100'000, 'x');
    bool ran = false;
    const auto done = db_->write([&](transaction& tx) -> result<void> {
        tx.after_commit([&] { ran = true; });
        disk_.fail_writes(SQLITE_IOERR_WRITE, 1);
        // More than the cache can contain, so that pages are written before the commit.
        for (int i = 0; i < 300; ++i)
            (void)tx.users().insert({.email = "lost" + std::to_string(i), .password_hash = payload});
        return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, errc::storage_unavailable);
    EXPECT_FALSE(ran);
    EXPECT_EQ(stored_in(*db_), emails{"before"});
    EXPECT_TRUE(add("after"));
}

TEST_F(durability, holds_through_random_failures_checkpoints_and_restarts) {
    std::mt19937 random{7};
    emails acknowledged;
    int refused = 0;
    for (int i = 0; i < 300; ++i) {
        const int code = random() % 2 == 0 ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE;
        const int times = 1 + static_cast<int>(random() % 3);
        const int pass = static_cast<int>(random() % 4);
        if (random() % 8 == 0)
            disk_.fail_syncs(code, times, pass);
        else if (random() % 8 == 0)
            disk_.fail_writes(random() % 3 == 0 ? SQLITE_FULL : code, times, 20 * pass);
        const std::string email = "u" + std::to_string(i);
        if (add(email, 1 + random() % 200'000))
            acknowledged.insert(email);
        else
            ++refused;
        ASSERT_EQ(stored_in(*db_), acknowledged) << i;
        if (i % 100 == 99) {
            disk_.fail_syncs(SQLITE_OK, 0);
            disk_.fail_writes(SQLITE_OK, 0);
            ASSERT_TRUE(db_->check());
            ASSERT_EQ(after_kill(), acknowledged) << i;
            ASSERT_EQ(after_power_loss(), acknowledged) << i;
            db_.reset();
            open();
        }
    }
    EXPECT_GT(refused, 20);
    EXPECT_GT(acknowledged.size(), 150U);
}

} // namespace
} // namespace breakwater::storage::sqlite
