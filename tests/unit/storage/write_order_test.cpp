#include "storage/sqlite/sqlite_database.hpp"

#include "base/cancellation.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <string>
#include <vector>

namespace breakwater::storage::sqlite {
namespace {

class write_order : public testing::Test {
protected:
    void SetUp() override {
        auto opened = open({.file = folder_ / "store.db"});
        ASSERT_TRUE(opened);
        db_ = std::move(*opened);
    }

    /// A unit of work that appends its name to `notes_`.
    catalogue::unit_of_work note_work(std::string name) {
        return [this, name = std::move(name)](transaction&) -> result<void> {
            notes_.push_back(name);
            return {};
        };
    }

    test::temp_folder folder_;
    std::vector<std::string> notes_; ///< names in execution order; used on the writer's thread
    std::unique_ptr<database> db_;
};

TEST_F(write_order, runs_normal_units_first_without_starving_low_priority_units) {
    std::promise<void> started;
    std::promise<void> release;
    db_->write_async(
        [&](transaction&) -> result<void> {
            started.set_value();
            release.get_future().wait();
            return {};
        },
        [](const result<void>&) {});
    started.get_future().wait();
    std::promise<void> finished;
    const auto ignore = [](const result<void>&) {};
    for (int i = 1; i <= 3; ++i)
        db_->write_behind_async(note_work("behind " + std::to_string(i)), ignore);
    db_->write_async(note_work("ahead 1"), ignore);
    db_->write_async(note_work("ahead 2"), ignore);
    db_->write_behind_async([&](transaction&) -> result<void> { return {}; },
                            [&finished](const result<void>&) { finished.set_value(); });
    EXPECT_EQ(db_->write_queue_depth(), 6U);
    release.set_value();
    finished.get_future().wait();
    // After the running group, one low-priority unit runs; then all normal units run together.
    EXPECT_EQ(notes_, (std::vector<std::string>{"behind 1", "ahead 1", "ahead 2", "behind 2", "behind 3"}));
}

TEST_F(write_order, a_cancelled_read_stops_and_the_next_read_works) {
    const auto list_users = [](const snapshot& view) -> result<void> {
        const auto users = view.users().list();
        return users ? result<void>{} : std::unexpected(users.error());
    };
    cancellation cancelled;
    {
        const cancellation_scope scope{cancelled};
        EXPECT_TRUE(db_->read(list_users));
        cancelled.request();
        const auto stopped = db_->read(list_users);
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, errc::overloaded);
    }
    EXPECT_TRUE(db_->read(list_users)) << "on the same connection";
}

} // namespace
} // namespace breakwater::storage::sqlite
