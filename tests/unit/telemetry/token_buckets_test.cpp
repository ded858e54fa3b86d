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
    token_buckets::outcome take(std::size_t wanted) {
        return buckets.take(device, wanted, time.steady_now(), allowed);
    }

    test::manual_clock time;
    test::seeded_random random;
    const device_id device = uuid::random(random);
    token_buckets buckets;
    token_buckets::allowance allowed{.rate = 2, .burst = 10};
};

TEST_F(token_buckets_test, give_what_there_is_and_say_when_there_is_more) {
    EXPECT_EQ(take(4).granted, 4U);
    const auto rest = take(20);
    EXPECT_EQ(rest.granted, 6U);
    EXPECT_EQ(rest.left, 0U);
    EXPECT_EQ(rest.retry_after, 1s) << "half a second, rounded up";
    EXPECT_EQ(take(1).granted, 0U);
    time.advance(1s);
    EXPECT_EQ(take(5).granted, 2U);
    time.advance(1h);
    EXPECT_EQ(take(100).granted, 10U) << "no more than the burst";
}

TEST_F(token_buckets_test, take_back_what_was_for_nothing) {
    EXPECT_EQ(take(10).granted, 10U);
    buckets.give_back(device, 3);
    EXPECT_EQ(buckets.left(device, time.steady_now(), allowed), 3U);
    buckets.give_back(device, 100);
    EXPECT_EQ(buckets.left(device, time.steady_now(), allowed), 10U);
    buckets.give_back(uuid::random(random), 5);
    EXPECT_EQ(buckets.size(), 1U);
}

TEST_F(token_buckets_test, are_a_devices_own) {
    EXPECT_EQ(take(10).granted, 10U);
    EXPECT_EQ(buckets.take(uuid::random(random), 10, time.steady_now(), allowed).granted, 10U);
    buckets.forget(device);
    EXPECT_EQ(take(10).granted, 10U);
}

TEST_F(token_buckets_test, are_forgotten_when_they_are_full_again) {
    for (int i = 0; i < 300; ++i)
        (void)buckets.take(uuid::random(random), 2, time.steady_now(), allowed);
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

TEST_F(token_buckets_test, follow_an_allowance_that_changes) {
    EXPECT_EQ(take(10).granted, 10U);
    allowed = {.rate = 100, .burst = 5};
    time.advance(1s);
    EXPECT_EQ(take(10).granted, 5U);
}

TEST_F(token_buckets_test, tell_what_changed_and_take_it_up_again) {
    (void)take(6);
    (void)buckets.take(uuid::random(random), 0, time.steady_now(), allowed);
    time.advance(500ms);
    const auto changed = buckets.take_changed(time.steady_now());
    ASSERT_EQ(changed.size(), 1U) << "from whom nothing was taken, nothing changed";
    EXPECT_EQ(changed[0].device, device);
    EXPECT_NEAR(changed[0].tokens, 5, 1e-9);
    EXPECT_TRUE(buckets.take_changed(time.steady_now()).empty());
    buckets.give_back(device, 1);
    EXPECT_EQ(buckets.take_changed(time.steady_now()).size(), 1U);

    token_buckets after;
    after.restore(changed[0], time.steady_now(), allowed);
    time.advance(1s);
    EXPECT_EQ(after.left(device, time.steady_now(), allowed), 7U);
    EXPECT_EQ(after.take(device, 10, time.steady_now(), {.rate = 2, .burst = 3}).granted, 3U)
        << "the allowance was cut meanwhile";

    for (const double never : {-1.0, -1e300, 1e300, std::numeric_limits<double>::quiet_NaN()}) {
        after.restore({device, never}, time.steady_now(), allowed);
        EXPECT_LE(after.left(device, time.steady_now(), allowed), allowed.burst) << never;
    }
}

} // namespace
} // namespace breakwater::telemetry
