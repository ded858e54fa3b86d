#include "identity/live_tickets.hpp"

#include "support/fake_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

namespace breakwater::identity {
namespace {

class live_tickets_test : public testing::Test {
protected:
    /// The outcome of a redemption that the database has committed.
    static result<principal> redeem(live_tickets& tickets, std::string_view ticket) {
        result<principal> outcome = fail(errc::internal, "The completion was not called.");
        tickets.redeem(ticket, [&outcome](result<principal> holder) { outcome = std::move(holder); });
        return outcome;
    }
    void expect_refused(std::string_view ticket) {
        const auto holder = redeem(tickets_, ticket);
        ASSERT_FALSE(holder);
        EXPECT_EQ(holder.error().code, errc::unauthenticated);
    }

    test::manual_clock time_;
    test::seeded_random random_;
    test::fake_database store_;
    live_tickets tickets_{store_, {1}, time_, random_};
};

TEST_F(live_tickets_test, prove_their_holder_once) {
    const principal ada{.kind = principal::kind::person,
                        .user = 7,
                        .role = role::admin,
                        .version = 3,
                        .session = uuid::random(random_),
                        .expires_at = time_.now() + std::chrono::minutes{15}};
    const auto ticket = tickets_.issue(ada);
    ASSERT_TRUE(ticket);
    EXPECT_NE(*ticket, *tickets_.issue(ada));
    EXPECT_GE(ticket->size(), 43U) << "256 bits";
    const auto holder = redeem(tickets_, *ticket);
    ASSERT_TRUE(holder);
    EXPECT_EQ(holder->kind, principal::kind::person);
    EXPECT_EQ(holder->user, 7);
    EXPECT_EQ(holder->role, role::admin);
    EXPECT_EQ(holder->version, 3);
    EXPECT_EQ(holder->session, ada.session);
    EXPECT_EQ(holder->expires_at, ada.expires_at);
    expect_refused(*ticket);
}

TEST_F(live_tickets_test, are_valid_in_all_processes_on_one_database) {
    live_tickets elsewhere{store_, {1}, time_, random_};
    const auto ticket = tickets_.issue({.user = 7});
    ASSERT_TRUE(ticket);
    EXPECT_TRUE(redeem(elsewhere, *ticket));
    expect_refused(*ticket);
}

TEST_F(live_tickets_test, expire) {
    const auto first = tickets_.issue({.user = 7});
    const auto second = tickets_.issue({.user = 7});
    time_.advance(live_tickets::lifetime - std::chrono::seconds{1});
    EXPECT_TRUE(redeem(tickets_, *first));
    time_.advance(std::chrono::seconds{1});
    expect_refused(*second);
}

TEST_F(live_tickets_test, cost_no_write_if_they_are_forged) {
    const auto ticket = tickets_.issue({.user = 7});
    const std::size_t before = store_.commits();
    std::string forged = *ticket;
    forged.front() = forged.front() == 'A' ? 'B' : 'A';
    for (const std::string_view wrong : {std::string_view{forged}, std::string_view{*ticket}.substr(4),
                                         std::string_view{"nonsense"}, std::string_view{}})
        expect_refused(wrong);
    live_tickets with_other_key{store_, {2}, time_, random_};
    EXPECT_FALSE(redeem(with_other_key, *ticket));
    EXPECT_EQ(store_.commits(), before);
    EXPECT_TRUE(redeem(tickets_, *ticket));
}

TEST_F(live_tickets_test, report_a_database_that_fails) {
    const auto ticket = tickets_.issue({.user = 7});
    store_.fail_commits(error{.code = errc::storage_unavailable});
    EXPECT_EQ(redeem(tickets_, *ticket).error().code, errc::storage_unavailable);
    EXPECT_EQ(tickets_.issue({.user = 7}).error().code, errc::storage_unavailable);
}

TEST_F(live_tickets_test, are_bounded_for_each_user) {
    for (std::int64_t n = 0; n < live_tickets::max_per_user; ++n)
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

TEST_F(live_tickets_test, are_bounded_in_total) {
    for (std::int64_t n = 0; n < live_tickets::max_count; ++n)
        ASSERT_TRUE(tickets_.issue({.user = n / live_tickets::max_per_user}));
    EXPECT_EQ(tickets_.issue({.user = -1}).error().code, errc::overloaded);
}

TEST_F(live_tickets_test, of_the_time_before_the_clock_was_set_back_do_not_count) {
    for (std::int64_t n = 0; n < live_tickets::max_per_user; ++n)
        EXPECT_TRUE(tickets_.issue({.user = 7}));
    time_.set_wall(-std::chrono::hours{1});
    EXPECT_TRUE(tickets_.issue({.user = 7}));
}

} // namespace
} // namespace breakwater::identity
