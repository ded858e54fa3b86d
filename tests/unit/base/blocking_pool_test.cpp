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
using turn = blocking_pool::turn;

/// A pool of one thread that is busy until it is let go, so that what is submitted waits.
class held_pool {
public:
    explicit held_pool(blocking_pool::options chosen) : pool{std::move(chosen)} {
        std::promise<void> started;
        (void)pool.submit("first", 0, [&, held = go_on_.get_future()](turn) mutable {
            started.set_value();
            held.wait();
        });
        started.get_future().wait();
    }
    ~held_pool() { let_go(); }
    held_pool(const held_pool&) = delete;
    held_pool& operator=(const held_pool&) = delete;

    void let_go() {
        if (std::exchange(held_, false))
            go_on_.set_value();
    }
    /// A task that notes its name when it runs, and `-name` when it is displaced.
    admission note(std::string_view account, std::string name, std::size_t bytes = 0) {
        return pool.submit(account, bytes, [this, name = std::move(name)](turn its) {
            const std::lock_guard lock{mutex_};
            notes_.push_back(its == turn::run ? name : '-' + name);
        });
    }
    [[nodiscard]] std::vector<std::string> notes() const {
        const std::lock_guard lock{mutex_};
        return notes_;
    }
    /// What all that waits noted, once it ran.
    std::vector<std::string> run_all() {
        let_go();
        while (pool.depth() > 0)
            std::this_thread::yield();
        std::promise<void> done; // the last may still run
        EXPECT_EQ(pool.submit("last", 0, [&done](turn) { done.set_value(); }), admission::taken);
        done.get_future().wait();
        return notes();
    }

private:
    std::promise<void> go_on_;
    bool held_ = true;
    mutable std::mutex mutex_;
    std::vector<std::string> notes_;

public:
    blocking_pool pool; // last: its thread uses the others
};

TEST(blocking_pool, runs_everything_it_took_before_it_ends) {
    std::atomic<int> ran{0};
    {
        blocking_pool pool{{.name = "test", .threads = 3, .max_queue = 1000}};
        for (int i = 0; i < 1000; ++i)
            ASSERT_EQ(pool.submit(std::to_string(i % 7), 0, [&ran](turn) { ++ran; }), admission::taken);
    }
    EXPECT_EQ(ran, 1000);
}

TEST(blocking_pool, refuses_past_its_bound_and_takes_again_when_there_is_room) {
    held_pool one{{.name = "test", .max_queue = 2}};
    EXPECT_EQ(one.note("a", "1"), admission::taken);
    EXPECT_EQ(one.note("a", "2"), admission::taken);
    EXPECT_EQ(one.pool.depth(), 2U);
    EXPECT_EQ(one.note("a", "3"), admission::share_full);
    EXPECT_EQ(one.run_all(), (std::vector<std::string>{"1", "2"}));
    EXPECT_EQ(one.pool.count().share_full, 1U);
}

TEST(blocking_pool, works_on_its_tasks_at_once_with_several_threads) {
    // Each of the two waits for the other: one thread alone would never finish.
    std::promise<void> first;
    std::promise<void> second;
    blocking_pool pool{{.name = "a name longer than a thread may have", .threads = 2, .max_queue = 8}};
    ASSERT_EQ(pool.submit("a", 0,
                          [&](turn) {
                              first.set_value();
                              second.get_future().wait();
                          }),
              admission::taken);
    ASSERT_EQ(pool.submit("a", 0,
                          [&](turn) {
                              first.get_future().wait();
                              second.set_value();
                          }),
              admission::taken);
}

TEST(blocking_pool, lets_go_of_what_a_task_holds_once_it_ran) {
    auto held = std::make_shared<int>(1);
    std::promise<void> done;
    blocking_pool pool{{.name = "test", .max_queue = 8}};
    ASSERT_EQ(pool.submit("a", 0, [held](turn) {}), admission::taken);
    ASSERT_EQ(pool.submit("a", 0, [&done](turn) { done.set_value(); }), admission::taken);
    done.get_future().wait();
    EXPECT_EQ(held.use_count(), 1);
}

TEST(blocking_pool, accounts_take_turns) {
    held_pool one{{.name = "test", .max_queue = 100}};
    for (int i = 0; i < 4; ++i)
        EXPECT_EQ(one.note("flood", "f" + std::to_string(i)), admission::taken);
    EXPECT_EQ(one.note("honest", "h"), admission::taken);
    EXPECT_EQ(one.note("other", "o"), admission::taken);
    EXPECT_EQ(one.run_all(), (std::vector<std::string>{"f0", "h", "o", "f1", "f2", "f3"}));
}

TEST(blocking_pool, an_account_has_a_share_of_the_queue) {
    held_pool one{{.name = "test", .max_queue = 8, .max_queue_of_one = 2}};
    EXPECT_EQ(one.note("flood", "1"), admission::taken);
    EXPECT_EQ(one.note("flood", "2"), admission::taken);
    EXPECT_EQ(one.note("flood", "3"), admission::share_full);
    EXPECT_EQ(one.note("honest", "h"), admission::taken);
}

TEST(blocking_pool, who_floods_a_full_queue_makes_room_for_who_does_not) {
    held_pool one{{.name = "test", .max_queue = 4}};
    EXPECT_EQ(one.note("honest", "h1"), admission::taken);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(one.note("flood", "f" + std::to_string(i)), admission::taken);
    EXPECT_EQ(one.note("flood", "f3"), admission::full);
    EXPECT_EQ(one.note("other", "o"), admission::taken) << "in the place of the flood's newest";
    EXPECT_EQ(one.notes(), std::vector<std::string>{"-f2"});
    EXPECT_EQ(one.note("honest", "h2"), admission::full) << "two each: nobody has more";
    EXPECT_EQ(one.pool.count().displaced, 1U);
    EXPECT_EQ(one.pool.count().full, 2U);
    EXPECT_EQ(one.run_all(), (std::vector<std::string>{"-f2", "h1", "f0", "o", "f1"}));
}

TEST(blocking_pool, bytes_are_bounded_and_who_sends_most_pays) {
    held_pool one{{.name = "test", .max_queue = 100, .max_bytes = 1000}};
    EXPECT_EQ(one.note("large", "l1", 300), admission::taken);
    EXPECT_EQ(one.note("large", "l2", 200), admission::taken);
    EXPECT_EQ(one.note("large", "l3", 1), admission::share_full) << "half of the bytes are the most";
    EXPECT_EQ(one.note("small", "s1", 100), admission::taken);
    EXPECT_EQ(one.note("other", "o1", 400), admission::taken);
    EXPECT_EQ(one.pool.count().bytes, 1000U);
    EXPECT_EQ(one.note("small", "s2", 100), admission::taken);
    EXPECT_EQ(one.notes(), std::vector<std::string>{"-l2"});
    EXPECT_EQ(one.pool.count().bytes, 900U);
    EXPECT_EQ(one.run_all(), (std::vector<std::string>{"-l2", "l1", "s1", "o1", "s2"}));
    EXPECT_EQ(one.pool.count().bytes, 0U);
}

TEST(blocking_pool, one_account_never_has_all_threads) {
    blocking_pool pool{{.name = "test", .threads = 2, .max_queue = 10, .max_running_of_one = 1}};
    std::promise<void> flood_runs;
    std::promise<void> let_go;
    std::atomic<int> of_flood{0};
    const auto flood = [&](turn) {
        if (of_flood++ == 0) {
            flood_runs.set_value();
            let_go.get_future().wait();
        }
    };
    for (int i = 0; i < 3; ++i)
        ASSERT_EQ(pool.submit("flood", 0, flood), admission::taken);
    flood_runs.get_future().wait();
    std::promise<void> honest;
    ASSERT_EQ(pool.submit("honest", 0, [&](turn) { honest.set_value(); }), admission::taken);
    honest.get_future().wait();
    EXPECT_EQ(of_flood, 1) << "the other thread was left to others";
    let_go.set_value();
    while (pool.depth() > 0)
        std::this_thread::yield();
    std::promise<void> last;
    ASSERT_EQ(pool.submit("flood", 0, [&](turn) { last.set_value(); }), admission::taken);
    last.get_future().wait();
    EXPECT_EQ(of_flood, 3) << "and all of it ran in the end";
}

} // namespace
} // namespace breakwater
