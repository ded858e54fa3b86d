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
    histogram recorded;
    std::vector<std::int64_t> samples;
    for (int i = 0; i < 100'000; ++i) {
        const nanoseconds sample{static_cast<std::int64_t>(shape(engine))};
        samples.push_back(sample.count());
        recorded.record(sample);
    }
    std::ranges::sort(samples);
    for (const double share : {0.0001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const auto exact = static_cast<double>(
            samples[static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size()))) - 1]);
        const auto estimate = static_cast<double>(recorded.percentile(share).count());
        EXPECT_GE(estimate, exact) << share;
        EXPECT_LE(estimate, exact * 1.008 + 1) << share;
    }
    EXPECT_EQ(recorded.max().count(), samples.back());
}

TEST(histogram, is_exact_for_small_values_and_clamps_extreme_ones) {
    histogram recorded;
    EXPECT_EQ(recorded.percentile(0.99), 0ns);
    for (int i = 1; i <= 100; ++i)
        recorded.record(nanoseconds{i});
    EXPECT_EQ(recorded.percentile(0.5), 50ns);
    EXPECT_EQ(recorded.percentile(0.99), 99ns);
    recorded.record(-5s);
    recorded.record(1000h);
    EXPECT_EQ(recorded.count(), 102U);
    EXPECT_EQ(recorded.max(), 1h);
}

TEST(histogram, a_merge_equals_one_histogram_of_all_samples) {
    histogram first;
    histogram second;
    histogram all;
    for (int i = 0; i < 1000; ++i) {
        const nanoseconds value{i * 977};
        (i % 3 == 0 ? first : second).record(value);
        all.record(value);
    }
    first.merge(second);
    EXPECT_EQ(first.count(), all.count());
    for (const double share : {0.1, 0.5, 0.99})
        EXPECT_EQ(first.percentile(share), all.percentile(share));
}

} // namespace
} // namespace breakwater::bench
