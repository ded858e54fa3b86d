#include "base/blocking_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

namespace breakwater {
namespace {

TEST(blocking_pool, runs_everything_it_took_before_it_ends) {
    std::atomic<int> ran{0};
    {
        blocking_pool pool{"test", 3, 1000};
        for (int i = 0; i < 1000; ++i)
            ASSERT_TRUE(pool.try_submit([&ran] { ++ran; }));
    }
    EXPECT_EQ(ran, 1000);
}

TEST(blocking_pool, refuses_past_its_bound_and_takes_again_when_there_is_room) {
    std::promise<void> started;
    std::promise<void> go_on;
    blocking_pool pool{"test", 1, 2};
    ASSERT_TRUE(pool.try_submit([&] {
        started.set_value();
        go_on.get_future().wait();
    }));
    started.get_future().wait(); // the one thread is busy, the queue is empty
    std::promise<void> all_done;
    EXPECT_EQ(pool.depth(), 0U);
    EXPECT_TRUE(pool.try_submit([] {}));
    EXPECT_TRUE(pool.try_submit([&] { all_done.set_value(); }));
    EXPECT_EQ(pool.depth(), 2U);
    bool ran = false;
    EXPECT_FALSE(pool.try_submit([&ran] { ran = true; }));
    go_on.set_value();
    all_done.get_future().wait();
    EXPECT_FALSE(ran);
    EXPECT_TRUE(pool.try_submit([] {}));
}

TEST(blocking_pool, works_on_its_tasks_at_once_with_several_threads) {
    // Each of the two waits for the other: one thread alone would never finish.
    std::promise<void> first;
    std::promise<void> second;
    blocking_pool pool{"a name longer than a thread may have", 2, 8};
    ASSERT_TRUE(pool.try_submit([&] {
        first.set_value();
        second.get_future().wait();
    }));
    ASSERT_TRUE(pool.try_submit([&] {
        first.get_future().wait();
        second.set_value();
    }));
}

TEST(blocking_pool, lets_go_of_what_a_task_holds_once_it_ran) {
    auto held = std::make_shared<int>(1);
    std::promise<void> done;
    blocking_pool pool{"test", 1, 8};
    ASSERT_TRUE(pool.try_submit([held] {}));
    ASSERT_TRUE(pool.try_submit([&done] { done.set_value(); }));
    done.get_future().wait();
    EXPECT_EQ(held.use_count(), 1);
}

} // namespace
} // namespace breakwater
