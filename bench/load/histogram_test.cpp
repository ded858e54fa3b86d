#include "load/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace breakwater::bench {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

TEST(histogram, percentiles_are_within_a_percent_of_the_sorted_samples) {
    std::mt19937_64 engine{1};
    std::lognormal_distribution<double> shape{13, 2}; // microseconds to minutes
    histogram seen;
    std::vector<std::int64_t> samples;
    for (int i = 0; i < 100'000; ++i) {
        const nanoseconds one{static_cast<std::int64_t>(shape(engine))};
        samples.push_back(one.count());
        seen.record(one);
    }
    std::ranges::sort(samples);
    for (const double share : {0.0001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const auto exact = static_cast<double>(
            samples[static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size()))) - 1]);
        const auto told = static_cast<double>(seen.percentile(share).count());
        EXPECT_GE(told, exact) << share;
        EXPECT_LE(told, exact * 1.008 + 1) << share;
    }
    EXPECT_EQ(seen.max().count(), samples.back());
}

TEST(histogram, is_exact_for_small_values_and_bounded_for_absurd_ones) {
    histogram seen;
    EXPECT_EQ(seen.percentile(0.99), 0ns);
    for (int i = 1; i <= 100; ++i)
        seen.record(nanoseconds{i});
    EXPECT_EQ(seen.percentile(0.5), 50ns);
    EXPECT_EQ(seen.percentile(0.99), 99ns);
    seen.record(-5s);
    seen.record(1000h);
    EXPECT_EQ(seen.count(), 102U);
    EXPECT_EQ(seen.max(), 1h);
}

TEST(histogram, merging_is_as_if_one_had_seen_all) {
    histogram one;
    histogram two;
    histogram both;
    for (int i = 0; i < 1000; ++i) {
        const nanoseconds value{i * 977};
        (i % 3 == 0 ? one : two).record(value);
        both.record(value);
    }
    one.merge(two);
    EXPECT_EQ(one.count(), both.count());
    for (const double share : {0.1, 0.5, 0.99})
        EXPECT_EQ(one.percentile(share), both.percentile(share));
}

} // namespace
} // namespace breakwater::bench
