#include "net/io_executor.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace breakwater::net {
namespace {

TEST(io_executor, shares_one_wake_up_and_keeps_the_order) {
    boost::asio::io_context context{1};
    io_executor executor{context};
    std::vector<int> order;
    for (int i = 0; i < 100; ++i)
        executor.post([&order, i] { order.push_back(i); });
    EXPECT_TRUE(order.empty()) << "never runs on the calling thread";
    EXPECT_EQ(context.poll(), 1U) << "one handler for all tasks";
    ASSERT_EQ(order.size(), 100U);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(io_executor, accepts_tasks_posted_by_a_task) {
    boost::asio::io_context context{1};
    io_executor executor{context};
    std::vector<int> order;
    executor.post([&] {
        executor.post([&] { order.push_back(2); });
        order.push_back(1);
    });
    context.run();
    EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(io_executor, loses_no_task_posted_by_many_threads) {
    boost::asio::io_context context{1};
    io_executor executor{context};
    constexpr int threads = 4;
    constexpr int tasks_per_thread = 5000;
    std::array<int, threads> next{};
    int total = 0;
    bool in_order = true;
    auto work = boost::asio::make_work_guard(context);
    std::vector<std::jthread> posters;
    for (std::size_t t = 0; t < threads; ++t)
        posters.emplace_back([&, t] {
            for (int i = 0; i < tasks_per_thread; ++i)
                executor.post([&, t, i] {
                    in_order = in_order && next[t] == i;
                    next[t] = i + 1;
                    if (++total == threads * tasks_per_thread)
                        work.reset();
                });
        });
    context.run();
    EXPECT_EQ(total, threads * tasks_per_thread);
    EXPECT_TRUE(in_order);
}

} // namespace
} // namespace breakwater::net
