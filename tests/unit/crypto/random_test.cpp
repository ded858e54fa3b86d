#include "crypto/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace breakwater::crypto {
namespace {

TEST(system_random, fills_the_whole_span_with_different_bytes_each_time) {
    system_random random;
    std::array<std::uint8_t, 64> first{};
    std::array<std::uint8_t, 64> second{};
    random.fill(first);
    random.fill(second);
    EXPECT_NE(first, second);
    // If nothing was written, the last 16 bytes are zero. Otherwise the probability of that is 2^-128.
    const auto last = std::span{first}.last(16);
    EXPECT_FALSE(std::ranges::all_of(last, [](std::uint8_t byte) { return byte == 0; }));
}

TEST(system_random, accepts_an_empty_span) {
    system_random random;
    random.fill({});
}

TEST(system_random, draws_every_byte_value) {
    system_random random;
    std::vector<std::uint8_t> bytes(64 * 1024);
    random.fill(bytes);
    std::array<int, 256> counts{};
    for (const std::uint8_t byte : bytes)
        ++counts[byte];
    // Each value is expected 256 times with a standard deviation of 16: the bounds are 11 deviations away.
    EXPECT_GT(std::ranges::min(counts), 80);
    EXPECT_LT(std::ranges::max(counts), 432);
}

} // namespace
} // namespace breakwater::crypto
