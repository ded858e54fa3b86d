#include "telemetry/rate_limiter.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono_literals;

class rate_limiter_test : public testing::Test {
protected:
    std::chrono::microseconds interval{1s};
    std::optional<std::chrono::seconds> admit(rate_limiter& limiter) {
        return limiter.admit(device, time.steady_now(), interval);
    }
    void prune_all(rate_limiter& limiter) {
        for (std::size_t i = 0; i < rate_limiter::shard_count; ++i)
            limiter.prune(time.steady_now());
    }

    test::manual_clock time;
    test::seeded_random random;
    const device_id device = uuid::random(random);
};

TEST_F(rate_limiter_test, admits_one_reading_per_interval) {
    rate_limiter limiter;
    interval = 1s;
    EXPECT_EQ(admit(limiter), std::nullopt);
    limiter.commit(device);
    EXPECT_EQ(admit(limiter), 1s);
    time.advance(999'999us);
    EXPECT_EQ(admit(limiter), 1s);
    time.advance(1us);
    EXPECT_EQ(admit(limiter), std::nullopt);
}

TEST_F(rate_limiter_test, the_interval_starts_at_the_admission_and_not_at_the_commit) {
    rate_limiter limiter;
    interval = 1s;
    EXPECT_EQ(admit(limiter), std::nullopt);
    time.advance(700ms);
    limiter.commit(device);
    time.advance(300ms);
    EXPECT_EQ(admit(limiter), std::nullopt);
}

TEST_F(rate_limiter_test, the_wait_is_rounded_up_to_whole_seconds) {
    rate_limiter limiter;
    interval = 10s;
    EXPECT_EQ(admit(limiter), std::nullopt);
    limiter.commit(device);
    EXPECT_EQ(admit(limiter), 10s);
    time.advance(1us);
    EXPECT_EQ(admit(limiter), 10s);
    time.advance(999'999us);
    EXPECT_EQ(admit(limiter), 9s);
    time.advance(8'500ms);
    EXPECT_EQ(admit(limiter), 1s);
}

TEST_F(rate_limiter_test, admits_no_other_reading_while_one_is_pending) {
    rate_limiter limiter;
    interval = 1s;
    EXPECT_EQ(admit(limiter), std::nullopt);
    EXPECT_EQ(admit(limiter), 1s);
    time.advance(1h);
    EXPECT_EQ(admit(limiter), 1s);
    limiter.commit(device);
    EXPECT_EQ(admit(limiter), std::nullopt);
}

TEST_F(rate_limiter_test, a_released_reading_does_not_count) {
    rate_limiter limiter;
    interval = 1s;
    EXPECT_EQ(admit(limiter), std::nullopt);
    limiter.commit(device);
    time.advance(1s);
    EXPECT_EQ(admit(limiter), std::nullopt);
    limiter.release(device);
    EXPECT_EQ(admit(limiter), std::nullopt) << "at once";
    limiter.release(device);
}

TEST_F(rate_limiter_test, devices_are_limited_independently) {
    rate_limiter limiter;
    interval = 1s;
    for (int i = 0; i < 500; ++i)
        EXPECT_EQ(limiter.admit(uuid::random(random), time.steady_now(), interval), std::nullopt);
}

TEST_F(rate_limiter_test, a_zero_interval_disables_the_limit_and_stores_no_state) {
    rate_limiter limiter;
    interval = 0us;
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(admit(limiter), std::nullopt);
    limiter.commit(device);
    limiter.release(device);
    EXPECT_EQ(limiter.size(), 0U);
}

TEST_F(rate_limiter_test, prune_removes_only_idle_devices) {
    rate_limiter limiter;
    interval = 1s;
    for (int i = 0; i < 500; ++i) {
        const device_id id = uuid::random(random);
        ASSERT_EQ(limiter.admit(id, time.steady_now(), interval), std::nullopt);
        if (i % 2 == 0)
            limiter.commit(id);
        else
            limiter.release(id);
    }
    ASSERT_EQ(admit(limiter), std::nullopt); // and stays pending
    prune_all(limiter);
    EXPECT_EQ(limiter.size(), 251U) << "the intervals of committed readings still run";
    time.advance(1s);
    prune_all(limiter);
    EXPECT_EQ(limiter.size(), 1U);
    EXPECT_NE(admit(limiter), std::nullopt);
}

TEST_F(rate_limiter_test, forget_removes_a_device_even_while_its_reading_is_pending) {
    rate_limiter limiter;
    interval = 1s;
    EXPECT_EQ(admit(limiter), std::nullopt);
    limiter.forget(device);
    EXPECT_EQ(limiter.size(), 0U);
    limiter.commit(device);
    EXPECT_EQ(limiter.size(), 0U);
}

TEST_F(rate_limiter_test, admits_exactly_one_of_many_simultaneous_threads) {
    rate_limiter limiter;
    interval = 1s;
    for (int round = 0; round < 50; ++round) {
        std::atomic<int> passed{0};
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i)
                threads.emplace_back([&] {
                    if (!admit(limiter))
                        ++passed;
                });
        }
        EXPECT_EQ(passed, 1);
        limiter.release(device);
    }
}

} // namespace
} // namespace breakwater::telemetry
