#include "telemetry/token_buckets.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono_literals;

class token_buckets_test : public testing::Test {
protected:
    token_buckets::outcome take(std::size_t count) {
        return buckets.take(device, count, time.steady_now(), limits);
    }

    test::manual_clock time;
    test::seeded_random random;
    const device_id device = uuid::random(random);
    token_buckets buckets;
    token_buckets::allowance limits{.rate = 2, .burst = 10};
};

TEST_F(token_buckets_test, grants_the_available_tokens_and_sets_retry_after) {
    EXPECT_EQ(take(4).granted, 4U);
    const auto rest = take(20);
    EXPECT_EQ(rest.granted, 6U);
    EXPECT_EQ(rest.remaining, 0U);
    EXPECT_EQ(rest.retry_after, 1s) << "half a second, rounded up";
    EXPECT_EQ(take(1).granted, 0U);
    time.advance(1s);
    EXPECT_EQ(take(5).granted, 2U);
    time.advance(1h);
    EXPECT_EQ(take(100).granted, 10U) << "no more than the burst";
}

TEST_F(token_buckets_test, refunds_unused_tokens_up_to_the_burst) {
    EXPECT_EQ(take(10).granted, 10U);
    buckets.refund(device, 3);
    EXPECT_EQ(buckets.remaining(device, time.steady_now(), limits), 3U);
    buckets.refund(device, 100);
    EXPECT_EQ(buckets.remaining(device, time.steady_now(), limits), 10U);
    buckets.refund(uuid::random(random), 5);
    EXPECT_EQ(buckets.size(), 1U);
}

TEST_F(token_buckets_test, keeps_a_bucket_for_each_device) {
    EXPECT_EQ(take(10).granted, 10U);
    EXPECT_EQ(buckets.take(uuid::random(random), 10, time.steady_now(), limits).granted, 10U);
    buckets.forget(device);
    EXPECT_EQ(take(10).granted, 10U);
}

TEST_F(token_buckets_test, prune_removes_full_buckets) {
    for (int i = 0; i < 300; ++i)
        (void)buckets.take(uuid::random(random), 2, time.steady_now(), limits);
    const auto prune_all = [&] {
        for (std::size_t i = 0; i < token_buckets::shard_count; ++i)
            buckets.prune(time.steady_now());
    };
    prune_all();
    EXPECT_EQ(buckets.size(), 300U);
    time.advance(1s);
    prune_all();
    EXPECT_EQ(buckets.size(), 0U);
}

TEST_F(token_buckets_test, follows_a_changed_allowance) {
    EXPECT_EQ(take(10).granted, 10U);
    limits = {.rate = 100, .burst = 5};
    time.advance(1s);
    EXPECT_EQ(take(10).granted, 5U);
}

TEST_F(token_buckets_test, reports_changed_levels_and_restores_them) {
    (void)take(6);
    (void)buckets.take(uuid::random(random), 0, time.steady_now(), limits);
    time.advance(500ms);
    const auto changed = buckets.take_changed(time.steady_now());
    ASSERT_EQ(changed.size(), 1U) << "taking no token changes nothing";
    EXPECT_EQ(changed[0].device, device);
    EXPECT_NEAR(changed[0].tokens, 5, 1e-9);
    EXPECT_TRUE(buckets.take_changed(time.steady_now()).empty());
    buckets.refund(device, 1);
    EXPECT_EQ(buckets.take_changed(time.steady_now()).size(), 1U);

    token_buckets restored;
    restored.restore(changed[0], time.steady_now(), limits);
    time.advance(1s);
    EXPECT_EQ(restored.remaining(device, time.steady_now(), limits), 7U);
    EXPECT_EQ(restored.take(device, 10, time.steady_now(), {.rate = 2, .burst = 3}).granted, 3U)
        << "the allowance was reduced in between";

    for (const double level : {-1.0, -1e300, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
        restored.restore({device, level}, time.steady_now(), limits);
        EXPECT_LE(restored.remaining(device, time.steady_now(), limits), limits.burst) << level;
    }
}

} // namespace
} // namespace breakwater::telemetry
