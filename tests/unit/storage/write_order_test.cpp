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

    /// Notes when it runs.
    database::unit_of_work noting(std::string name) {
        return [this, name = std::move(name)](transaction&) -> result<void> {
            notes_.push_back(name);
            return {};
        };
    }

    test::temp_folder folder_;
    std::vector<std::string> notes_; ///< the writer's thread
    std::unique_ptr<database> db_;
};

TEST_F(write_order, what_somebody_waits_for_goes_first_and_what_can_wait_goes_on) {
    std::promise<void> started;
    std::promise<void> go_on;
    db_->write_async(
        [&](transaction&) -> result<void> {
            started.set_value();
            go_on.get_future().wait();
            return {};
        },
        [](const result<void>&) {});
    started.get_future().wait();
    std::promise<void> all;
    const auto nothing = [](const result<void>&) {};
    for (int i = 1; i <= 3; ++i)
        db_->write_behind_async(noting("behind " + std::to_string(i)), nothing);
    db_->write_async(noting("ahead 1"), nothing);
    db_->write_async(noting("ahead 2"), nothing);
    db_->write_behind_async([&](transaction&) -> result<void> { return {}; },
                            [&all](const result<void>&) { all.set_value(); });
    EXPECT_EQ(db_->write_queue_depth(), 6U);
    go_on.set_value();
    all.get_future().wait();
    // The group that was under way gives a turn to one that waits behind; then all that are ahead go
    // together.
    EXPECT_EQ(notes_, (std::vector<std::string>{"behind 1", "ahead 1", "ahead 2", "behind 2", "behind 3"}));
}

TEST_F(write_order, a_read_that_nobody_waits_for_ends_and_the_next_does_not) {
    const auto look = [](const snapshot& view) -> result<void> {
        const auto users = view.users().list();
        return users ? result<void>{} : std::unexpected(users.error());
    };
    cancellation gone;
    {
        const cancellation_scope scope{gone};
        EXPECT_TRUE(db_->read(look));
        gone.request();
        const auto stopped = db_->read(look);
        ASSERT_FALSE(stopped);
        EXPECT_EQ(stopped.error().code, errc::overloaded);
    }
    EXPECT_TRUE(db_->read(look)) << "on the same connection";
}

} // namespace
} // namespace breakwater::storage::sqlite
