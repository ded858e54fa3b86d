#include "outbox/dispatcher.hpp"

#include "outbox/worker.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <string>
#include <utility>
#include <vector>

// Queries set only the filters that they need.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace breakwater::outbox {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr destination_kind first_kind{0};
constexpr destination_kind second_kind{1};
constexpr destination_kind kind_without_route{9};

/// Keeps the messages that it gets until the test reports their outcomes. Retries after 10 s, three attempts.
class fake_destination final : public destination {
public:
    result<void> send(const outbox_message& message, completion done) override {
        if (refuses)
            return fail(errc::storage_unavailable, "Not now.");
        sent.push_back(message);
        completions_[message.id] = std::move(done);
        if (immediate_outcome)
            finish(message.id, *immediate_outcome);
        if (on_send)
            on_send();
        return {};
    }
    std::size_t max_in_flight() const override { return 2; }
    steady_point::duration wait_for(std::int64_t id, steady_point) override {
        const auto found = waits.find(id);
        return found == waits.end() ? steady_point::duration{} : found->second;
    }
    std::optional<milliseconds> delay_after(std::int64_t attempts, random_source&) override {
        return attempts < 3 ? std::optional<milliseconds>{seconds{10}} : std::nullopt;
    }
    result<bool> is_gone(storage::transaction&, const failure& attempt) override {
        return attempt.outcome.status == 410;
    }
    result<void> on_failure(storage::transaction&, const failure& attempt, bool is_dead,
                            bool is_gone) override {
        failures.push_back({.details = attempt, .is_dead = is_dead, .is_gone = is_gone});
        return {};
    }

    /// Reports the outcome of a message that was sent.
    void finish(message_id id, attempt_outcome outcome) {
        auto done = std::move(completions_.at(id));
        completions_.erase(id);
        done(std::move(outcome));
    }

    struct recorded_failure {
        failure details;
        bool is_dead;
        bool is_gone;
    };
    std::vector<outbox_message> sent;
    std::vector<recorded_failure> failures;
    std::map<std::int64_t, steady_point::duration> waits;
    std::optional<attempt_outcome> immediate_outcome;
    std::function<void()> on_send;
    bool refuses = false;

private:
    std::map<message_id, completion> completions_;
};

attempt_outcome delivered() {
    return {.status = 200, .error = {}};
}
attempt_outcome failed() {
    return {.status = 500, .error = "It answered 500."};
}

struct fake_leases final : storage::lease_holder {
    bool held = true;
    bool holds(storage::lease work) const noexcept override { return held && work == storage::lease::outbox; }
};

class dispatcher_test : public testing::Test {
protected:
    message_id enqueue(std::int64_t destination, destination_kind kind = first_kind,
                       const std::string& payload = "{}") {
        message_id id = 0;
        EXPECT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
            id = tx.outbox().enqueue({.kind = kind, .id = destination}, payload, clock_.now()).value().id;
            return {};
        }));
        return id;
    }
    outbox_message message(message_id id) {
        return storage::fetch(*store_, [&](const storage::snapshot& view) { return view.outbox().find(id); })
            .value()
            .value();
    }
    /// Runs a step. Returns the ids of the messages that the destination got in it.
    std::vector<message_id> step(fake_destination& target) {
        const std::size_t before = target.sent.size();
        wait_ = dispatcher_->step();
        std::vector<message_id> out;
        for (std::size_t n = before; n < target.sent.size(); ++n)
            out.push_back(target.sent[n].id);
        return out;
    }
    std::vector<message_id> step() { return step(first_); }
    void restart() {
        dispatcher_.reset();
        store_.reset();
        store_ = open();
        dispatcher_ = make(*store_);
    }
    std::unique_ptr<storage::database> open() {
        return storage::sqlite::open({.file = folder_ / "store.db"}).value();
    }
    std::unique_ptr<dispatcher> make(storage::catalogue& store) {
        return std::make_unique<dispatcher>(dispatcher::dependencies{store, leases_, clock_, random_},
                                            std::vector<route>{{.kind = first_kind, .target = first_},
                                                               {.kind = second_kind, .target = second_}});
    }
    using ids = std::vector<message_id>;

    test::temp_folder folder_;
    test::manual_clock clock_;
    test::seeded_random random_;
    fake_leases leases_;
    std::unique_ptr<storage::database> store_ = open();
    fake_destination first_;
    fake_destination second_;
    std::unique_ptr<dispatcher> dispatcher_ = make(*store_);
    milliseconds wait_{0};
};

TEST_F(dispatcher_test, hands_each_message_to_the_destination_of_its_kind) {
    const message_id one = enqueue(7, first_kind, R"({"n":1})");
    const message_id two = enqueue(7, second_kind, R"({"n":2})");
    const message_id nobodys = enqueue(7, kind_without_route);
    dispatcher_->step();
    ASSERT_EQ(first_.sent.size(), 1U);
    EXPECT_EQ(first_.sent[0].id, one);
    EXPECT_EQ(first_.sent[0].payload, R"({"n":1})");
    ASSERT_EQ(second_.sent.size(), 1U);
    EXPECT_EQ(second_.sent[0].id, two);
    EXPECT_TRUE(step().empty()) << "the attempt is in flight";

    first_.finish(one, delivered());
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(message(one).state, delivery_state::delivered);
    EXPECT_EQ(message(two).state, delivery_state::pending);
    EXPECT_EQ(message(nobodys).state, delivery_state::pending);
    EXPECT_EQ(dispatcher_->counters(first_kind).delivered, 1U);
    EXPECT_EQ(dispatcher_->counters(first_kind).pending, 0);
    EXPECT_EQ(dispatcher_->counters(second_kind).delivered, 0U);
    EXPECT_EQ(dispatcher_->counters(second_kind).pending, 1);
    EXPECT_EQ(dispatcher_->counters(kind_without_route).pending, 0);
}

TEST_F(dispatcher_test, sends_nothing_while_another_process_does) {
    const message_id sent = enqueue(1);
    EXPECT_EQ(step(), ids{sent});
    leases_.held = false;
    const message_id waiting = enqueue(2);
    first_.finish(sent, delivered());
    EXPECT_TRUE(step().empty());
    EXPECT_LE(wait_, seconds{1}) << "it looks again soon";
    EXPECT_EQ(message(sent).state, delivery_state::delivered) << "what it sent before is recorded";
    EXPECT_EQ(message(waiting).state, delivery_state::pending);
    leases_.held = true;
    EXPECT_EQ(step(), ids{waiting});
}

TEST_F(dispatcher_test, a_slow_destination_does_not_delay_its_neighbours) {
    for (int n = 0; n < 5; ++n)
        for (const std::int64_t id : {1, 2, 3})
            enqueue(id, first_kind);
    EXPECT_EQ(step().size(), 2U) << "it never answers, and uses all that it may";
    for (int n = 0; n < 5; ++n) {
        const message_id honest = enqueue(1, second_kind);
        EXPECT_EQ(step(second_), ids{honest});
        second_.finish(honest, delivered());
    }
    dispatcher_->step();
    EXPECT_EQ(dispatcher_->counters(second_kind).delivered, 5U);
    EXPECT_EQ(first_.sent.size(), 2U);
}

TEST_F(dispatcher_test, a_failing_destination_does_not_delay_its_neighbours) {
    first_.refuses = true;
    enqueue(1, first_kind);
    const message_id one = enqueue(1, second_kind);
    EXPECT_EQ(step(second_), ids{one});
    second_.finish(one, delivered());
    EXPECT_TRUE(step(second_).empty());
    EXPECT_LE(wait_, seconds{10}) << "what it could not take is offered again";

    first_.refuses = false;
    first_.immediate_outcome = failed();
    const message_id two = enqueue(1, second_kind);
    EXPECT_EQ(step(second_), ids{two});
    EXPECT_EQ(first_.sent.size(), 1U);
    EXPECT_EQ(first_.sent[0].attempts, 0) << "a refusal is no attempt";
    const message_id of_neighbour = enqueue(2, first_kind);
    EXPECT_EQ(step(), ids{of_neighbour}) << "neither within its kind";
}

TEST_F(dispatcher_test, retries_according_to_the_schedule_and_then_gives_up) {
    const message_id id = enqueue(1);
    for (int attempt = 1; attempt <= 2; ++attempt) {
        ASSERT_EQ(step(), ids{id});
        first_.finish(id, failed());
        EXPECT_TRUE(step().empty());
        EXPECT_EQ(wait_, seconds{10});
        EXPECT_EQ(message(id).next_attempt_at, clock_.now() + seconds{10});
        clock_.advance(seconds{10} - milliseconds{1});
        EXPECT_TRUE(step().empty()) << "not yet";
        clock_.advance(milliseconds{1});
    }
    ASSERT_EQ(step(), ids{id});
    first_.finish(id, failed());
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(message(id).state, delivery_state::dead);
    EXPECT_EQ(message(id).attempts, 3);
    EXPECT_EQ(message(id).last_status, 500);
    EXPECT_EQ(message(id).last_error, "It answered 500.");
    ASSERT_EQ(first_.failures.size(), 3U);
    EXPECT_FALSE(first_.failures[1].is_dead);
    EXPECT_TRUE(first_.failures[2].is_dead);
    EXPECT_EQ(first_.failures[2].details.attempts, 3);
    EXPECT_EQ(first_.failures[2].details.at, clock_.now());
    EXPECT_EQ(dispatcher_->counters(first_kind).failed, 3U);
    EXPECT_EQ(dispatcher_->counters(first_kind).dead, 1U);
    clock_.advance(hours{24});
    EXPECT_TRUE(step().empty());
    EXPECT_LE(wait_, minutes{1}) << "the wait is bounded, since the clock may be set";
}

TEST_F(dispatcher_test, waits_longer_if_the_receiver_asks_for_it) {
    const message_id id = enqueue(1);
    step();
    attempt_outcome outcome = failed();
    outcome.retry_after = seconds{1};
    first_.finish(id, outcome);
    step();
    EXPECT_EQ(message(id).next_attempt_at, clock_.now() + seconds{10}) << "not shorter than the schedule";
    clock_.advance(seconds{10});
    step();
    outcome.retry_after = hours{2};
    first_.finish(id, outcome);
    step();
    EXPECT_EQ(message(id).next_attempt_at, clock_.now() + hours{2});
}

TEST_F(dispatcher_test, gives_up_at_once_after_a_permanent_error_or_if_the_receiver_is_gone) {
    const message_id permanent = enqueue(1);
    const message_id gone = enqueue(2);
    step();
    first_.finish(permanent, {.error = "Never.", .is_permanent = true});
    first_.finish(gone, {.status = 410, .error = "Gone."});
    step();
    EXPECT_EQ(message(permanent).state, delivery_state::dead);
    EXPECT_EQ(message(gone).state, delivery_state::dead);
    ASSERT_EQ(first_.failures.size(), 2U);
    EXPECT_FALSE(first_.failures[0].is_gone);
    EXPECT_TRUE(first_.failures[1].is_gone);
}

TEST_F(dispatcher_test, sends_one_message_at_a_time_to_a_destination_and_limits_its_kind) {
    const message_id first = enqueue(1);
    const message_id second = enqueue(1);
    const message_id third = enqueue(2);
    const message_id fourth = enqueue(3);
    EXPECT_EQ(step(), (ids{first, third}));
    EXPECT_TRUE(step().empty());
    first_.finish(third, delivered());
    EXPECT_EQ(step(), ids{fourth});
    first_.finish(first, failed());
    EXPECT_EQ(step(), ids{second}) << "a failed message does not block the others";
}

TEST_F(dispatcher_test, waits_as_long_as_the_destination_says) {
    const message_id id = enqueue(1);
    first_.waits[1] = seconds{30};
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(wait_, seconds{30});
    const message_id other = enqueue(2);
    EXPECT_EQ(step(), ids{other});
    first_.waits.clear();
    EXPECT_EQ(step(), ids{id});
}

TEST_F(dispatcher_test, ignores_the_outcome_of_a_removed_message) {
    const message_id id = enqueue(1);
    step();
    ASSERT_TRUE(store_->write(
        [](storage::transaction& tx) { return tx.outbox().remove({.kind = first_kind, .id = 1}); }));
    first_.finish(id, {.error = "Never.", .is_permanent = true});
    step();
    ASSERT_EQ(first_.failures.size(), 1U);
    EXPECT_FALSE(first_.failures[0].is_dead);
    EXPECT_EQ(dispatcher_->counters(first_kind).dead, 0U);
}

TEST_F(dispatcher_test, delivers_after_a_restart_what_was_pending) {
    const message_id tried = enqueue(1);
    step();
    first_.finish(tried, failed());
    step();
    const message_id untried = enqueue(2);
    restart();
    EXPECT_EQ(step(), ids{untried});
    clock_.advance(seconds{10});
    EXPECT_EQ(step(), ids{tried});
    EXPECT_EQ(first_.sent.back().attempts, 1);
}

TEST_F(dispatcher_test, sends_again_after_a_crash_between_the_delivery_and_its_record) {
    const message_id id = enqueue(1);
    EXPECT_EQ(step(), ids{id});
    first_.finish(id, delivered()); // and the process ends before the next step
    restart();
    EXPECT_EQ(message(id).state, delivery_state::pending);
    EXPECT_EQ(step(), ids{id}) << "with the same id, by which the receiver recognises it";
    first_.finish(id, delivered());
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(message(id).attempts, 1);
    restart();
    EXPECT_TRUE(step().empty());
}

TEST_F(dispatcher_test, an_outcome_after_its_end_is_ignored) {
    const message_id id = enqueue(1);
    step();
    dispatcher_.reset();
    first_.finish(id, delivered());
    EXPECT_EQ(message(id).state, delivery_state::pending);
}

TEST_F(dispatcher_test, its_worker_sends_what_was_enqueued_before_and_after_its_start) {
    dispatcher_.reset();
    first_.immediate_outcome = delivered();
    std::promise<void> early;
    std::promise<void> late;
    first_.on_send = [&] { (first_.sent.size() == 1 ? early : late).set_value(); };
    const message_id before = enqueue(1);
    message_id after = 0;
    {
        worker running{{*store_, leases_, clock_, random_}, {{.kind = first_kind, .target = first_}}};
        early.get_future().wait();
        after = enqueue(2);
        running.follow(message_queued{first_kind});
        late.get_future().wait();
    }
    EXPECT_EQ(message(before).state, delivery_state::delivered);
    EXPECT_EQ(message(after).state, delivery_state::delivered) << "also the last outcome is stored";
}

/// Refuses writes while `failing` is set.
class failing_catalogue final : public storage::catalogue {
public:
    explicit failing_catalogue(storage::catalogue& target) : target_{target} {}
    bool failing = false;

    result<void> read(query work) override { return target_.read(std::move(work)); }
    result<void> write(unit_of_work work) override {
        if (failing)
            return fail(errc::storage_full, "The disk is full.");
        return target_.write(std::move(work));
    }
    void write_async(unit_of_work work, completion done) override {
        target_.write_async(std::move(work), std::move(done));
    }

private:
    storage::catalogue& target_;
};

TEST_F(dispatcher_test, does_not_send_a_message_twice_when_the_disk_is_full) {
    failing_catalogue disk{*store_};
    dispatcher_ = make(disk);
    const message_id id = enqueue(1);
    EXPECT_EQ(step(), ids{id});
    disk.failing = true;
    first_.finish(id, delivered());
    EXPECT_TRUE(step().empty());
    EXPECT_LE(wait_, seconds{10});
    clock_.advance(seconds{10});
    EXPECT_TRUE(step().empty()) << "it was delivered, although that could not be stored";
    disk.failing = false;
    clock_.advance(seconds{10});
    EXPECT_TRUE(step().empty());
    EXPECT_EQ(message(id).state, delivery_state::delivered);
    EXPECT_EQ(dispatcher_->counters(first_kind).delivered, 1U);
}

} // namespace
} // namespace breakwater::outbox
