#include "base/io_lane.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace breakwater {
namespace {

TEST(io_lane, shares_one_wake_up_and_keeps_the_order) {
    boost::asio::io_context context{1};
    io_lane lane{context};
    std::vector<int> seen;
    for (int i = 0; i < 100; ++i)
        lane.post([&seen, i] { seen.push_back(i); });
    EXPECT_TRUE(seen.empty()) << "never runs on the caller";
    EXPECT_EQ(context.poll(), 1U) << "one handler for all of it";
    ASSERT_EQ(seen.size(), 100U);
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
}

TEST(io_lane, takes_what_is_posted_from_within) {
    boost::asio::io_context context{1};
    io_lane lane{context};
    std::vector<int> seen;
    lane.post([&] {
        lane.post([&] { seen.push_back(2); });
        seen.push_back(1);
    });
    context.run();
    EXPECT_EQ(seen, (std::vector{1, 2}));
}

TEST(io_lane, loses_nothing_from_many_threads) {
    boost::asio::io_context context{1};
    io_lane lane{context};
    constexpr int threads = 4;
    constexpr int each = 5000;
    std::array<int, threads> next{};
    int total = 0;
    bool in_order = true;
    auto work = boost::asio::make_work_guard(context);
    std::vector<std::jthread> posters;
    for (std::size_t t = 0; t < threads; ++t)
        posters.emplace_back([&, t] {
            for (int i = 0; i < each; ++i)
                lane.post([&, t, i] {
                    in_order = in_order && next[t] == i;
                    next[t] = i + 1;
                    if (++total == threads * each)
                        work.reset();
                });
        });
    context.run();
    EXPECT_EQ(total, threads * each);
    EXPECT_TRUE(in_order);
}

} // namespace
} // namespace breakwater
