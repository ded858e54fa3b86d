#include "identity/throttle.hpp"

#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

using std::chrono::seconds;

class throttle_test : public testing::Test {
protected:
    test::manual_clock clock_;
    throttle throttle_{clock_, {.free_failures = 3, .first_delay = seconds{1}, .longest_delay = seconds{60}}};

    void fail_times(int count, std::string_view key = "someone") {
        for (int i = 0; i < count; ++i)
            throttle_.record_failure(key);
    }
};

TEST_F(throttle_test, the_first_failures_are_free) {
    fail_times(3);
    EXPECT_FALSE(throttle_.wait_for("someone"));
}

TEST_F(throttle_test, each_further_failure_doubles_the_wait) {
    fail_times(4);
    EXPECT_EQ(throttle_.wait_for("someone"), seconds{1});
    fail_times(1);
    EXPECT_EQ(throttle_.wait_for("someone"), seconds{2});
    fail_times(1);
    EXPECT_EQ(throttle_.wait_for("someone"), seconds{4});
}

TEST_F(throttle_test, the_wait_has_a_maximum) {
    fail_times(200);
    EXPECT_EQ(throttle_.wait_for("someone"), seconds{60});
}

TEST_F(throttle_test, the_wait_passes_with_the_clock_and_is_rounded_up) {
    fail_times(5);
    clock_.advance(std::chrono::milliseconds{1500});
    EXPECT_EQ(throttle_.wait_for("someone"), seconds{1});
    clock_.advance(std::chrono::milliseconds{500});
    EXPECT_FALSE(throttle_.wait_for("someone"));
}

TEST_F(throttle_test, a_success_forgets_the_failures) {
    fail_times(10);
    throttle_.record_success("someone");
    EXPECT_FALSE(throttle_.wait_for("someone"));
    fail_times(3);
    EXPECT_FALSE(throttle_.wait_for("someone"));
}

TEST_F(throttle_test, keys_are_independent) {
    fail_times(10);
    EXPECT_FALSE(throttle_.wait_for("another"));
}

TEST_F(throttle_test, old_failures_are_forgotten) {
    fail_times(3);
    clock_.advance(std::chrono::hours{2});
    fail_times(3);
    EXPECT_FALSE(throttle_.wait_for("someone"));
}

TEST(throttle_bound_test, many_keys_use_bounded_memory_and_end_no_wait) {
    test::manual_clock clock;
    throttle bounded{clock, {.free_failures = 1, .longest_delay = seconds{600}, .max_keys = 10}};
    for (int i = 0; i < 12; ++i)
        bounded.record_failure("target");
    ASSERT_TRUE(bounded.wait_for("target"));
    for (int i = 0; i < 1000; ++i)
        bounded.record_failure("noise" + std::to_string(i));
    EXPECT_TRUE(bounded.wait_for("target"));
    EXPECT_LE(bounded.size(), 10U);
}

TEST(throttle_bound_test, when_all_keys_wait_the_oldest_failure_is_forgotten) {
    test::manual_clock clock;
    throttle bounded{clock, {.free_failures = 0, .longest_delay = seconds{600}, .max_keys = 3}};
    for (const char* key : {"first", "second", "third", "first", "fourth"})
        bounded.record_failure(key);
    EXPECT_EQ(bounded.size(), 3U);
    EXPECT_TRUE(bounded.wait_for("first"));
    EXPECT_FALSE(bounded.wait_for("second"));
    EXPECT_TRUE(bounded.wait_for("fourth"));
}

TEST(throttle_bound_test, old_keys_are_forgotten_in_small_steps) {
    test::manual_clock clock;
    throttle bounded{clock, {.free_failures = 1, .forgotten_after = seconds{60}, .max_keys = 1000}};
    for (int i = 0; i < 200; ++i)
        for (int failures = 0; failures <= i % 2; ++failures)
            bounded.record_failure("old" + std::to_string(i));
    clock.advance(seconds{61});
    bounded.record_failure("new");
    EXPECT_EQ(bounded.size(), 197U) << "one call forgets at most two keys";
    for (int i = 0; i < 100; ++i)
        bounded.record_failure("new");
    EXPECT_EQ(bounded.size(), 1U);
}

TEST(throttle_bound_test, a_success_forgets_in_either_state) {
    test::manual_clock clock;
    throttle bounded{clock, {.free_failures = 1, .max_keys = 4}};
    bounded.record_failure("free");
    bounded.record_failure("slowed");
    bounded.record_failure("slowed");
    bounded.record_success("free");
    bounded.record_success("slowed");
    bounded.record_success("nobody");
    EXPECT_EQ(bounded.size(), 0U);
}

} // namespace
} // namespace breakwater::identity
