#include "contract/backend.hpp"

#include "support/manual_clock.hpp"

namespace breakwater::storage::contract {
namespace {

using std::chrono::days;
using std::chrono::hours;

class retention : public storage_test {
protected:
    void SetUp() override {
        storage_test::SetUp();
        const auto owner = add_user("ann@example.com");
        device_ = add_device(owner, "one").id;
        other_ = add_device(owner, "two").id;
        for (const device_id& id : {device_, other_}) {
            std::vector<reading> batch;
            for (int hour = 0; hour < 24 * 20; ++hour)
                batch.push_back({.device_id = id,
                                 .received_at = at(0) + hours{hour},
                                 .payload = R"({"t":)" + std::to_string(hour) + "}"});
            add_readings(std::move(batch));
        }
        ASSERT_TRUE(db_->compact(true));
    }

    std::int64_t expire(std::optional<timestamp> readings, std::optional<timestamp> rollups,
                        std::int64_t max_count) {
        std::int64_t removed = -1;
        write([&](transaction& tx) -> result<void> {
            removed = tx.readings().expire(device_, readings, rollups, max_count).value();
            return {};
        });
        return removed;
    }

    std::int64_t reading_count(const device_id& id) {
        std::int64_t total = 0;
        read([&](const snapshot& state) { total = state.readings().summary({.device_id = id})->total; });
        return total;
    }

    std::size_t days_of_series() {
        std::size_t days_count = 0;
        read([&](const snapshot& state) {
            days_count = state.readings()
                             .aggregates({.device_id = device_,
                                          .from = at(0) - days{1},
                                          .to = at(0) + days{30},
                                          .fields = {"t"},
                                          .step = days{1}})
                             ->front()
                             .size();
        });
        return days_count;
    }

    device_id device_;
    device_id other_;
};
INSTANTIATE_TEST_SUITE_P(, retention, testing::ValuesIn(backends()), backend_name);

TEST_P(retention, removes_older_readings_and_nothing_else) {
    EXPECT_EQ(expire(at(0), std::nullopt, 1000), 0);
    EXPECT_EQ(expire(at(0) + days{5}, std::nullopt, 1000), 24 * 5);
    EXPECT_EQ(reading_count(device_), 24 * 15);
    EXPECT_EQ(reading_count(other_), 24 * 20);
    EXPECT_EQ(expire(at(0) + days{5}, std::nullopt, 1000), 0);
    read([&](const snapshot& state) {
        EXPECT_EQ(state.readings().summary({.device_id = device_})->oldest, at(0) + days{5});
    });
    EXPECT_EQ(expire(at(0) + days{100}, std::nullopt, 1000), 24 * 15);
    EXPECT_EQ(reading_count(device_), 0);
}

TEST_P(retention, keeps_rollups_for_their_own_retention_period) {
    EXPECT_EQ(days_of_series(), 20U);
    expire(at(0) + days{100}, std::nullopt, 10'000);
    EXPECT_EQ(days_of_series(), 20U);
    EXPECT_GT(expire(std::nullopt, at(0) + days{300}, 10'000), 0);
    EXPECT_EQ(days_of_series(), 0U);
    EXPECT_EQ(reading_count(other_), 24 * 20);
}

TEST_P(retention, works_in_small_steps) {
    std::int64_t steps = 0;
    for (std::int64_t removed = 1; removed > 0; ++steps)
        removed = expire(at(0) + days{100}, at(0) + days{300}, 1);
    EXPECT_GT(steps, 2);
    EXPECT_EQ(reading_count(device_), 0);
    EXPECT_EQ(days_of_series(), 0U);
}

TEST_P(retention, of_a_removed_device_does_nothing) {
    device_ = new_id();
    EXPECT_EQ(expire(at(0) + days{100}, at(0) + days{100}, 1000), 0);
}

TEST_P(retention, forgets_message_ids) {
    const auto reading_at = [&](std::int64_t seconds) {
        return reading{.device_id = device_, .received_at = at(seconds), .payload = "{}", .message_id = "m"};
    };
    test::manual_clock time;
    reopen({.time = &time});
    const timestamp now = time.now();
    const auto first = add_readings({reading_at(5'000'000)});
    EXPECT_EQ(add_readings({reading_at(5'000'001)})[0].outcome, append_outcome::repeated);
    EXPECT_EQ(add_readings({reading_at(5'000'001)})[0].id, first[0].id);
    write([&](transaction& tx) -> result<void> {
        EXPECT_EQ(tx.readings().forget_message_ids(now, 10).value(), 0)
            << "the time of storing counts, not received_at";
        EXPECT_EQ(tx.readings().forget_message_ids(now + std::chrono::seconds{1}, 10).value(), 1);
        return {};
    });
    EXPECT_EQ(add_readings({reading_at(5'000'002)})[0].outcome, append_outcome::stored);
    db_.reset(); // uses the clock
}

} // namespace
} // namespace breakwater::storage::contract
