#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

class webhooks : public storage_test {
protected:
    webhook_id add(const std::string& name, alert_severity min_severity = alert_severity::info,
                   bool enabled = true) {
        webhook_id id = 0;
        write([&](transaction& tx) -> result<void> {
            id = tx.webhooks()
                     .insert({.name = name,
                              .url = "https://" + name + ".example/hook",
                              .min_severity = min_severity,
                              .enabled = enabled,
                              .created_at = at(1),
                              .updated_at = at(2)},
                             "secret of " + name)
                     .value();
            return {};
        });
        return id;
    }
    /// The error code of `work`, a `result<T>(webhook_store&)`.
    template <class Work>
    errc refusal(Work work) {
        const auto done = db_->write([&](transaction& tx) -> result<void> {
            auto outcome = work(tx.webhooks());
            if (!outcome)
                return std::unexpected(outcome.error());
            return {};
        });
        return done ? errc::internal : done.error().code;
    }
};
INSTANTIATE_TEST_SUITE_P(, webhooks, testing::ValuesIn(backends()), backend_name);

TEST_P(webhooks, are_stored_and_updated_with_all_members) {
    const webhook_id id = add("ops", alert_severity::critical, false);
    read([&](const snapshot& view) {
        const webhook stored = view.webhooks().find(id).value().value();
        EXPECT_EQ(stored.name, "ops");
        EXPECT_EQ(stored.url, "https://ops.example/hook");
        EXPECT_EQ(stored.min_severity, alert_severity::critical);
        EXPECT_FALSE(stored.enabled);
        EXPECT_EQ(stored.created_at, at(1));
        EXPECT_EQ(stored.updated_at, at(2));
        EXPECT_FALSE(view.webhooks().find_receiver(id).value().value().enabled);
    });
    write([&](transaction& tx) {
        return tx.webhooks().update({.id = id,
                                     .name = "Ops",
                                     .url = "https://other.example/",
                                     .min_severity = alert_severity::info,
                                     .enabled = true,
                                     .created_at = at(7),
                                     .updated_at = at(8)});
    });
    read([&](const snapshot& view) {
        const auto all = view.webhooks().list();
        ASSERT_EQ(all.value().size(), 1U);
        const webhook& stored = all->front();
        EXPECT_EQ(stored.name, "Ops");
        EXPECT_EQ(stored.url, "https://other.example/");
        EXPECT_EQ(stored.min_severity, alert_severity::info);
        EXPECT_TRUE(stored.enabled);
        EXPECT_EQ(stored.created_at, at(1));
        EXPECT_EQ(stored.updated_at, at(8));
        const webhook_receiver receiver = view.webhooks().find_receiver(id).value().value();
        EXPECT_EQ(receiver.url, "https://other.example/");
        EXPECT_TRUE(receiver.enabled);
        EXPECT_EQ(receiver.secret, "secret of ops") << "an update keeps the secret";
    });
}

TEST_P(webhooks, unknown_webhooks_are_not_found) {
    EXPECT_EQ(refusal([](webhook_store& store) { return store.update({.id = 99, .name = "x", .url = "y"}); }),
              errc::not_found);
    EXPECT_EQ(refusal([](webhook_store& store) { return store.remove(99); }), errc::not_found);
    read([&](const snapshot& view) {
        EXPECT_FALSE(view.webhooks().find(99).value());
        EXPECT_FALSE(view.webhooks().find_receiver(99).value());
    });
}

TEST_P(webhooks, are_limited_in_number) {
    for (std::size_t i = 0; i < max_webhooks; ++i)
        add("hook");
    EXPECT_EQ(refusal([](webhook_store& store) { return store.insert({.name = "x", .url = "y"}, "s"); }),
              errc::bad_state);
}

TEST_P(webhooks, can_be_removed_and_their_ids_are_not_reused) {
    const webhook_id stays = add("stays");
    const webhook_id removed = add("removed");
    write([&](transaction& tx) { return tx.webhooks().remove(removed); });
    read([&](const snapshot& view) {
        EXPECT_FALSE(view.webhooks().find(removed).value());
        EXPECT_TRUE(view.webhooks().find(stays).value());
    });
    EXPECT_GT(add("another"), removed);
}

} // namespace
} // namespace breakwater::storage::contract
