#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

constexpr destination_kind other_kind{1};

constexpr destination_key to(std::int64_t id, destination_kind kind = destination_kind::webhook) {
    return {.kind = kind, .id = id};
}

class outbox : public storage_test {
protected:
    enqueued_message enqueue(const destination_key& destination, const std::string& payload = "{}",
                             std::int64_t seconds = 10, const std::optional<message_hold>& hold = {}) {
        enqueued_message added;
        write([&](transaction& tx) -> result<void> {
            added = tx.outbox().enqueue(destination, payload, at(seconds), hold).value();
            return {};
        });
        return added;
    }
    /// Returns how many of `count` messages are pending.
    std::int64_t enqueue_many(const destination_key& destination, std::int64_t count,
                              const std::string& payload = "{}") {
        std::int64_t pending = 0;
        write([&](transaction& tx) -> result<void> {
            for (std::int64_t n = 0; n < count; ++n)
                pending += tx.outbox().enqueue(destination, payload, at(10)).value().is_dead ? 0 : 1;
            return {};
        });
        return pending;
    }
    /// Returns whether the message was pending.
    bool fail_attempt(message_id id, std::optional<timestamp> next) {
        bool was_pending = false;
        write([&](transaction& tx) -> result<void> {
            was_pending = tx.outbox()
                              .mark_failed(id, {.error = "Answered with 500.", .status = 500}, next, at(40))
                              .value();
            return {};
        });
        return was_pending;
    }
    outbox_message message(message_id id) {
        std::optional<outbox_message> found;
        read([&](const snapshot& view) { found = view.outbox().find(id).value(); });
        return found.value();
    }
    std::vector<message_id> ids(const message_query& query) {
        std::vector<message_id> out;
        read([&](const snapshot& view) {
            const auto messages = view.outbox().list(query);
            for (const outbox_message& found : messages.value())
                out.push_back(found.id);
        });
        return out;
    }
    std::vector<pending_message> next() {
        std::vector<pending_message> out;
        read([&](const snapshot& view) { out = view.outbox().next().value(); });
        return out;
    }
    std::int64_t pending(destination_kind kind = destination_kind::webhook) {
        std::int64_t out = -1;
        read([&](const snapshot& view) { out = view.outbox().pending(kind).value(); });
        return out;
    }
    std::int64_t expire(timestamp before, std::int64_t max_count) {
        std::int64_t out = -1;
        write([&](transaction& tx) -> result<void> {
            out = tx.outbox().expire(before, max_count).value();
            return {};
        });
        return out;
    }
    /// The error code of a retry.
    errc refused_retry(message_id id) {
        const auto done = db_->write([&](transaction& tx) { return tx.outbox().retry(id, at(70)); });
        return done ? errc::internal : done.error().code;
    }
};
INSTANTIATE_TEST_SUITE_P(, outbox, testing::ValuesIn(backends()), backend_name);

TEST_P(outbox, a_message_is_stored_with_all_members) {
    const enqueued_message added = enqueue(to(7, other_kind), R"({"a":2})", 11);
    EXPECT_FALSE(added.is_dead);
    const outbox_message stored = message(added.id);
    EXPECT_EQ(stored.destination, to(7, other_kind));
    EXPECT_EQ(stored.payload, R"({"a":2})");
    EXPECT_EQ(stored.state, delivery_state::pending);
    EXPECT_EQ(stored.attempts, 0);
    EXPECT_EQ(stored.next_attempt_at, at(11));
    EXPECT_EQ(stored.created_at, at(11));
    EXPECT_FALSE(stored.finished_at);
    EXPECT_FALSE(stored.last_status);
    EXPECT_EQ(stored.last_error, "");
    EXPECT_EQ(pending(other_kind), 1);
    EXPECT_EQ(pending(), 0);
    EXPECT_EQ(refused_retry(99), errc::not_found);
    read([&](const snapshot& view) { EXPECT_FALSE(view.outbox().find(99).value()); });
}

TEST_P(outbox, a_message_is_rolled_back_with_its_transaction) {
    const auto done = db_->write([&](transaction& tx) -> result<void> {
        EXPECT_FALSE(tx.outbox().enqueue(to(1), "{}", at(1)).value().is_dead);
        return fail(errc::bad_state, "Rolled back.");
    });
    EXPECT_FALSE(done);
    EXPECT_EQ(pending(), 0);
    EXPECT_TRUE(next().empty());
    enqueue(to(1));
    reopen();
    EXPECT_EQ(pending(), 1);
    EXPECT_EQ(next().size(), 1U);
}

TEST_P(outbox, next_has_one_message_per_destination_earliest_first) {
    const message_id late = enqueue(to(1), "1", 30).id;
    enqueue(to(1), "2", 40);
    const message_id early = enqueue(to(1, other_kind), "3", 20).id;
    const message_id second = enqueue(to(1, other_kind), "4", 20).id;

    auto found = next();
    ASSERT_EQ(found.size(), 2U) << "the same id of another kind is another destination";
    EXPECT_EQ(found[0].id, early);
    EXPECT_EQ(found[0].destination, to(1, other_kind));
    EXPECT_EQ(found[0].attempts, 0);
    EXPECT_EQ(found[0].next_attempt_at, at(20));
    EXPECT_EQ(found[1].id, late);

    fail_attempt(early, at(100));
    found = next();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].id, second) << "a failed message does not block the others";
}

TEST_P(outbox, an_attempt_stores_its_outcome) {
    const message_id id = enqueue(to(1)).id;
    EXPECT_TRUE(fail_attempt(id, at(50)));
    outbox_message stored = message(id);
    EXPECT_EQ(stored.state, delivery_state::pending);
    EXPECT_EQ(stored.attempts, 1);
    EXPECT_EQ(stored.next_attempt_at, at(50));
    EXPECT_EQ(stored.last_error, "Answered with 500.");
    EXPECT_EQ(stored.last_status, 500);
    EXPECT_FALSE(stored.finished_at);

    write([&](transaction& tx) { return tx.outbox().mark_delivered(id, 204, at(51)); });
    stored = message(id);
    EXPECT_EQ(stored.state, delivery_state::delivered);
    EXPECT_EQ(stored.attempts, 2);
    EXPECT_FALSE(stored.next_attempt_at);
    EXPECT_EQ(stored.finished_at, at(51));
    EXPECT_EQ(stored.last_error, "");
    EXPECT_EQ(stored.last_status, 204);
    EXPECT_EQ(pending(), 0);

    EXPECT_FALSE(fail_attempt(id, std::nullopt));
    EXPECT_EQ(message(id).state, delivery_state::delivered) << "a delivered message stays delivered";
}

TEST_P(outbox, only_a_dead_message_can_be_retried) {
    const message_id id = enqueue(to(1)).id;
    EXPECT_EQ(refused_retry(id), errc::bad_state);
    fail_attempt(id, std::nullopt);
    EXPECT_EQ(message(id).state, delivery_state::dead);
    EXPECT_EQ(message(id).finished_at, at(40));
    EXPECT_EQ(ids({.state = delivery_state::dead}), std::vector{id});
    EXPECT_TRUE(next().empty());

    write([&](transaction& tx) { return tx.outbox().retry(id, at(70)); });
    const outbox_message stored = message(id);
    EXPECT_EQ(stored.state, delivery_state::pending);
    EXPECT_EQ(stored.attempts, 0);
    EXPECT_EQ(stored.next_attempt_at, at(70));
    EXPECT_FALSE(stored.finished_at);
    EXPECT_EQ(stored.last_error, "Answered with 500.") << "until the next attempt";
    EXPECT_EQ(pending(), 1);
}

TEST_P(outbox, pending_messages_of_a_destination_can_be_given_up) {
    const message_id first = enqueue(to(1)).id;
    enqueue(to(1));
    enqueue(to(2));
    enqueue(to(1, other_kind));
    std::int64_t given_up = 0;
    write([&](transaction& tx) -> result<void> {
        given_up = tx.outbox().give_up(to(1), "The webhook was disabled.", at(20)).value();
        return {};
    });
    EXPECT_EQ(given_up, 2);
    EXPECT_EQ(pending(), 1);
    EXPECT_EQ(pending(other_kind), 1);
    EXPECT_EQ(message(first).state, delivery_state::dead);
    EXPECT_EQ(message(first).finished_at, at(20));
    EXPECT_EQ(message(first).last_error, "The webhook was disabled.");
}

TEST_P(outbox, a_held_message_can_be_withdrawn_until_it_is_sent) {
    const auto held = [](std::int64_t key) { return message_hold{.withdrawal_key = key, .until = at(60)}; };
    const message_id withdrawn = enqueue(to(1), "{}", 10, held(5)).id;
    EXPECT_EQ(message(withdrawn).next_attempt_at, at(60));
    EXPECT_EQ(message(withdrawn).created_at, at(10));
    const message_id tried = enqueue(to(2), "{}", 10, held(5)).id;
    fail_attempt(tried, at(70));
    const message_id of_other_kind = enqueue(to(1, other_kind), "{}", 10, held(5)).id;
    const message_id of_other_key = enqueue(to(1), "{}", 10, held(6)).id;
    const message_id not_held = enqueue(to(1)).id;
    write([&](transaction& tx) { return tx.outbox().withdraw(destination_kind::webhook, 5); });
    EXPECT_EQ(ids({}), (std::vector{not_held, of_other_key, of_other_kind, tried}));
    EXPECT_EQ(pending(), 3);
}

TEST_P(outbox, a_message_beyond_the_limit_of_its_destination_is_dead_at_once) {
    EXPECT_EQ(enqueue_many(to(1), max_pending_per_destination), max_pending_per_destination);
    EXPECT_FALSE(enqueue(to(2)).is_dead) << "another destination is not affected";
    const enqueued_message more = enqueue(to(1), "{}", 11);
    EXPECT_TRUE(more.is_dead);
    const outbox_message dead = message(more.id);
    EXPECT_EQ(dead.state, delivery_state::dead);
    EXPECT_EQ(dead.last_error, "Too many deliveries are already pending.");
    EXPECT_FALSE(dead.next_attempt_at);
    EXPECT_EQ(dead.finished_at, at(11));
    EXPECT_EQ(refused_retry(more.id), errc::bad_state);
    EXPECT_EQ(pending(), max_pending_per_destination + 1);
}

TEST_P(outbox, the_limits_count_bytes_too) {
    const std::string big(std::size_t{1} << 20, 'x');
    constexpr std::int64_t per_destination = max_pending_bytes_per_destination >> 20;
    EXPECT_EQ(enqueue_many(to(1), per_destination + 1, big), per_destination);
    EXPECT_TRUE(enqueue(to(1)).is_dead);
    constexpr std::int64_t full = max_pending_bytes / max_pending_bytes_per_destination;
    for (std::int64_t id = 2; id <= full; ++id)
        EXPECT_EQ(enqueue_many(to(id), per_destination, big), per_destination);
    EXPECT_TRUE(enqueue(to(full + 1), big).is_dead) << "the limit in total";
    EXPECT_FALSE(enqueue(to(full + 1)).is_dead) << "its reserve";
    write([&](transaction& tx) -> result<void> {
        EXPECT_EQ(tx.outbox().give_up(to(2), "Gone.", at(30)).value(), per_destination);
        return {};
    });
    EXPECT_FALSE(enqueue(to(full + 1), big).is_dead) << "the bytes of finished messages are free again";
}

TEST_P(outbox, a_message_beyond_the_total_limit_is_dead_at_once_except_in_the_reserve) {
    constexpr std::int64_t per_destination = max_pending_per_destination - 100;
    std::int64_t added = 0;
    std::int64_t id = 0;
    while (added < max_pending_messages)
        added += enqueue_many(to(++id), std::min(per_destination, max_pending_messages - added));
    EXPECT_EQ(pending(), max_pending_messages);
    EXPECT_TRUE(enqueue(to(1)).is_dead);
    EXPECT_EQ(enqueue_many(to(1000, other_kind), 2 * reserved_messages), reserved_messages)
        << "others can't use up the room of a destination that has few messages";
}

TEST_P(outbox, messages_are_listed_newest_first_in_pages) {
    std::vector<message_id> all;
    for (int n = 0; n < 5; ++n)
        all.push_back(enqueue(to(n == 2 ? 2 : 1)).id);
    const message_id other = enqueue(to(1, other_kind)).id;
    fail_attempt(all[3], std::nullopt);
    EXPECT_EQ(ids({}), (std::vector{other, all[4], all[3], all[2], all[1], all[0]}));
    const auto kind = destination_kind::webhook;
    EXPECT_EQ(ids({.kind = kind, .limit = 2}), (std::vector{all[4], all[3]}));
    EXPECT_EQ(ids({.kind = kind, .before = all[3], .limit = 2}), (std::vector{all[2], all[1]}));
    EXPECT_EQ(ids({.kind = kind, .destination = 1}), (std::vector{all[4], all[3], all[1], all[0]}));
    EXPECT_EQ(ids({.kind = kind, .destination = 1, .state = delivery_state::pending}),
              (std::vector{all[4], all[1], all[0]}));
    EXPECT_EQ(ids({.kind = kind, .destination = 2, .state = delivery_state::dead}),
              std::vector<message_id>{});
}

TEST_P(outbox, messages_are_removed_with_their_destination_and_freed_in_steps) {
    std::vector<message_id> finished;
    for (int n = 0; n < 3; ++n) {
        finished.push_back(enqueue(to(1)).id);
        fail_attempt(finished.back(), std::nullopt);
    }
    const message_id in_progress = enqueue(to(1)).id;
    const message_id kept = enqueue(to(2)).id;
    const message_id other = enqueue(to(1, other_kind)).id;
    write([&](transaction& tx) { return tx.outbox().remove(to(1)); });

    EXPECT_EQ(ids({}), (std::vector{other, kept}));
    EXPECT_EQ(pending(), 1);
    read([&](const snapshot& view) { EXPECT_FALSE(view.outbox().find(finished.front()).value()); });
    EXPECT_EQ(refused_retry(finished.front()), errc::not_found);
    // The outcome of an attempt in progress is ignored.
    EXPECT_FALSE(fail_attempt(in_progress, std::nullopt));
    write([&](transaction& tx) { return tx.outbox().mark_delivered(in_progress, 200, at(1)); });

    EXPECT_EQ(expire(at(0), 2), 2);
    EXPECT_EQ(expire(at(0), 2), 1);
    EXPECT_EQ(expire(at(0), 2), 0);
    EXPECT_EQ(ids({}), (std::vector{other, kept}));
}

TEST_P(outbox, finished_messages_expire_and_pending_ones_do_not) {
    const message_id delivered = enqueue(to(1), "{}", 10).id;
    const message_id dead = enqueue(to(1), "{}", 11).id;
    const message_id waits = enqueue(to(1), "{}", 12).id;
    const message_id young = enqueue(to(1), "{}", 20).id;
    write([&](transaction& tx) { return tx.outbox().mark_delivered(delivered, 200, at(30)); });
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
