// Costs that must not depend on the size of the fleet.

#include "storage/sqlite/sqlite_database.hpp"
#include "support/seeded_random.hpp"
#include "support/sqlite_steps.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

namespace breakwater::storage::sqlite {
namespace {

/// A fleet whose devices all reported a day ago, and one of them also today.
class fleet {
public:
    explicit fleet(std::size_t size) {
        EXPECT_TRUE(db_->write([&](transaction& tx) -> result<void> {
            const auto owner = tx.users().insert({.email = "ann@example.com", .password_hash = "hash"});
            std::vector<reading> yesterday;
            for (std::size_t i = 0; i < size; ++i) {
                devices_.push_back(uuid::random(random_));
                if (auto inserted =
                        tx.devices().insert({.id = devices_.back(), .owner = *owner, .name = "Mast"});
                    !inserted)
                    return inserted;
                yesterday.push_back({.device_id = devices_.back(), .received_at = morning_, .payload = "{}"});
            }
            return tx.readings().append(yesterday);
        }));
        EXPECT_TRUE(db_->compact(true));
        append();
        EXPECT_TRUE(db_->compact(true));
    }

    /// Number of SQLite VM steps of `work`.
    [[nodiscard]] std::int64_t steps_of(const std::function<void()>& work) {
        (void)steps_.take();
        work();
        return steps_.take();
    }
    void append() {
        std::vector<reading> batch{{.device_id = devices_.front(), .received_at = today(), .payload = "{}"}};
        EXPECT_TRUE(db_->write([&](transaction& tx) { return tx.readings().append(batch); }));
    }
    void query_active_devices() {
        EXPECT_TRUE(db_->read([&](const snapshot& view) -> result<void> {
            EXPECT_EQ(view.readings().active_since(today()).value(), std::vector{devices_.front()});
            return {};
        }));
    }

private:
    [[nodiscard]] timestamp today() const { return morning_ + std::chrono::days{1}; }

    test::sqlite_steps steps_; // must be constructed before the connections it counts
    test::temp_folder folder_;
    test::seeded_random random_;
    timestamp morning_ = timestamp{} + std::chrono::days{20'000};
    std::unique_ptr<database> db_ =
        sqlite::open({.file = folder_ / "store.db", .background_compaction = false}).value();
    std::vector<device_id> devices_;
};

TEST(fleet_cost, the_query_at_the_start_reads_only_recently_active_devices) {
    fleet small{10};
    const std::int64_t cost = small.steps_of([&] { small.query_active_devices(); });
    EXPECT_GT(cost, 0);
    fleet large{1000};
    EXPECT_LE(large.steps_of([&] { large.query_active_devices(); }), cost);
}

TEST(fleet_cost, storing_a_reading_does_not_read_other_devices) {
    fleet small{10};
    const std::int64_t cost = small.steps_of([&] { small.append(); });
    EXPECT_GT(cost, 0);
    fleet large{1000};
    EXPECT_LE(large.steps_of([&] { large.append(); }), cost);
}

} // namespace
} // namespace breakwater::storage::sqlite
