#include "http/body_budget.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace breakwater::http {
namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t mib = 1024 * kib;

class body_budget_test : public testing::Test {
protected:
    /// Whether a body of that size is accepted. Holds it until the test ends.
    bool hold(const char* client, std::size_t bytes) {
        auto share = budget_.open(client);
        const bool accepted = share.grow(bytes);
        if (accepted)
            held_.push_back(std::move(share));
        return accepted;
    }
    void flood(const char* client, std::size_t bytes) {
        while (hold(client, bytes)) {
        }
    }

    body_budget budget_{64 * mib};
    std::vector<body_budget::share> held_;
};

TEST_F(body_budget_test, refuses_large_bodies_first) {
    flood("192.0.2.1", mib);
    EXPECT_LE(budget_.held(), 32 * mib);
    EXPECT_FALSE(hold("192.0.2.1", mib));
    EXPECT_TRUE(hold("192.0.2.1", 64 * kib)) << "a normal upload from the same address";
    flood("192.0.2.1", 64 * kib);
    EXPECT_TRUE(hold("192.0.2.1", 8 * kib));
}

TEST_F(body_budget_test, one_client_leaves_half_to_the_others) {
    for (std::size_t bytes = mib; bytes > body_budget::uncounted_bytes; bytes /= 2)
        flood("192.0.2.1", bytes);
    EXPECT_LE(budget_.held(), 32 * mib);
    EXPECT_TRUE(hold("192.0.2.2", mib)) << "other clients are not affected";
}

TEST_F(body_budget_test, an_ipv6_network_is_one_client) {
    flood("2001:db8::1", mib);
    EXPECT_FALSE(hold("2001:db8::2", mib));
    EXPECT_TRUE(hold("2001:db8:0:1::1", mib));
}

TEST_F(body_budget_test, a_small_body_is_not_counted) {
    for (std::size_t bytes = mib; bytes > body_budget::uncounted_bytes; bytes /= 2)
        flood("192.0.2.1", bytes);
    const std::size_t before = budget_.held();
    for (int i = 0; i < 1000; ++i)
        EXPECT_TRUE(hold("192.0.2.1", body_budget::uncounted_bytes));
    EXPECT_EQ(budget_.held(), before);
}

TEST_F(body_budget_test, releases_a_share) {
    auto share = budget_.open("192.0.2.1");
    EXPECT_TRUE(share.grow(mib));
    EXPECT_TRUE(share.grow(2 * mib));
    EXPECT_TRUE(share.grow(mib));
    EXPECT_EQ(budget_.held(), 2 * mib);
    EXPECT_FALSE(share.grow(5 * mib));
    EXPECT_EQ(budget_.held(), 2 * mib);
    auto other = std::move(share);
    EXPECT_EQ(budget_.held(), 2 * mib);
    other = budget_.open("192.0.2.2");
    EXPECT_EQ(budget_.held(), 0U);
}

TEST_F(body_budget_test, a_share_may_outlive_the_budget) {
    body_budget::share share;
    {
        const body_budget budget{64 * mib};
        share = budget.open("192.0.2.1");
        EXPECT_TRUE(share.grow(mib));
    }
    share.release();
    EXPECT_TRUE(share.grow(2 * mib));
}

} // namespace
} // namespace breakwater::http
