#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

BREAKWATER_CONTRACT(tickets);

TEST_P(tickets, store_every_member_and_are_taken_once) {
    const live_ticket added{.digest = {0xfe, 0, 1},
                            .user = 7,
                            .role = role::admin,
                            .session_version = 3,
                            .session = new_id(),
                            .session_expires_at = timestamp::max(),
                            .expires_at = at(30, 5)};
    write([&](transaction& tx) { return tx.tickets().insert(added); });
    reopen();
    write([&](transaction& tx) -> result<void> {
        EXPECT_FALSE(*tx.tickets().take({1}));
        const auto taken = *tx.tickets().take(added.digest);
        EXPECT_TRUE(taken);
        if (!taken)
            return {};
        EXPECT_EQ(taken->digest, added.digest);
        EXPECT_EQ(taken->user, 7);
        EXPECT_EQ(taken->role, role::admin);
        EXPECT_EQ(taken->session_version, 3);
        EXPECT_EQ(taken->session, added.session);
        EXPECT_EQ(taken->session_expires_at, timestamp::max());
        EXPECT_EQ(taken->expires_at, at(30, 5));
        EXPECT_FALSE(*tx.tickets().take(added.digest));
        return {};
    });
    write([&](transaction& tx) -> result<void> {
        EXPECT_FALSE(*tx.tickets().take(added.digest));
        return {};
    });
}

TEST_P(tickets, count_and_stay_only_while_they_are_valid) {
    const ticket_window valid{.after = at(10), .until = at(20)};
    write([&](transaction& tx) -> result<void> {
        std::uint8_t number = 0;
        for (const auto& [user, seconds] :
             {std::pair{7, 9}, {7, 10}, {7, 11}, {7, 20}, {7, 21}, {8, 15}, {8, 99}})
            EXPECT_TRUE(tx.tickets().insert({.digest = {++number}, .user = user, .expires_at = at(seconds)}));
        return {};
    });
    read([&](const snapshot& state) {
        const auto count = *state.tickets().count(7, valid);
        EXPECT_EQ(count.of_user, 2);
        EXPECT_EQ(count.total, 3);
    });
    const auto count_all = [&] {
        std::int64_t total = 0;
        read([&](const snapshot& state) {
            total = state.tickets().count(7, {.after = at(-100), .until = at(100)})->total;
        });
        return total;
    };
    write([&](transaction& tx) { return tx.tickets().purge(valid, 3); });
    EXPECT_EQ(count_all(), 4);
    write([&](transaction& tx) { return tx.tickets().purge(valid, 100); });
    EXPECT_EQ(count_all(), 3);
}

} // namespace
} // namespace breakwater::storage::contract
