#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

BREAKWATER_CONTRACT(credentials);

constexpr auto secret = credential_kind::device_secret;

TEST_P(credentials, store_every_member) {
    const user_id ann = add_user("ann@example.com");
    const device roof = add_device(ann, "Roof");
    const credential of_device{.subject = roof.id,
                               .kind = secret,
                               .verifier = "$2b$04$x",
                               .scopes = "readings:write",
                               .created_at = at(1),
                               .expires_at = at(2),
                               .last_used_at = at(3)};
    credential_id id = 0;
    write([&](transaction& tx) -> result<void> {
        id = tx.credentials().insert(of_device).value();
        EXPECT_TRUE(tx.credentials().insert({.subject = ann, .kind = secret, .verifier = "ann's"}));
        return {};
    });
    reopen();
    read([&](const snapshot& state) {
        const auto stored = state.credentials().of(roof.id, secret).value();
        ASSERT_EQ(stored.size(), 1U);
        EXPECT_EQ(stored[0].id, id);
        EXPECT_EQ(stored[0].subject, credential_subject{roof.id});
        EXPECT_EQ(stored[0].verifier, "$2b$04$x");
        EXPECT_EQ(stored[0].scopes, "readings:write");
        EXPECT_EQ(stored[0].created_at, at(1));
        EXPECT_EQ(stored[0].expires_at, at(2));
        EXPECT_EQ(stored[0].last_used_at, at(3));
        const auto of_ann = state.credentials().of(ann, secret).value();
        ASSERT_EQ(of_ann.size(), 1U);
        EXPECT_EQ(of_ann[0].verifier, "ann's");
        EXPECT_FALSE(of_ann[0].created_at || of_ann[0].expires_at || of_ann[0].last_used_at);
    });
}

TEST_P(credentials, of_a_subject_are_listed_newest_first_and_replaced_alone) {
    const device roof = add_device(add_user("ann@example.com"), "Roof");
    const device cellar = add_device(add_user("bob@example.com"), "Cellar");
    write([&](transaction& tx) -> result<void> {
        for (const device& each : {roof, cellar})
            for (const char* verifier : {"old", "new"})
                EXPECT_TRUE(
                    tx.credentials().insert({.subject = each.id, .kind = secret, .verifier = verifier}));
        return {};
    });
    read([&](const snapshot& state) {
        const auto stored = state.credentials().of(roof.id, secret).value();
        ASSERT_EQ(stored.size(), 2U);
        EXPECT_EQ(stored[0].verifier, "new");
    });
    write([&](transaction& tx) { return tx.credentials().remove(roof.id, secret); });
    read([&](const snapshot& state) {
        EXPECT_TRUE(state.credentials().of(roof.id, secret)->empty());
        EXPECT_EQ(state.credentials().of(cellar.id, secret)->size(), 2U);
    });
}

TEST_P(credentials, go_with_their_device_or_its_owner) {
    const user_id ann = add_user("ann@example.com");
    const device roof = add_device(ann, "Roof");
    const device cellar = add_device(ann, "Cellar");
    write([&](transaction& tx) -> result<void> {
        for (const credential_subject& subject :
             {credential_subject{roof.id}, credential_subject{cellar.id}, credential_subject{ann}})
            EXPECT_TRUE(tx.credentials().insert({.subject = subject, .kind = secret, .verifier = "x"}));
        return tx.devices().remove(roof.id);
    });
    read([&](const snapshot& state) {
        EXPECT_TRUE(state.credentials().of(roof.id, secret)->empty());
        EXPECT_EQ(state.credentials().of(cellar.id, secret)->size(), 1U);
    });
    write([&](transaction& tx) { return tx.users().remove(ann); });
    read([&](const snapshot& state) {
        EXPECT_TRUE(state.credentials().of(cellar.id, secret)->empty());
        EXPECT_TRUE(state.credentials().of(ann, secret)->empty());
    });
}

TEST_P(credentials, remember_their_last_use) {
    const device roof = add_device(add_user("ann@example.com"), "Roof");
    credential_id id = 0;
    write([&](transaction& tx) -> result<void> {
        id = tx.credentials().insert({.subject = roof.id, .kind = secret, .verifier = "x"}).value();
        return {};
    });
    write([&](transaction& tx) { return tx.credentials().record_use(id, at(9)); });
    write([&](transaction& tx) { return tx.credentials().record_use(id + 1, at(9)); });
    read([&](const snapshot& state) {
        EXPECT_EQ(state.credentials().of(roof.id, secret)->front().last_used_at, at(9));
    });
}

TEST_P(credentials, refuse_an_unknown_subject) {
    write([&](transaction& tx) -> result<void> {
        const auto refused = tx.credentials().insert({.subject = new_id(), .kind = secret, .verifier = "x"});
        EXPECT_EQ(refused.error().code, errc::not_found);
        const auto nobody =
            tx.credentials().insert({.subject = user_id{99}, .kind = secret, .verifier = "x"});
        EXPECT_EQ(nobody.error().code, errc::not_found);
        return {};
    });
}

} // namespace
} // namespace breakwater::storage::contract
