#include "crypto/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace breakwater::crypto {
namespace {

TEST(system_random, fills_the_whole_span_and_never_twice_alike) {
    system_random random;
    std::array<std::uint8_t, 64> first{};
    std::array<std::uint8_t, 64> second{};
    random.fill(first);
    random.fill(second);
    EXPECT_NE(first, second);
    // 16 zero bytes in a row where nothing was written; 2^-128 otherwise.
    const auto last = std::span{first}.last(16);
    EXPECT_FALSE(std::ranges::all_of(last, [](std::uint8_t byte) { return byte == 0; }));
}

TEST(system_random, takes_an_empty_span) {
    system_random random;
    random.fill({});
}

TEST(system_random, draws_every_byte_value) {
    system_random random;
    std::vector<std::uint8_t> bytes(64 * 1024);
    random.fill(bytes);
    std::array<int, 256> seen{};
    for (const std::uint8_t byte : bytes)
        ++seen[byte];
    // 256 are expected of each, with a deviation of 16: these bounds are eleven deviations away.
    EXPECT_GT(std::ranges::min(seen), 80);
    EXPECT_LT(std::ranges::max(seen), 432);
}

} // namespace
} // namespace breakwater::crypto
