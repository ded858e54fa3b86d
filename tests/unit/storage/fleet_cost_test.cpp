// What does not grow with the fleet.

#include "storage/sqlite/sqlite_database.hpp"
#include "support/seeded_random.hpp"
#include "support/sqlite_steps.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace breakwater::storage::sqlite {
namespace {

/// A fleet that was heard a day ago, and one device of it today.
class fleet {
public:
    explicit fleet(std::size_t size) {
        EXPECT_TRUE(db_->write([&](transaction& tx) -> result<void> {
            const auto owner = tx.users().insert({.email = "ann@example.com", .password_hash = "hash"});
            std::vector<reading> yesterday;
            for (std::size_t i = 0; i < size; ++i) {
                devices_.push_back(uuid::random(random_));
                if (auto made = tx.devices().insert({.id = devices_.back(), .owner = *owner, .name = "Mast"});
                    !made)
                    return made;
                yesterday.push_back({.device_id = devices_.back(), .received_at = morning_, .payload = "{}"});
            }
            return tx.readings().append(yesterday);
        }));
        EXPECT_TRUE(db_->compact(true));
        append();
        EXPECT_TRUE(db_->compact(true));
    }

    [[nodiscard]] std::int64_t steps_of(const std::function<void()>& work) {
        (void)steps_.take();
        work();
        return steps_.take();
    }
    void append() {
        std::vector<reading> one{{.device_id = devices_.front(), .received_at = today(), .payload = "{}"}};
        EXPECT_TRUE(db_->write([&](transaction& tx) { return tx.readings().append(one); }));
    }
    void look_who_was_heard() {
        EXPECT_TRUE(db_->read([&](const snapshot& view) -> result<void> {
            EXPECT_EQ(view.readings().heard_since(today()).value(), std::vector{devices_.front()});
            return {};
        }));
    }

private:
    [[nodiscard]] timestamp today() const { return morning_ + std::chrono::days{1}; }

    test::sqlite_steps steps_; // before the connections that it counts
    test::temp_folder folder_;
    test::seeded_random random_;
    timestamp morning_ = timestamp{} + std::chrono::days{20'000};
    std::unique_ptr<database> db_ =
        sqlite::open({.file = folder_ / "store.db", .compacts_by_itself = false}).value();
    std::vector<device_id> devices_;
};

TEST(fleet_cost, a_start_looks_at_the_devices_that_were_heard_lately_alone) {
    fleet few{10};
    const std::int64_t cost = few.steps_of([&] { few.look_who_was_heard(); });
    EXPECT_GT(cost, 0);
    fleet many{1000};
    EXPECT_LE(many.steps_of([&] { many.look_who_was_heard(); }), cost);
}

TEST(fleet_cost, a_reading_is_stored_without_a_look_at_other_devices) {
    fleet few{10};
    const std::int64_t cost = few.steps_of([&] { few.append(); });
    EXPECT_GT(cost, 0);
    fleet many{1000};
    EXPECT_LE(many.steps_of([&] { many.append(); }), cost);
}

} // namespace
} // namespace breakwater::storage::sqlite
