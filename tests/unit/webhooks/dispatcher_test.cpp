#include "webhooks/dispatcher.hpp"

#include "storage/sqlite/sqlite_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"
#include "webhooks/signature.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

// A query names the filters it is about, and leaves the others out on purpose.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace breakwater::webhooks {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// Remembers what it was to carry.
class remembering_transport final : public transport {
public:
    void start(attempt what) override { started.push_back(std::move(what)); }
    std::vector<attempt_outcome> wait(milliseconds) override { return {}; }
    void interrupt() noexcept override {}

    std::vector<attempt> started;
};

class dispatcher_test : public testing::Test {
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
        delivery_id made = 0;
        write([&](storage::transaction& tx) -> result<void> {
            made = tx.webhooks().enqueue_for(id, body, clock_.now()).value();
            return {};
        });
        return made;
    }
    void write(storage::database::unit_of_work work) { ASSERT_TRUE(store_->write(std::move(work))); }
    webhook_delivery delivery(delivery_id id) {
        return storage::ask(*store_,
                            [&](const storage::snapshot& view) { return view.webhooks().find_delivery(id); })
            .value()
            .value();
    }
    std::vector<security_event> dead_letters() {
        return storage::ask(*store_,
                            [&](const storage::snapshot& view) {
                                return view.audit().list(
                                    {.type = event_type::webhook_dead_letter, .limit = 100});
                            })
            .value();
    }
    /// A step, and what it started.
    std::vector<attempt> step(std::vector<attempt_outcome> over = {}) {
        way_.started.clear();
        wait_ = dispatcher_.step(std::move(over));
        return way_.started;
    }
    static attempt_outcome delivered(delivery_id id) { return {.id = id, .status = 200, .error = {}}; }
    static attempt_outcome failed(delivery_id id) {
        return {.id = id, .status = 500, .error = "The receiver answered 500."};
    }

    test::temp_folder folder_;
    test::manual_clock clock_;
    test::seeded_random random_;
    std::unique_ptr<storage::database> store_ = storage::sqlite::open({.file = folder_ / "store.db"}).value();
    remembering_transport way_;
    dispatcher dispatcher_{{*store_, way_, clock_, random_}, "Breakwater/1"};
    milliseconds wait_{0};
};

TEST_F(dispatcher_test, sends_what_waits_signed_and_numbered) {
    const webhook_id id = add_webhook();
    const delivery_id made = enqueue(id, R"({"type":"test"})");
    const auto sent = step();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].id, made);
    EXPECT_EQ(sent[0].url, "https://ops.example/");
    EXPECT_EQ(sent[0].body, R"({"type":"test"})");
    const auto now = std::chrono::floor<seconds>(clock_.now());
    const std::string second = std::to_string(now.time_since_epoch().count());
    for (const std::string& line :
         {std::string{"Content-Type: application/json"}, std::string{"User-Agent: Breakwater/1"},
          "webhook-id: " + std::to_string(made), "webhook-timestamp: " + second,
          "webhook-signature: " + signature_of("secret", std::to_string(made), now, sent[0].body)})
        EXPECT_NE(std::ranges::find(sent[0].headers, line), sent[0].headers.end()) << line;
    EXPECT_TRUE(step().empty()) << "it is under way";

    EXPECT_TRUE(step({delivered(made)}).empty());
    EXPECT_EQ(delivery(made).state, delivery_state::delivered);
    EXPECT_EQ(dispatcher_.counters().delivered, 1U);
    EXPECT_EQ(dispatcher_.counters().pending, 0);
}

TEST_F(dispatcher_test, tries_again_by_the_schedule_and_gives_up_on_record) {
    const delivery_id made = enqueue(add_webhook());
    const std::vector<seconds> schedule{seconds{10},   seconds{30},   seconds{120},   seconds{600},
                                        seconds{1800}, seconds{3600}, seconds{10'800}};
    for (const seconds delay : schedule) {
        ASSERT_EQ(step().size(), 1U) << delay.count();
        EXPECT_TRUE(step({failed(made)}).empty());
        EXPECT_GT(wait_, milliseconds{0});
        EXPECT_LE(wait_, minutes{1}) << "it looks again, whatever becomes of the clock";
        const auto next = delivery(made).next_attempt_at.value() - clock_.now();
        EXPECT_GE(next, delay);
        EXPECT_LE(next, delay + delay / 5);
        clock_.advance(std::chrono::duration_cast<std::chrono::microseconds>(next) -
                       std::chrono::microseconds{1});
        EXPECT_TRUE(step().empty()) << "not yet";
        clock_.advance(std::chrono::microseconds{1});
    }
    ASSERT_EQ(step().size(), 1U);
    EXPECT_TRUE(dead_letters().empty());
    EXPECT_TRUE(step({failed(made)}).empty());
    const auto dead = delivery(made);
    EXPECT_EQ(dead.state, delivery_state::dead);
    EXPECT_EQ(dead.attempts, 8);
    EXPECT_EQ(dead.last_status, 500);
    EXPECT_EQ(dead.last_error, "The receiver answered 500.");
    const auto recorded = dead_letters();
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].actor, actor_type::system);
    EXPECT_EQ(recorded[0].status, event_status::error);
    EXPECT_TRUE(recorded[0].detail.contains("The receiver answered 500.")) << recorded[0].detail;
    EXPECT_EQ(dispatcher_.counters().dead, 1U);
    EXPECT_EQ(dispatcher_.counters().failed, 8U);
    clock_.advance(hours{24});
    EXPECT_TRUE(step().empty());
}

// RFC 9110 section 10.2.3
TEST_F(dispatcher_test, waits_as_long_as_a_receiver_asks_for) {
    const webhook_id id = add_webhook("busy");
    const delivery_id first = enqueue(id);
    const delivery_id second = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    attempt_outcome how = failed(first);
    how.status = 429;
    how.retry_after = minutes{30};
    EXPECT_TRUE(step({how}).empty()) << "the other message waits, too";
    EXPECT_EQ(delivery(first).next_attempt_at, clock_.now() + minutes{30})
        << "and not 10 s, as the schedule has it";
    const delivery_id neighbours = enqueue(add_webhook("neighbour"));
    const auto sent = step();
    ASSERT_EQ(sent.size(), 1U) << "another webhook doesn't pay for it";
    EXPECT_EQ(sent[0].id, neighbours);
    EXPECT_TRUE(step({delivered(neighbours)}).empty());
    clock_.advance(minutes{30} - milliseconds{1});
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(wait_, milliseconds{1});
    clock_.advance(milliseconds{1});
    ASSERT_EQ(step().size(), 1U);
    EXPECT_EQ(way_.started.front().id, second) << "it has waited longest";
    EXPECT_EQ(step({delivered(second)}).size(), 1U);
    EXPECT_TRUE(step({delivered(first)}).empty());
}

TEST_F(dispatcher_test, bounds_what_a_receiver_asks_for) {
    const webhook_id id = add_webhook();
    const delivery_id made = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    attempt_outcome how = failed(made);
    how.retry_after = hours{24 * 365};
    step({how});
    EXPECT_EQ(delivery(made).next_attempt_at, clock_.now() + hours{24});
    how.retry_after = seconds{1};
    clock_.advance(hours{24});
    ASSERT_EQ(step().size(), 1U);
    step({how});
    EXPECT_GE(delivery(made).next_attempt_at, clock_.now() + seconds{30})
        << "the schedule's wait is the shortest";
}

TEST_F(dispatcher_test, forgets_what_was_asked_for_when_the_webhook_leads_elsewhere) {
    const webhook_id id = add_webhook();
    const delivery_id made = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    attempt_outcome how = failed(made);
    how.retry_after = hours{1};
    step({how});
    enqueue(id);
    EXPECT_TRUE(step().empty());
    write([&](storage::transaction& tx) {
        return tx.webhooks().update(
            {.id = id, .name = "ops", .url = "https://new.example/", .enabled = true});
    });
    EXPECT_EQ(step().size(), 1U);
}

// RFC 9110 section 15.5.11
TEST_F(dispatcher_test, disables_a_webhook_whose_receiver_is_gone) {
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
        storage::ask(*store_, [](const storage::snapshot& view) { return view.webhooks().list(); }).value();
    EXPECT_FALSE(webhooks[0].enabled);
    EXPECT_EQ(webhooks[0].updated_at, clock_.now());
    EXPECT_TRUE(webhooks[1].enabled);
    EXPECT_EQ(dead_letters().size(), 1U);
    const auto recorded = storage::ask(*store_, [](const storage::snapshot& view) {
                              return view.audit().list({.type = event_type::webhook_update, .limit = 9});
                          }).value();
    ASSERT_EQ(recorded.size(), 1U);
    EXPECT_EQ(recorded[0].actor, actor_type::system);
    EXPECT_TRUE(recorded[0].detail.contains("1 message(s) given up")) << recorded[0].detail;
}

TEST_F(dispatcher_test, leaves_a_webhook_alone_that_no_longer_leads_to_who_is_gone) {
    const webhook_id id = add_webhook();
    const delivery_id made = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    write([&](storage::transaction& tx) {
        return tx.webhooks().update(
            {.id = id, .name = "ops", .url = "https://new.example/", .enabled = true});
    });
    step({{.id = made, .status = 410, .error = "The receiver answered 410."}});
    EXPECT_EQ(delivery(made).state, delivery_state::pending) << "it is sent to the new address";
}

TEST_F(dispatcher_test, gives_up_at_once_what_is_hopeless) {
    const delivery_id made = enqueue(add_webhook());
    ASSERT_EQ(step().size(), 1U);
    step({{.id = made, .status = {}, .error = "Not a public address.", .hopeless = true}});
    EXPECT_EQ(delivery(made).state, delivery_state::dead);
    EXPECT_EQ(dead_letters().size(), 1U);
}

TEST_F(dispatcher_test, sends_a_webhook_one_at_a_time_and_lets_the_others_pass_a_failed_one) {
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

TEST_F(dispatcher_test, has_so_many_under_way_and_no_more) {
    std::vector<delivery_id> made;
    for (std::size_t n = 0; n < dispatcher::max_under_way + 2; ++n)
        made.push_back(enqueue(add_webhook()));
    const auto sent = step();
    EXPECT_EQ(sent.size(), dispatcher::max_under_way);
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(step({delivered(sent[0].id), failed(sent[1].id)}).size(), 2U);
    EXPECT_EQ(dispatcher_.counters().pending, 9);
}

TEST_F(dispatcher_test, sends_so_many_a_minute_to_each) {
    const webhook_id id = add_webhook("busy");
    for (std::size_t n = 0; n < rate_limit::messages + 1; ++n)
        enqueue(id);
    std::vector<attempt_outcome> over;
    for (std::size_t n = 0; n < rate_limit::messages; ++n) {
        const auto sent = step(std::exchange(over, {}));
        ASSERT_EQ(sent.size(), 1U) << n;
        over.push_back(delivered(sent[0].id));
    }
    EXPECT_TRUE(step(std::move(over)).empty());
    EXPECT_EQ(wait_, minutes{1});
    const webhook_id other = add_webhook("other");
    enqueue(other);
    EXPECT_EQ(step().size(), 1U) << "others needn't wait for it";
    clock_.advance(minutes{1});
    EXPECT_EQ(step().size(), 1U);
}

TEST_F(dispatcher_test, leaves_alone_what_went_with_its_webhook) {
    const webhook_id id = add_webhook();
    const delivery_id made = enqueue(id);
    ASSERT_EQ(step().size(), 1U);
    write([&](storage::transaction& tx) { return tx.webhooks().remove(id); });
    step({{.id = made, .status = {}, .error = "No.", .hopeless = true}});
    EXPECT_TRUE(dead_letters().empty());
    EXPECT_EQ(dispatcher_.counters().dead, 0U);
}

/// Refuses writes while it is told to.
class failing_database final : public storage::database {
public:
    explicit failing_database(storage::database& to) : to_{to} {}
    bool failing = false;

    result<void> read(query work) override { return to_.read(std::move(work)); }
    result<void> write(unit_of_work work) override {
        if (failing)
            return fail(errc::storage_full, "The disk is full.");
        return to_.write(std::move(work));
    }
    void write_async(unit_of_work work, completion done) override {
        to_.write_async(std::move(work), std::move(done));
    }
    std::size_t write_queue_depth() const override { return 0; }
    std::size_t damaged_parts() const override { return 0; }
    result<std::size_t> compact(bool) override { return 0; }
    result<void> backup(const std::filesystem::path&,
                        std::move_only_function<void(std::size_t, std::size_t)>) override {
        return {};
    }
    result<void> check() override { return {}; }

private:
    storage::database& to_;
};

TEST_F(dispatcher_test, sends_nothing_twice_because_the_disk_was_full) {
    failing_database disk{*store_};
    dispatcher careful{{disk, way_, clock_, random_}, "Breakwater/1"};
    const delivery_id made = enqueue(add_webhook());
    careful.step({});
    ASSERT_EQ(way_.started.size(), 1U);
    disk.failing = true;
    EXPECT_LE(careful.step({delivered(made)}), seconds{10});
    clock_.advance(seconds{10});
    careful.step({});
    EXPECT_EQ(way_.started.size(), 1U) << "it was delivered, though nobody could note that down";
    disk.failing = false;
    clock_.advance(seconds{10});
    careful.step({});
    EXPECT_EQ(way_.started.size(), 1U);
    EXPECT_EQ(delivery(made).state, delivery_state::delivered);
    EXPECT_EQ(careful.counters().delivered, 1U);
}

} // namespace
} // namespace breakwater::webhooks
