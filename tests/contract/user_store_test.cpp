#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

BREAKWATER_CONTRACT(users);

TEST_P(users, store_every_member) {
    const user added{.email = "ann@example.com",
                     .role = role::admin,
                     .password_hash = "$2b$12$hash",
                     .session_version = 7,
                     .created_at = at(5, 123)};
    user_id id = 0;
    write([&](transaction& tx) -> result<void> {
        id = *tx.users().insert(added);
        return {};
    });
    EXPECT_GE(id, 1);
    read([&](const snapshot& state) {
        const auto by_id = *state.users().find(id);
        const auto by_email = *state.users().find_by_email("ann@example.com");
        ASSERT_TRUE(by_id && by_email);
        for (const user& stored : {*by_id, *by_email}) {
            EXPECT_EQ(stored.id, id);
            EXPECT_EQ(stored.email, added.email);
            EXPECT_EQ(stored.role, role::admin);
            EXPECT_EQ(stored.password_hash, added.password_hash);
            EXPECT_EQ(stored.session_version, 7);
            EXPECT_EQ(stored.created_at, added.created_at);
        }
        EXPECT_FALSE(*state.users().find(id + 1));
        EXPECT_FALSE(*state.users().find_by_email("bob@example.com"));
    });
}

TEST_P(users, are_listed_by_id) {
    const auto third = add_user("c@example.com");
    const auto first = add_user("a@example.com");
    read([&](const snapshot& state) {
        const auto all = *state.users().list();
        ASSERT_EQ(all.size(), 2U);
        EXPECT_EQ(all[0].id, third);
        EXPECT_EQ(all[1].id, first);
    });
}

TEST_P(users, refuse_an_address_in_use) {
    add_user("ann@example.com");
    const auto bob = add_user("bob@example.com");
    const auto inserted = db_->write([](transaction& tx) -> result<void> {
        auto added = tx.users().insert({.email = "ann@example.com"});
        return added ? result<void>{} : pass(std::move(added));
    });
    ASSERT_FALSE(inserted);
    EXPECT_EQ(inserted.error().code, errc::bad_state);
    const auto renamed = db_->write(
        [&](transaction& tx) { return tx.users().update({.id = bob, .email = "ann@example.com"}); });
    ASSERT_FALSE(renamed);
    EXPECT_EQ(renamed.error().code, errc::bad_state);
}

TEST_P(users, are_updated_except_id_and_created_at) {
    const auto id = add_user("ann@example.com");
    write([&](transaction& tx) {
        return tx.users().update({.id = id,
                                  .email = "new@example.com",
                                  .role = role::admin,
                                  .password_hash = "other",
                                  .session_version = 2,
                                  .created_at = at(99)});
    });
    read([&](const snapshot& state) {
        const auto stored = *state.users().find(id);
        ASSERT_TRUE(stored);
        EXPECT_EQ(stored->email, "new@example.com");
        EXPECT_EQ(stored->role, role::admin);
        EXPECT_EQ(stored->password_hash, "other");
        EXPECT_EQ(stored->session_version, 2);
        EXPECT_EQ(stored->created_at, at(0));
    });
}

TEST_P(users, that_are_unknown_cannot_be_updated_or_removed) {
    const auto changed =
        db_->write([](transaction& tx) { return tx.users().update({.id = 9, .email = "a@b.cd"}); });
    const auto removed = db_->write([](transaction& tx) { return tx.users().remove(9); });
    ASSERT_FALSE(changed || removed);
    EXPECT_EQ(changed.error().code, errc::not_found);
    EXPECT_EQ(removed.error().code, errc::not_found);
}

TEST_P(users, are_removed_with_everything_they_own) {
    const auto ann = add_user("ann@example.com");
    const auto bob = add_user("bob@example.com");
    const auto ann_device = add_device(ann, "ann_device");
    const auto bob_device = add_device(bob, "bob_device");
    add_readings({{.device_id = ann_device.id, .received_at = at(1), .payload = "{}"},
                  {.device_id = bob_device.id, .received_at = at(1), .payload = "{}"}});
    const token_hash ann_token{1};
    const token_hash bob_token{2};
    write([&](transaction& tx) -> result<void> {
        if (auto done = tx.sessions().insert({.hash = ann_token, .family = new_id(), .user = ann}); !done)
            return done;
        if (auto done = tx.sessions().insert({.hash = bob_token, .family = new_id(), .user = bob}); !done)
            return done;
        return tx.users().remove(ann);
    });
    read([&](const snapshot& state) {
        EXPECT_FALSE(*state.users().find(ann));
        EXPECT_FALSE(*state.devices().find(ann_device.id));
        EXPECT_FALSE(*state.sessions().find(ann_token));
        EXPECT_EQ(state.readings().summary({.device_id = ann_device.id})->total, 0);
        EXPECT_TRUE(*state.devices().find(bob_device.id));
        EXPECT_TRUE(*state.sessions().find(bob_token));
        EXPECT_EQ(state.readings().summary({.device_id = bob_device.id})->total, 1);
    });
}

TEST_P(users, never_reuse_an_id) {
    add_user("ann@example.com");
    const auto last = add_user("bob@example.com");
    write([&](transaction& tx) { return tx.users().remove(last); });
    reopen();
    EXPECT_GT(add_user("bob@example.com"), last);
}

} // namespace
} // namespace breakwater::storage::contract
