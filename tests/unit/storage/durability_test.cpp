// What docs/decisions/0002-durability.md promises, on a disk that fails.

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
            for (const user& each : *all)
                out.insert(each.email);
            return {};
        });
        EXPECT_TRUE(done);
        return out;
    }

    /// What is there after the machine lost its power now.
    emails after_power_loss() {
        const test::temp_folder elsewhere;
        disk_.lose_power_into(elsewhere.path());
        return found_in(elsewhere.path());
    }

    /// What is there after the process was killed now: the kernel still has every write.
    emails after_kill() {
        const test::temp_folder elsewhere;
        for (const char* file : {"store.db", "store.db-wal"})
            if (std::filesystem::exists(folder_ / file))
                std::filesystem::copy_file(folder_ / file, elsewhere / file);
        return found_in(elsewhere.path());
    }

    test::temp_folder folder_;
    failing_disk disk_{"failing-" + folder_.path().filename().string()};
    std::unique_ptr<database> db_;

private:
    static emails found_in(const std::filesystem::path& folder) {
        auto opened = sqlite::open({.file = folder / "store.db"});
        EXPECT_TRUE(opened) << opened.error().detail;
        return opened ? stored_in(**opened) : emails{};
    }
};

TEST_F(durability, what_was_acknowledged_survives_a_loss_of_power) {
    ASSERT_TRUE(add("a"));
    ASSERT_TRUE(add("b", 50'000));
    EXPECT_EQ(after_power_loss(), (emails{"a", "b"}));
}

TEST_F(durability, what_could_not_be_synced_is_refused_and_never_comes_back) {
    ASSERT_TRUE(add("before"));
    disk_.fail_syncs(SQLITE_IOERR_FSYNC, 1);
    const auto refused = add("refused", 50'000);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::storage_unavailable);
    EXPECT_EQ(disk_.failures(), 1);
    EXPECT_EQ(stored_in(*db_), emails{"before"});
    EXPECT_EQ(after_kill(), emails{"before"})
        << "the whole transaction lies in the log, and must be overwritten";
    EXPECT_EQ(after_power_loss(), emails{"before"});
    ASSERT_TRUE(add("after"));
    EXPECT_EQ(after_kill(), (emails{"before", "after"}));
    EXPECT_EQ(after_power_loss(), (emails{"before", "after"}));
}

TEST_F(durability, nothing_is_acknowledged_while_the_disk_fails_and_then_it_goes_on_by_itself) {
    ASSERT_TRUE(add("before"));
    disk_.fail_syncs(SQLITE_IOERR_FSYNC, 1000);
    for (int i = 0; i < 5; ++i) {
        const auto refused = add("refused" + std::to_string(i));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, errc::storage_unavailable);
        EXPECT_EQ(stored_in(*db_), emails{"before"}) << "reads go on";
    }
    const auto unwell = db_->check();
    ASSERT_FALSE(unwell);
    EXPECT_EQ(unwell.error().code, errc::storage_unavailable);
    disk_.fail_syncs(SQLITE_OK, 0);
    EXPECT_TRUE(db_->check()) << "noticed without anybody writing";
    EXPECT_TRUE(add("after"));
    EXPECT_EQ(after_power_loss(), (emails{"before", "after"}));
    db_.reset();
    open();
    EXPECT_EQ(stored_in(*db_), (emails{"before", "after"}));
}

TEST_F(durability, nothing_rests_on_what_a_crash_left_unsynced) {
    ASSERT_TRUE(add("before"));
    disk_.fail_syncs(SQLITE_IOERR_FSYNC, 1000);
    ASSERT_FALSE(add("unsynced")); // is in the log, and counts as clean
    db_.reset();
    disk_.fail_syncs(SQLITE_OK, 0);
    open();
    ASSERT_TRUE(add("after"));
    const auto left = after_power_loss();
    EXPECT_TRUE(left.contains("before"));
    EXPECT_TRUE(left.contains("after"));
    EXPECT_EQ(left, stored_in(*db_));
}

TEST_F(durability, a_full_disk_is_told_as_such_and_left_behind_when_there_is_room) {
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

TEST_F(durability, a_failure_that_a_unit_of_work_passes_over_fails_it_all_the_same) {
    ASSERT_TRUE(add("before"));
    const std::string payload(100'000, 'x');
    bool ran = false;
    const auto done = db_->write([&](transaction& tx) -> result<void> {
        tx.after_commit([&] { ran = true; });
        disk_.fail_writes(SQLITE_IOERR_WRITE, 1);
        for (int i = 0; i < 300;
             ++i) // more than the cache holds, so that it must be written before the commit
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
