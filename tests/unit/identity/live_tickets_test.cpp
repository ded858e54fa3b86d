#include "identity/live_tickets.hpp"

#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

class live_tickets_test : public testing::Test {
protected:
    test::manual_clock time_;
    test::seeded_random random_;
    live_tickets tickets_{time_, random_};
};

TEST_F(live_tickets_test, are_valid_once_and_for_a_limited_time) {
    const auto ticket = tickets_.issue({.kind = principal::kind::person, .user = 7, .role = role::admin});
    ASSERT_TRUE(ticket);
    const auto other_ticket = tickets_.issue({.user = 8});
    ASSERT_TRUE(other_ticket);
    EXPECT_NE(*ticket, *other_ticket);
    EXPECT_GE(ticket->size(), 43U) << "256 bits";
    const auto holder = tickets_.redeem(*ticket);
    ASSERT_TRUE(holder);
    EXPECT_EQ(holder->user, 7);
    EXPECT_TRUE(holder->role == role::admin);
    EXPECT_FALSE(tickets_.redeem(*ticket));
    EXPECT_FALSE(tickets_.redeem("nonsense"));
    time_.advance(live_tickets::lifetime);
    EXPECT_FALSE(tickets_.redeem(*other_ticket)) << "expired";
}

TEST_F(live_tickets_test, are_bounded) {
    for (std::size_t n = 0; n < live_tickets::max_per_user; ++n)
        EXPECT_TRUE(tickets_.issue({.user = 7}));
    const auto refused = tickets_.issue({.user = 7});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::rate_limited);
    ASSERT_TRUE(refused.error().limit);
    EXPECT_EQ(refused.error().limit->name, "tickets");
    EXPECT_EQ(refused.error().limit->quota, live_tickets::max_per_user);
    EXPECT_TRUE(tickets_.issue({.user = 8}));
    time_.advance(live_tickets::lifetime);
    EXPECT_TRUE(tickets_.issue({.user = 7}));
}

} // namespace
} // namespace breakwater::identity
