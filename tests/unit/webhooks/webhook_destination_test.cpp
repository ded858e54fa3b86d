#include "webhooks/webhook_destination.hpp"

#include "outbox/dispatcher.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"
#include "webhooks/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

// Queries set only the filters that they need.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace breakwater::webhooks {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class webhook_destination_test : public testing::Test {
protected:
    webhook_id add_webhook(const std::string& name = "ops") {
        webhook_id id = 0;
        write([&](storage::transaction& tx) -> result<void> {
            id = tx.webhooks()
                     .insert({.name = name, .url = "https://" + name + ".example/", .min_severity = {}},
                             "secret")
                     .value();
            return {};
        });
        return id;
    }
    delivery_id enqueue(webhook_id id, const std::string& body = "{}") {
        delivery_id enqueued = 0;
        write([&](storage::transaction& tx) -> result<void> {
            enqueued = tx.outbox().enqueue(destination_of(id), body, clock_.now()).value().id;
            return {};
        });
        return enqueued;
    }
    void write(storage::catalogue::unit_of_work work) { ASSERT_TRUE(store_->write(std::move(work))); }
    outbox_message delivery(delivery_id id) {
        return storage::fetch(*store_, [&](const storage::snapshot& view) { return view.outbox().find(id); })
            .value()
            .value();
    }
    std::vector<security_event> dead_letters() {
        return storage::fetch(*store_,
                              [&](const storage::snapshot& view) {
                                  return view.audit().list(
                                      {.type = event_type::webhook_dead_letter, .limit = 100});
                              })
            .value();
    }
    /// Runs a step and returns the attempts that it started.
    std::vector<attempt> step(std::vector<attempt_outcome> finished = {}) {
        for (attempt_outcome& outcome : finished) {
            auto done = std::move(completions_.at(outcome.id));
            completions_.erase(outcome.id);
            done(std::move(outcome));
        }
        started_.clear();
        wait_ = dispatcher_.step();
        return started_;
    }
    static attempt_outcome delivered(delivery_id id) { return {.id = id, .status = 200, .error = {}}; }
    static attempt_outcome failed(delivery_id id) {
        return {.id = id, .status = 500, .error = "The receiver answered 500."};
    }

    test::temp_folder folder_;
    test::manual_clock clock_;
    test::seeded_random random_;
    std::unique_ptr<storage::database> store_ = storage::sqlite::open({.file = folder_ / "store.db"}).value();
    std::vector<attempt> started_;
    std::map<delivery_id, attempt_completion> completions_;
    webhook_destination destination_{{.store = *store_,
                                      .time = clock_,
                                      .start =
                                          [this](attempt delivery, attempt_completion done) {
                                              completions_[delivery.id] = std::move(done);
                                              started_.push_back(std::move(delivery));
                                          }},
                                     "Breakwater/1"};
    outbox::dispatcher dispatcher_{{*store_, *store_, clock_, random_},
                                   {{.kind = destination_kind::webhook, .target = destination_}}};
    milliseconds wait_{0};
};

TEST_F(webhook_destination_test, sends_pending_messages_signed_and_numbered) {
    const webhook_id id = add_webhook();
    const delivery_id message = enqueue(id, R"({"type":"test"})");
    const auto sent = step();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].id, message);
    EXPECT_EQ(sent[0].url, "https://ops.example/");
    EXPECT_EQ(sent[0].body, R"({"type":"test"})");
    const auto now = std::chrono::floor<seconds>(clock_.now());
    const std::string second = std::to_string(now.time_since_epoch().count());
    for (const std::string& line :
         {std::string{"Content-Type: application/json"}, std::string{"User-Agent: Breakwater/1"},
          "webhook-id: " + std::to_string(message), "webhook-timestamp: " + second,
          "webhook-signature: " + signature_of("secret", std::to_string(message), now, sent[0].body)})
        EXPECT_NE(std::ranges::find(sent[0].headers, line), sent[0].headers.end()) << line;
    EXPECT_TRUE(step().empty()) << "the attempt is in flight";

    EXPECT_TRUE(step({delivered(message)}).empty());
    EXPECT_EQ(delivery(message).state, delivery_state::delivered);
    EXPECT_EQ(dispatcher_.counters(destination_kind::webhook).delivered, 1U);
    EXPECT_EQ(dispatcher_.counters(destination_kind::webhook).pending, 0);
}

TEST_F(webhook_destination_test, retries_according_to_the_schedule_and_records_when_it_gives_up) {
    const delivery_id message = enqueue(add_webhook());
    const std::vector<seconds> schedule{seconds{10},   seconds{30},   seconds{120},   seconds{600},
                                        seconds{1800}, seconds{3600}, seconds{10'800}};
    for (const seconds delay : schedule) {
        ASSERT_EQ(step().size(), 1U) << delay.count();
        EXPECT_TRUE(step({failed(message)}).empty());
        EXPECT_GT(wait_, milliseconds{0});
        EXPECT_LE(wait_, minutes{1}) << "the wait is bounded, since the clock may be set";
        const auto next = delivery(message).next_attempt_at.value() - clock_.now();
        EXPECT_GE(next, delay);
        EXPECT_LE(next, delay + delay / 5);
        clock_.advance(std::chrono::duration_cast<std::chrono::microseconds>(next) -
                       std::chrono::microseconds{1});
        EXPECT_TRUE(step().empty()) << "not yet";
        clock_.advance(std::chrono::microseconds{1});
    }
    ASSERT_EQ(step().size(), 1U);
    EXPECT_TRUE(dead_letters().empty());
    EXPECT_TRUE(step({failed(message)}).empty());
    const auto dead = delivery(message);
    EXPECT_EQ(dead.state, delivery_state::dead);
    EXPECT_EQ(dead.attempts, 8);
    EXPECT_EQ(dead.last_status, 500);
    EXPECT_EQ(dead.last_error, "The receiver answered 500.");
    const auto recorded = dead_letters();
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].actor, actor_type::system);
    EXPECT_EQ(recorded[0].status, event_status::error);
    EXPECT_TRUE(recorded[0].detail.contains("The receiver answered 500.")) << recorded[0].detail;
    EXPECT_EQ(dispatcher_.counters(destination_kind::webhook).dead, 1U);
    EXPECT_EQ(dispatcher_.counters(destination_kind::webhook).failed, 8U);
    clock_.advance(hours{24});
    EXPECT_TRUE(step().empty());
}

// RFC 9110 section 10.2.3
TEST_F(webhook_destination_test, respects_retry_after) {
    const webhook_id id = add_webhook("busy");
    const delivery_id first = enqueue(id);
    const delivery_id second = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    attempt_outcome outcome = failed(first);
    outcome.status = 429;
    outcome.retry_after = minutes{30};
    EXPECT_TRUE(step({outcome}).empty()) << "the webhook's other message waits, too";
    EXPECT_EQ(delivery(first).next_attempt_at, clock_.now() + minutes{30}) << "not 10 s as in the schedule";
    const delivery_id unaffected = enqueue(add_webhook("other"));
    const auto sent = step();
    ASSERT_EQ(sent.size(), 1U) << "another webhook is not affected";
    EXPECT_EQ(sent[0].id, unaffected);
    EXPECT_TRUE(step({delivered(unaffected)}).empty());
    clock_.advance(minutes{30} - milliseconds{1});
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(wait_, milliseconds{1});
    clock_.advance(milliseconds{1});
    ASSERT_EQ(step().size(), 1U);
    EXPECT_EQ(started_.front().id, second) << "it has waited the longest";
    EXPECT_EQ(step({delivered(second)}).size(), 1U);
    EXPECT_TRUE(step({delivered(first)}).empty());
}

TEST_F(webhook_destination_test, limits_retry_after) {
    const webhook_id id = add_webhook();
    const delivery_id message = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    attempt_outcome outcome = failed(message);
    outcome.retry_after = hours{24 * 365};
    step({outcome});
    EXPECT_EQ(delivery(message).next_attempt_at, clock_.now() + hours{24});
    outcome.retry_after = seconds{1};
    clock_.advance(hours{24});
    ASSERT_EQ(step().size(), 1U);
    step({outcome});
    EXPECT_GE(delivery(message).next_attempt_at, clock_.now() + seconds{30})
        << "not shorter than the delay of the schedule";
}

TEST_F(webhook_destination_test, ignores_retry_after_once_the_webhook_has_another_url) {
    const webhook_id id = add_webhook();
    const delivery_id message = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    attempt_outcome outcome = failed(message);
    outcome.retry_after = hours{1};
    step({outcome});
    enqueue(id);
    EXPECT_TRUE(step().empty());
    write([&](storage::transaction& tx) {
        return tx.webhooks().update(
            {.id = id, .name = "ops", .url = "https://new.example/", .enabled = true});
    });
    EXPECT_EQ(step().size(), 1U);
}

// RFC 9110 section 15.5.11
TEST_F(webhook_destination_test, disables_a_webhook_whose_receiver_responds_410) {
    const webhook_id id = add_webhook();
    const webhook_id other = add_webhook("other");
    const delivery_id first = enqueue(id);
    const delivery_id second = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    const delivery_id others = enqueue(other);
    const auto sent = step({{.id = first, .status = 410, .error = "The receiver answered 410."}});
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].id, others);
    EXPECT_EQ(delivery(first).state, delivery_state::dead);
    EXPECT_EQ(delivery(first).last_error, "The receiver answered 410.");
    EXPECT_EQ(delivery(second).state, delivery_state::dead);
    EXPECT_TRUE(delivery(second).last_error.contains("410 (Gone)")) << delivery(second).last_error;
    const auto webhooks =
        storage::fetch(*store_, [](const storage::snapshot& view) { return view.webhooks().list(); }).value();
    EXPECT_FALSE(webhooks[0].enabled);
    EXPECT_EQ(webhooks[0].updated_at, clock_.now());
    EXPECT_TRUE(webhooks[1].enabled);
    EXPECT_EQ(dead_letters().size(), 1U);
    const auto recorded = storage::fetch(*store_, [](const storage::snapshot& view) {
                              return view.audit().list({.type = event_type::webhook_update, .limit = 9});
                          }).value();
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].actor, actor_type::system);
    EXPECT_TRUE(recorded[0].detail.contains("1 message(s) given up")) << recorded[0].detail;
}

TEST_F(webhook_destination_test, ignores_a_410_response_once_the_webhook_has_another_url) {
    const webhook_id id = add_webhook();
    const delivery_id message = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    write([&](storage::transaction& tx) {
        return tx.webhooks().update(
            {.id = id, .name = "ops", .url = "https://new.example/", .enabled = true});
    });
    step({{.id = message, .status = 410, .error = "The receiver answered 410."}});
    EXPECT_EQ(delivery(message).state, delivery_state::pending) << "it is sent to the new address";
}

TEST_F(webhook_destination_test, gives_up_at_once_after_a_permanent_error) {
    const delivery_id message = enqueue(add_webhook());
    ASSERT_EQ(step().size(), 1U);
    step({{.id = message, .status = {}, .error = "Not a public address.", .is_permanent = true}});
    EXPECT_EQ(delivery(message).state, delivery_state::dead);
    EXPECT_EQ(dead_letters().size(), 1U);
}

TEST_F(webhook_destination_test, sends_one_message_at_a_time_and_continues_after_a_failed_one) {
    const webhook_id id = add_webhook();
    const delivery_id first = enqueue(id);
    const delivery_id second = enqueue(id);
    auto sent = step();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].id, first);
    sent = step({failed(first)});
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].id, second);
}

TEST_F(webhook_destination_test, limits_the_attempts_in_flight) {
    std::vector<delivery_id> messages;
    for (std::size_t n = 0; n < destination_.max_in_flight() + 2; ++n)
        messages.push_back(enqueue(add_webhook()));
    const auto sent = step();
    EXPECT_EQ(sent.size(), destination_.max_in_flight());
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(step({delivered(sent[0].id), failed(sent[1].id)}).size(), 2U);
    EXPECT_EQ(dispatcher_.counters(destination_kind::webhook).pending, 9);
}

TEST_F(webhook_destination_test, limits_the_messages_per_minute_to_each_webhook) {
    const webhook_id id = add_webhook("busy");
    for (std::size_t n = 0; n < rate_limiter::messages + 1; ++n)
        enqueue(id);
    std::vector<attempt_outcome> finished;
    for (std::size_t n = 0; n < rate_limiter::messages; ++n) {
        const auto sent = step(std::exchange(finished, {}));
        ASSERT_EQ(sent.size(), 1U) << n;
        finished.push_back(delivered(sent[0].id));
    }
    EXPECT_TRUE(step(std::move(finished)).empty());
    EXPECT_EQ(wait_, minutes{1});
    const webhook_id other = add_webhook("other");
    enqueue(other);
    EXPECT_EQ(step().size(), 1U) << "other webhooks are not limited";
    clock_.advance(minutes{1});
    EXPECT_EQ(step().size(), 1U);
}

TEST_F(webhook_destination_test, ignores_the_outcome_of_a_removed_delivery) {
    const webhook_id id = add_webhook();
    const delivery_id message = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    write([&](storage::transaction& tx) -> result<void> {
        if (auto removed = tx.webhooks().remove(id); !removed)
            return removed;
        return tx.outbox().remove(destination_of(id));
    });
    step({{.id = message, .status = {}, .error = "No.", .is_permanent = true}});
    EXPECT_TRUE(dead_letters().empty());
    EXPECT_EQ(dispatcher_.counters(destination_kind::webhook).dead, 0U);
}

TEST_F(webhook_destination_test, sends_nothing_to_a_webhook_that_was_disabled_meanwhile) {
    const webhook_id id = add_webhook();
    const delivery_id message = enqueue(id);
    write([&](storage::transaction& tx) {
        return tx.webhooks().update(
            {.id = id, .name = "ops", .url = "https://ops.example/", .enabled = false});
    });
    EXPECT_TRUE(step().empty());
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(delivery(message).state, delivery_state::dead);
}

} // namespace
} // namespace breakwater::webhooks
