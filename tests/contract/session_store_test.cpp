#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

BREAKWATER_CONTRACT(sessions);

TEST_P(sessions, store_every_member) {
    const auto ann = add_user("ann@example.com");
    token_hash hash{};
    hash.fill(0xfe);
    hash[31] = 0;
    const refresh_token added{.hash = hash,
                              .family = new_id(),
                              .user = ann,
                              .issued_at = at(1),
                              .expires_at = at(2),
                              .family_expires_at = at(3),
                              .used_at = {},
                              .revoked = false};
    write([&](transaction& tx) { return tx.sessions().insert(added); });
    read([&](const snapshot& state) {
        const auto token = *state.sessions().find(hash);
        ASSERT_TRUE(token);
        EXPECT_EQ(token->hash, hash);
        EXPECT_EQ(token->family, added.family);
        EXPECT_EQ(token->user, ann);
        EXPECT_EQ(token->issued_at, at(1));
        EXPECT_EQ(token->expires_at, at(2));
        EXPECT_EQ(token->family_expires_at, at(3));
        EXPECT_FALSE(token->used_at);
        EXPECT_FALSE(token->revoked);
        EXPECT_FALSE(*state.sessions().find(token_hash{}));
    });
    write([&](transaction& tx) { return tx.sessions().mark_used(hash, at(2, 5)); });
    reopen();
    read([&](const snapshot& state) { EXPECT_EQ((*state.sessions().find(hash))->used_at, at(2, 5)); });
}

TEST_P(sessions, refuse_an_unknown_user_or_token) {
    const auto orphan = db_->write(
        [&](transaction& tx) { return tx.sessions().insert({.hash = {1}, .family = new_id(), .user = 99}); });
    ASSERT_FALSE(orphan);
    EXPECT_EQ(orphan.error().code, errc::not_found);
    const auto unknown = db_->write([&](transaction& tx) { return tx.sessions().mark_used({1}, at(1)); });
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, errc::not_found);
}

TEST_P(sessions, are_revoked_by_family_and_by_user) {
    const auto ann = add_user("ann@example.com");
    const auto bob = add_user("bob@example.com");
    const auto one = new_id();
    const auto two = new_id();
    write([&](transaction& tx) -> result<void> {
        for (const auto& token : {refresh_token{.hash = {1}, .family = one, .user = ann},
                                  refresh_token{.hash = {2}, .family = one, .user = ann},
                                  refresh_token{.hash = {3}, .family = two, .user = ann},
                                  refresh_token{.hash = {4}, .family = new_id(), .user = bob}})
            if (auto done = tx.sessions().insert(token); !done)
                return done;
        return tx.sessions().revoke_family(one);
    });
    const auto revoked = [&](std::uint8_t number) {
        bool out = false;
        read([&](const snapshot& state) { out = (*state.sessions().find({number}))->revoked; });
        return out;
    };
    EXPECT_TRUE(revoked(1));
    EXPECT_TRUE(revoked(2));
    EXPECT_FALSE(revoked(3));
    write([&](transaction& tx) { return tx.sessions().revoke_user(ann); });
    EXPECT_TRUE(revoked(3));
    EXPECT_FALSE(revoked(4));
}

TEST_P(sessions, are_purged_by_family_expiry_in_steps) {
    const auto ann = add_user("ann@example.com");
    write([&](transaction& tx) -> result<void> {
        for (std::uint8_t i = 1; i <= 6; ++i)
            if (auto done = tx.sessions().insert({.hash = {i},
                                                  .family = new_id(),
                                                  .user = ann,
                                                  .expires_at = at(0),
                                                  .family_expires_at = at(i)});
                !done)
                return done;
        return {};
    });
    const auto purge = [&](timestamp before, std::int64_t max_count) {
        std::int64_t count = -1;
        write([&](transaction& tx) -> result<void> {
            count = *tx.sessions().purge(before, max_count);
            return {};
        });
        return count;
    };
    EXPECT_EQ(purge(at(5), 3), 3);
    EXPECT_EQ(purge(at(5), 3), 1) << "a token that expires exactly at the limit stays";
    EXPECT_EQ(purge(at(5), 3), 0);
    read([&](const snapshot& state) {
        EXPECT_FALSE(*state.sessions().find({4}));
        EXPECT_TRUE(*state.sessions().find({5}));
        EXPECT_TRUE(*state.sessions().find({6}));
    });
}

} // namespace
} // namespace breakwater::storage::contract
