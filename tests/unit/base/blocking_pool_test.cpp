#include "base/blocking_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace breakwater {
namespace {

using admission = blocking_pool::admission;
using disposition = blocking_pool::disposition;

/// A pool with one thread that is busy until `release`, so that submitted tasks wait.
class held_pool {
public:
    explicit held_pool(blocking_pool::options settings) : pool{std::move(settings)} {
        std::promise<void> started;
        (void)pool.submit("first", 0, [&, released = release_.get_future()](disposition) mutable {
            started.set_value();
            released.wait();
        });
        started.get_future().wait();
    }
    ~held_pool() { release(); }
    held_pool(const held_pool&) = delete;
    held_pool& operator=(const held_pool&) = delete;

    void release() {
        if (std::exchange(is_held_, false))
            release_.set_value();
    }
    /// Submits a task that notes its name when it runs, or `-name` when it is displaced.
    admission note(std::string_view account, std::string name, std::size_t bytes = 0) {
        return pool.submit(account, bytes, [this, name = std::move(name)](disposition outcome) {
            const std::lock_guard lock{mutex_};
            notes_.push_back(outcome == disposition::run ? name : '-' + name);
        });
    }
    [[nodiscard]] std::vector<std::string> notes() const {
        const std::lock_guard lock{mutex_};
        return notes_;
    }
    /// Runs all waiting tasks and returns the notes.
    std::vector<std::string> run_all() {
        release();
        while (pool.depth() > 0)
            std::this_thread::yield();
        std::promise<void> done; // the last task may still be running
        EXPECT_EQ(pool.submit("last", 0, [&done](disposition) { done.set_value(); }), admission::accepted);
        done.get_future().wait();
        return notes();
    }

private:
    std::promise<void> release_;
    bool is_held_ = true;
    mutable std::mutex mutex_;
    std::vector<std::string> notes_;

public:
    blocking_pool pool; // last member: its thread uses the others
};

TEST(blocking_pool, runs_every_accepted_task_before_it_ends) {
    std::atomic<int> ran{0};
    {
        blocking_pool pool{{.name = "test", .threads = 3, .max_queue = 1000}};
        for (int i = 0; i < 1000; ++i)
            ASSERT_EQ(pool.submit(std::to_string(i % 7), 0, [&ran](disposition) { ++ran; }),
                      admission::accepted);
    }
    EXPECT_EQ(ran, 1000);
}

TEST(blocking_pool, refuses_tasks_while_the_queue_is_full) {
    held_pool held{{.name = "test", .max_queue = 2}};
    EXPECT_EQ(held.note("a", "1"), admission::accepted);
    EXPECT_EQ(held.note("a", "2"), admission::accepted);
    EXPECT_EQ(held.pool.depth(), 2U);
    EXPECT_EQ(held.note("a", "3"), admission::share_full);
    EXPECT_EQ(held.run_all(), (std::vector<std::string>{"1", "2"}));
    EXPECT_EQ(held.pool.count().share_full, 1U);
}

TEST(blocking_pool, runs_tasks_in_parallel_on_several_threads) {
    // Each task waits for the other: a single thread would never finish.
    std::promise<void> first;
    std::promise<void> second;
    blocking_pool pool{{.name = "a name longer than a thread may have", .threads = 2, .max_queue = 8}};
    ASSERT_EQ(pool.submit("a", 0,
                          [&](disposition) {
                              first.set_value();
                              second.get_future().wait();
                          }),
              admission::accepted);
    ASSERT_EQ(pool.submit("a", 0,
                          [&](disposition) {
                              first.get_future().wait();
                              second.set_value();
                          }),
              admission::accepted);
}

TEST(blocking_pool, destroys_a_task_after_it_ran) {
    auto resource = std::make_shared<int>(1);
    std::promise<void> done;
    blocking_pool pool{{.name = "test", .max_queue = 8}};
    ASSERT_EQ(pool.submit("a", 0, [resource](disposition) {}), admission::accepted);
    ASSERT_EQ(pool.submit("a", 0, [&done](disposition) { done.set_value(); }), admission::accepted);
    done.get_future().wait();
    EXPECT_EQ(resource.use_count(), 1);
}

TEST(blocking_pool, serves_accounts_in_rotation) {
    held_pool held{{.name = "test", .max_queue = 100}};
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(held.note("flood", "f" + std::to_string(i)), admission::accepted);
    EXPECT_EQ(held.note("honest", "h"), admission::accepted);
    EXPECT_EQ(held.note("other", "o"), admission::accepted);
    EXPECT_EQ(held.run_all(), (std::vector<std::string>{"f0", "h", "o", "f1", "f2", "f3"}));
}

TEST(blocking_pool, an_account_has_a_share_of_the_queue) {
    held_pool held{{.name = "test", .max_queue = 8, .max_queue_per_account = 2}};
    EXPECT_EQ(held.note("flood", "1"), admission::accepted);
    EXPECT_EQ(held.note("flood", "2"), admission::accepted);
    EXPECT_EQ(held.note("flood", "3"), admission::share_full);
    EXPECT_EQ(held.note("honest", "h"), admission::accepted);
}

TEST(blocking_pool, displaces_tasks_of_the_account_that_floods_a_full_queue) {
    held_pool held{{.name = "test", .max_queue = 4}};
    EXPECT_EQ(held.note("honest", "h1"), admission::accepted);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(held.note("flood", "f" + std::to_string(i)), admission::accepted);
    EXPECT_EQ(held.note("flood", "f3"), admission::full);
    EXPECT_EQ(held.note("other", "o"), admission::accepted) << "replaces the newest task of the flood";
    EXPECT_EQ(held.notes(), std::vector<std::string>{"-f2"});
    EXPECT_EQ(held.note("honest", "h2"), admission::full) << "two each: no account has more";
    EXPECT_EQ(held.pool.count().displaced, 1U);
    EXPECT_EQ(held.pool.count().full, 2U);
    EXPECT_EQ(held.run_all(), (std::vector<std::string>{"-f2", "h1", "f0", "o", "f1"}));
}

TEST(blocking_pool, bounds_the_bytes_and_displaces_the_account_with_the_most) {
    held_pool held{{.name = "test", .max_queue = 100, .max_bytes = 1000}};
    EXPECT_EQ(held.note("large", "l1", 300), admission::accepted);
    EXPECT_EQ(held.note("large", "l2", 200), admission::accepted);
    EXPECT_EQ(held.note("large", "l3", 1), admission::share_full) << "one account may hold half of the bytes";
    EXPECT_EQ(held.note("small", "s1", 100), admission::accepted);
    EXPECT_EQ(held.note("other", "o1", 400), admission::accepted);
    EXPECT_EQ(held.pool.count().bytes, 1000U);
    EXPECT_EQ(held.note("small", "s2", 100), admission::accepted);
    EXPECT_EQ(held.notes(), std::vector<std::string>{"-l2"});
    EXPECT_EQ(held.pool.count().bytes, 900U);
    EXPECT_EQ(held.run_all(), (std::vector<std::string>{"-l2", "l1", "s1", "o1", "s2"}));
    EXPECT_EQ(held.pool.count().bytes, 0U);
}

TEST(blocking_pool, one_account_never_uses_all_threads) {
    blocking_pool pool{{.name = "test", .threads = 2, .max_queue = 10, .max_running_per_account = 1}};
    std::promise<void> flood_runs;
    std::promise<void> release;
    std::atomic<int> flood_count{0};
    const auto flood = [&](disposition) {
        if (flood_count++ == 0) {
            flood_runs.set_value();
            release.get_future().wait();
        }
    };
    for (int i = 0; i < 3; ++i)
        ASSERT_EQ(pool.submit("flood", 0, flood), admission::accepted);
    flood_runs.get_future().wait();
    std::promise<void> honest;
    ASSERT_EQ(pool.submit("honest", 0, [&](disposition) { honest.set_value(); }), admission::accepted);
    honest.get_future().wait();
    EXPECT_EQ(flood_count, 1) << "the other thread remains free for other accounts";
    release.set_value();
    while (pool.depth() > 0)
        std::this_thread::yield();
    std::promise<void> last;
    ASSERT_EQ(pool.submit("flood", 0, [&](disposition) { last.set_value(); }), admission::accepted);
    last.get_future().wait();
    EXPECT_EQ(flood_count, 3) << "all of them ran in the end";
}

} // namespace
} // namespace breakwater
