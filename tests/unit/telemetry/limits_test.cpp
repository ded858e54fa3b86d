#include "telemetry/limits.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono_literals;

class limits_test : public testing::Test {
protected:
    std::chrono::microseconds interval{1s};
    std::optional<std::chrono::seconds> admit(limits& of) {
        return of.admit(device, time.steady_now(), interval);
    }
    void prune_all(limits& of) {
        for (std::size_t i = 0; i < limits::shard_count; ++i)
            of.prune(time.steady_now());
    }

    test::manual_clock time;
    test::seeded_random random;
    const device_id device = uuid::random(random);
};

TEST_F(limits_test, one_reading_passes_in_each_interval) {
    limits turns;
    interval = 1s;
    EXPECT_EQ(admit(turns), std::nullopt);
    turns.stored(device);
    EXPECT_EQ(admit(turns), 1s);
    time.advance(999'999us);
    EXPECT_EQ(admit(turns), 1s);
    time.advance(1us);
    EXPECT_EQ(admit(turns), std::nullopt);
}

TEST_F(limits_test, the_interval_runs_from_the_admission_and_not_from_the_commit) {
    limits turns;
    interval = 1s;
    EXPECT_EQ(admit(turns), std::nullopt);
    time.advance(700ms);
    turns.stored(device);
    time.advance(300ms);
    EXPECT_EQ(admit(turns), std::nullopt);
}

TEST_F(limits_test, the_wait_is_rounded_up_to_whole_seconds) {
    limits turns;
    interval = 10s;
    EXPECT_EQ(admit(turns), std::nullopt);
    turns.stored(device);
    EXPECT_EQ(admit(turns), 10s);
    time.advance(1us);
    EXPECT_EQ(admit(turns), 10s);
    time.advance(999'999us);
    EXPECT_EQ(admit(turns), 9s);
    time.advance(8'500ms);
    EXPECT_EQ(admit(turns), 1s);
}

TEST_F(limits_test, while_one_is_under_way_no_other_passes_however_long_it_takes) {
    limits turns;
    interval = 1s;
    EXPECT_EQ(admit(turns), std::nullopt);
    EXPECT_EQ(admit(turns), 1s);
    time.advance(1h);
    EXPECT_EQ(admit(turns), 1s);
    turns.stored(device);
    EXPECT_EQ(admit(turns), std::nullopt);
}

TEST_F(limits_test, what_was_lost_does_not_count) {
    limits turns;
    interval = 1s;
    EXPECT_EQ(admit(turns), std::nullopt);
    turns.stored(device);
    time.advance(1s);
    EXPECT_EQ(admit(turns), std::nullopt);
    turns.release(device);
    EXPECT_EQ(admit(turns), std::nullopt) << "at once again";
    turns.release(device);
}

TEST_F(limits_test, devices_do_not_meet) {
    limits turns;
    interval = 1s;
    for (int i = 0; i < 500; ++i)
        EXPECT_EQ(turns.admit(uuid::random(random), time.steady_now(), interval), std::nullopt);
}

TEST_F(limits_test, at_zero_nothing_is_limited_nor_remembered) {
    limits turns;
    interval = 0us;
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(admit(turns), std::nullopt);
    turns.stored(device);
    turns.release(device);
    EXPECT_EQ(turns.size(), 0U);
}

TEST_F(limits_test, idle_devices_are_forgotten_and_no_others) {
    limits turns;
    interval = 1s;
    for (int i = 0; i < 500; ++i) {
        const device_id one = uuid::random(random);
        ASSERT_EQ(turns.admit(one, time.steady_now(), interval), std::nullopt);
        if (i % 2 == 0)
            turns.stored(one);
        else
            turns.release(one);
    }
    ASSERT_EQ(admit(turns), std::nullopt); // and stays under way
    prune_all(turns);
    EXPECT_EQ(turns.size(), 251U) << "those released are gone, the intervals of those stored run";
    time.advance(1s);
    prune_all(turns);
    EXPECT_EQ(turns.size(), 1U);
    EXPECT_NE(admit(turns), std::nullopt);
}

TEST_F(limits_test, a_deleted_device_is_forgotten_even_while_its_reading_is_under_way) {
    limits turns;
    interval = 1s;
    EXPECT_EQ(admit(turns), std::nullopt);
    turns.forget(device);
    EXPECT_EQ(turns.size(), 0U);
    turns.stored(device);
    EXPECT_EQ(turns.size(), 0U);
}

TEST_F(limits_test, of_many_threads_at_once_exactly_one_passes) {
    limits turns;
    interval = 1s;
    for (int round = 0; round < 50; ++round) {
        std::atomic<int> passed{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    if (!admit(turns))
                        ++passed;
                });
        }
        EXPECT_EQ(passed, 1);
        turns.release(device);
    }
}

} // namespace
} // namespace breakwater::telemetry
