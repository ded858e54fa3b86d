#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

class webhooks : public stored {
protected:
    webhook_id add(const std::string& name, alert_severity from = alert_severity::info, bool enabled = true) {
        webhook_id id = 0;
        write([&](transaction& tx) -> result<void> {
            id = tx.webhooks()
                     .insert({.name = name,
                              .url = "https://" + name + ".example/hook",
                              .min_severity = from,
                              .enabled = enabled,
                              .created_at = at(1),
                              .updated_at = at(2)},
                             "secret of " + name)
                     .value();
            return {};
        });
        return id;
    }
    enqueued_count enqueue(alert_severity severity, const std::string& body, std::int64_t when = 10,
                           int times = 1) {
        enqueued_count total;
        write([&](transaction& tx) -> result<void> {
            for (int round = 0; round < times; ++round) {
                const enqueued_count one = tx.webhooks().enqueue(severity, body, at(when)).value();
                total.pending += one.pending;
                total.dead += one.dead;
            }
            return {};
        });
        return total;
    }
    delivery_id enqueue_for(webhook_id id, const std::string& body = "{}", std::int64_t when = 10) {
        delivery_id made = 0;
        write([&](transaction& tx) -> result<void> {
            made = tx.webhooks().enqueue_for(id, body, at(when)).value();
            return {};
        });
        return made;
    }
    /// Whether it was pending.
    bool fail_attempt(delivery_id id, std::optional<timestamp> next) {
        bool was_pending = false;
        write([&](transaction& tx) -> result<void> {
            was_pending =
                tx.webhooks().mark_failed(id, {.error = "It said 500.", .status = 500}, next).value();
            return {};
        });
        return was_pending;
    }
    webhook_delivery delivery_of(delivery_id id) {
        std::optional<webhook_delivery> found;
        read([&](const snapshot& view) { found = view.webhooks().find_delivery(id).value(); });
        return found.value();
    }
    std::vector<delivery_id> ids(const delivery_query& query) {
        std::vector<delivery_id> out;
        read([&](const snapshot& view) {
            const auto found = view.webhooks().deliveries(query);
            for (const webhook_delivery& each : found.value())
                out.push_back(each.id);
        });
        return out;
    }
    std::vector<outgoing_delivery> next_of_each() {
        std::vector<outgoing_delivery> out;
        read([&](const snapshot& view) { out = view.webhooks().next_of_each().value(); });
        return out;
    }
    std::int64_t pending() {
        std::int64_t out = -1;
        read([&](const snapshot& view) { out = view.webhooks().pending().value(); });
        return out;
    }
    std::int64_t expire(timestamp limit, std::int64_t most) {
        std::int64_t out = -1;
        write([&](transaction& tx) -> result<void> {
            out = tx.webhooks().expire(limit, most).value();
            return {};
        });
        return out;
    }
    /// What `work`, a `result<T>(webhook_store&)`, fails with.
    template <class Work>
    errc refusal(Work work) {
        const auto done = db_->write([&](transaction& tx) -> result<void> {
            auto made = work(tx.webhooks());
            if (!made)
                return std::unexpected(made.error());
            return {};
        });
        return done ? errc::internal : done.error().code;
    }
};
INSTANTIATE_TEST_SUITE_P(, webhooks, testing::ValuesIn(backends()), backend_name);

TEST_P(webhooks, come_back_as_they_went_in_and_after_a_change_as_they_were_changed) {
    const webhook_id id = add("ops", alert_severity::critical, false);
    read([&](const snapshot& view) {
        const webhook back = view.webhooks().find(id).value().value();
        EXPECT_EQ(back.name, "ops");
        EXPECT_EQ(back.url, "https://ops.example/hook");
        EXPECT_EQ(back.min_severity, alert_severity::critical);
        EXPECT_FALSE(back.enabled);
        EXPECT_EQ(back.created_at, at(1));
        EXPECT_EQ(back.updated_at, at(2));
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
        const webhook& back = all->front();
        EXPECT_EQ(back.name, "Ops");
        EXPECT_EQ(back.url, "https://other.example/");
        EXPECT_EQ(back.min_severity, alert_severity::info);
        EXPECT_TRUE(back.enabled);
        EXPECT_EQ(back.created_at, at(1));
        EXPECT_EQ(back.updated_at, at(8));
    });
    enqueue_for(id);
    EXPECT_EQ(next_of_each().front().secret, "secret of ops") << "a change leaves the secret as it is";
}

TEST_P(webhooks, what_is_not_there_is_not_found) {
    EXPECT_EQ(refusal([](webhook_store& store) { return store.update({.id = 99, .name = "x", .url = "y"}); }),
              errc::not_found);
    EXPECT_EQ(refusal([](webhook_store& store) { return store.remove(99); }), errc::not_found);
    EXPECT_EQ(refusal([](webhook_store& store) { return store.retry(99, at(1)); }), errc::not_found);
    EXPECT_EQ(refusal([](webhook_store& store) { return store.enqueue_for(99, "{}", at(1)); }),
              errc::not_found);
    read([&](const snapshot& view) {
        EXPECT_FALSE(view.webhooks().find(99).value());
        EXPECT_FALSE(view.webhooks().find_delivery(99).value());
    });
}

TEST_P(webhooks, there_can_be_a_hundred_and_no_more) {
    for (std::size_t made = 0; made < max_webhooks; ++made)
        add("hook");
    EXPECT_EQ(refusal([](webhook_store& store) { return store.insert({.name = "x", .url = "y"}, "s"); }),
              errc::bad_state);
}

TEST_P(webhooks, a_message_waits_for_every_enabled_one_that_its_severity_matters_to) {
    const webhook_id everything = add("everything", alert_severity::info);
    const webhook_id serious = add("serious", alert_severity::critical);
    add("off", alert_severity::info, false);

    EXPECT_EQ(enqueue(alert_severity::warning, R"({"a":1})", 10).pending, 1);
    EXPECT_EQ(enqueue(alert_severity::critical, R"({"a":2})", 11).pending, 2);
    EXPECT_EQ(pending(), 3);
    EXPECT_EQ(ids({.webhook = everything}).size(), 2U);
    const auto of_serious = ids({.webhook = serious});
    ASSERT_EQ(of_serious.size(), 1U);
    const webhook_delivery back = delivery_of(of_serious.front());
    EXPECT_EQ(back.webhook, serious);
    EXPECT_EQ(back.webhook_name, "serious");
    EXPECT_EQ(back.body, R"({"a":2})");
    EXPECT_EQ(back.state, delivery_state::pending);
    EXPECT_EQ(back.attempts, 0);
    EXPECT_EQ(back.next_attempt_at, at(11));
    EXPECT_EQ(back.created_at, at(11));
    EXPECT_FALSE(back.delivered_at);
    EXPECT_FALSE(back.last_status);
    EXPECT_EQ(back.last_error, "");
}

TEST_P(webhooks, a_message_goes_with_the_transaction_that_it_was_put_in_line_in) {
    add("ops");
    const auto done = db_->write([&](transaction& tx) -> result<void> {
        EXPECT_EQ(tx.webhooks().enqueue(alert_severity::critical, "{}", at(1)).value().pending, 1);
        return fail(errc::bad_state, "On second thoughts.");
    });
    EXPECT_FALSE(done);
    EXPECT_EQ(pending(), 0);
    enqueue(alert_severity::critical, "{}");
    reopen();
    EXPECT_EQ(pending(), 1);
}

TEST_P(webhooks, each_has_one_delivery_whose_turn_it_is_the_earliest_first) {
    const webhook_id slow = add("slow");
    const webhook_id quick = add("quick");
    const webhook_id off = add("off");
    const delivery_id late = enqueue_for(slow, R"({"n":1})", 30);
    enqueue_for(slow, R"({"n":2})", 40);
    const delivery_id early = enqueue_for(quick, R"({"n":3})", 20);
    enqueue_for(quick, R"({"n":4})", 20);
    enqueue_for(off, R"({"n":5})", 10);
    write([&](transaction& tx) {
        return tx.webhooks().update({.id = off, .name = "off", .url = "https://o.example", .enabled = false});
    });

    auto next = next_of_each();
    ASSERT_EQ(next.size(), 2U);
    EXPECT_EQ(next[0].id, early);
    EXPECT_EQ(next[0].webhook, quick);
    EXPECT_EQ(next[0].url, "https://quick.example/hook");
    EXPECT_EQ(next[0].secret, "secret of quick");
    EXPECT_EQ(next[0].body, R"({"n":3})");
    EXPECT_EQ(next[0].attempts, 0);
    EXPECT_EQ(next[0].next_attempt_at, at(20));
    EXPECT_EQ(next[1].id, late);

    fail_attempt(early, at(100));
    next = next_of_each();
    ASSERT_EQ(next.size(), 2U);
    EXPECT_EQ(next[0].body, R"({"n":4})") << "one that failed lets the others pass";
}

TEST_P(webhooks, an_attempt_leaves_its_outcome) {
    const webhook_id id = add("ops");
    const delivery_id made = enqueue_for(id);
    EXPECT_TRUE(fail_attempt(made, at(50)));
    webhook_delivery back = delivery_of(made);
    EXPECT_EQ(back.state, delivery_state::pending);
    EXPECT_EQ(back.attempts, 1);
    EXPECT_EQ(back.next_attempt_at, at(50));
    EXPECT_EQ(back.last_error, "It said 500.");
    EXPECT_EQ(back.last_status, 500);

    write([&](transaction& tx) { return tx.webhooks().mark_delivered(made, 204, at(51)); });
    back = delivery_of(made);
    EXPECT_EQ(back.state, delivery_state::delivered);
    EXPECT_EQ(back.attempts, 2);
    EXPECT_FALSE(back.next_attempt_at);
    EXPECT_EQ(back.delivered_at, at(51));
    EXPECT_EQ(back.last_error, "");
    EXPECT_EQ(back.last_status, 204);
    EXPECT_EQ(pending(), 0);

    EXPECT_FALSE(fail_attempt(made, std::nullopt));
    EXPECT_EQ(delivery_of(made).state, delivery_state::delivered) << "what arrived stays delivered";
}

TEST_P(webhooks, a_dead_delivery_can_be_put_in_line_again_and_no_other) {
    const webhook_id id = add("ops");
    const delivery_id made = enqueue_for(id);
    const auto retry = [&](webhook_store& store) { return store.retry(made, at(70)); };
    EXPECT_EQ(refusal(retry), errc::bad_state);
    fail_attempt(made, std::nullopt);
    EXPECT_EQ(delivery_of(made).state, delivery_state::dead);
    EXPECT_EQ(ids({.state = delivery_state::dead}), std::vector{made});
    EXPECT_TRUE(next_of_each().empty());

    write([&](transaction& tx) { return tx.webhooks().retry(made, at(70)); });
    const webhook_delivery back = delivery_of(made);
    EXPECT_EQ(back.state, delivery_state::pending);
    EXPECT_EQ(back.attempts, 0);
    EXPECT_EQ(back.next_attempt_at, at(70));
    EXPECT_EQ(back.last_error, "It said 500.") << "until the next attempt tells more";
}

TEST_P(webhooks, nothing_is_put_in_line_for_a_disabled_one) {
    const webhook_id id = add("ops");
    const delivery_id dead = enqueue_for(id);
    fail_attempt(dead, std::nullopt);
    write([&](transaction& tx) {
        return tx.webhooks().update({.id = id, .name = "ops", .url = "https://o.example", .enabled = false});
    });
    EXPECT_EQ(enqueue(alert_severity::critical, "{}").pending, 0);
    EXPECT_EQ(refusal([&](webhook_store& store) { return store.enqueue_for(id, "{}", at(1)); }),
              errc::bad_state);
    EXPECT_EQ(refusal([&](webhook_store& store) { return store.retry(dead, at(1)); }), errc::bad_state);
}

TEST_P(webhooks, what_waits_for_one_can_be_given_up) {
    const webhook_id id = add("ops");
    const webhook_id other = add("other");
    const delivery_id first = enqueue_for(id);
    enqueue_for(id);
    enqueue_for(other);
    std::int64_t given_up = 0;
    write([&](transaction& tx) -> result<void> {
        given_up = tx.webhooks().give_up(id, "The webhook was disabled.").value();
        return {};
    });
    EXPECT_EQ(given_up, 2);
    EXPECT_EQ(pending(), 1);
    EXPECT_EQ(delivery_of(first).state, delivery_state::dead);
    EXPECT_EQ(delivery_of(first).last_error, "The webhook was disabled.");
}

TEST_P(webhooks, past_what_may_wait_for_one_a_message_is_dead_at_once) {
    const webhook_id full = add("full");
    const auto bound = static_cast<int>(max_pending_of_webhook);
    EXPECT_EQ(enqueue(alert_severity::critical, "{}", 10, bound).pending, bound);
    add("free");
    const enqueued_count more = enqueue(alert_severity::critical, "{}", 11);
    EXPECT_EQ(more.pending, 1);
    EXPECT_EQ(more.dead, 1);
    const auto dead = ids({.webhook = full, .state = delivery_state::dead});
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(delivery_of(dead.front()).last_error, "Too many messages wait already.");
    EXPECT_FALSE(delivery_of(dead.front()).next_attempt_at);
    EXPECT_EQ(refusal([&](webhook_store& store) { return store.enqueue_for(full, "{}", at(1)); }),
              errc::bad_state);
    EXPECT_EQ(refusal([&](webhook_store& store) { return store.retry(dead.front(), at(1)); }),
              errc::bad_state);
}

TEST_P(webhooks, past_what_may_wait_in_all_a_message_is_dead_at_once) {
    constexpr int of_each = static_cast<int>(max_pending_of_webhook) - 100;
    int hooks = 0;
    for (std::int64_t room = max_pending_deliveries; room > 0; room -= of_each, ++hooks)
        add("hook");
    const enqueued_count put = enqueue(alert_severity::critical, "{}", 10, of_each);
    EXPECT_EQ(put.pending, max_pending_deliveries);
    EXPECT_EQ(put.dead, static_cast<std::int64_t>(hooks) * of_each - max_pending_deliveries);
    EXPECT_EQ(pending(), max_pending_deliveries);
}

TEST_P(webhooks, deliveries_are_listed_newest_first_in_pages) {
    const webhook_id id = add("ops");
    const webhook_id other = add("other");
    std::vector<delivery_id> made;
    for (int n = 0; n < 5; ++n)
        made.push_back(enqueue_for(n == 2 ? other : id));
    fail_attempt(made[3], std::nullopt);
    EXPECT_EQ(ids({}), (std::vector{made[4], made[3], made[2], made[1], made[0]}));
    EXPECT_EQ(ids({.limit = 2}), (std::vector{made[4], made[3]}));
    EXPECT_EQ(ids({.before = made[3], .limit = 2}), (std::vector{made[2], made[1]}));
    EXPECT_EQ(ids({.webhook = id}), (std::vector{made[4], made[3], made[1], made[0]}));
    EXPECT_EQ(ids({.webhook = id, .state = delivery_state::pending}),
              (std::vector{made[4], made[1], made[0]}));
    EXPECT_EQ(ids({.webhook = other, .state = delivery_state::dead}), std::vector<delivery_id>{});
}

TEST_P(webhooks, deliveries_go_with_their_webhook_and_their_room_in_steps) {
    const webhook_id id = add("gone");
    const webhook_id other = add("stays");
    std::vector<delivery_id> over;
    for (int n = 0; n < 3; ++n) {
        over.push_back(enqueue_for(id));
        fail_attempt(over.back(), std::nullopt);
    }
    const delivery_id under_way = enqueue_for(id);
    const delivery_id kept = enqueue_for(other);
    write([&](transaction& tx) { return tx.webhooks().remove(id); });

    EXPECT_EQ(ids({}), std::vector{kept});
    EXPECT_EQ(pending(), 1);
    read([&](const snapshot& view) {
        EXPECT_FALSE(view.webhooks().find_delivery(over.front()).value());
        EXPECT_FALSE(view.webhooks().find(id).value());
    });
    // What was under way comes to an end, and nobody minds.
    EXPECT_FALSE(fail_attempt(under_way, std::nullopt));
    write([&](transaction& tx) { return tx.webhooks().mark_delivered(under_way, 200, at(1)); });

    EXPECT_EQ(expire(at(0), 2), 2);
    EXPECT_EQ(expire(at(0), 2), 1);
    EXPECT_EQ(expire(at(0), 2), 0);
    EXPECT_EQ(ids({}), std::vector{kept});
    EXPECT_GT(add("another"), other) << "no number is used twice";
}

TEST_P(webhooks, deliveries_that_are_over_expire_and_those_that_wait_do_not) {
    const webhook_id id = add("ops");
    const delivery_id delivered = enqueue_for(id, "{}", 10);
    const delivery_id dead = enqueue_for(id, "{}", 11);
    const delivery_id waits = enqueue_for(id, "{}", 12);
    const delivery_id young = enqueue_for(id, "{}", 20);
    write([&](transaction& tx) { return tx.webhooks().mark_delivered(delivered, 200, at(30)); });
    fail_attempt(dead, std::nullopt);
    fail_attempt(young, std::nullopt);

    EXPECT_EQ(expire(at(20), 0), 0);
    EXPECT_EQ(expire(at(20), 1), 1);
    EXPECT_EQ(expire(at(20), 10), 1);
    EXPECT_EQ(expire(at(20), 10), 0);
    EXPECT_EQ(ids({}), (std::vector{young, waits}));
}

} // namespace
} // namespace breakwater::storage::contract
