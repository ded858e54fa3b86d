#include "telemetry/ingest.hpp"

#include "support/fake_database.hpp"
#include "support/fake_ownership.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace breakwater::telemetry {
namespace {

using namespace std::chrono_literals;

class ingest_test : public testing::Test {
protected:
    ingest_test() {
        sensor = add_device(device_status::active, true);
        other_sensor = add_device(device_status::active, true);
    }

    device_id add_device(device_status status = device_status::active, bool simulated = false) {
        device added;
        added.id = uuid::random(random);
        added.status = status;
        added.simulated = simulated;
        devices.put(added);
        return added.id;
    }

    static reading reading_of(const device_id& sender, std::string payload = R"({"t":1})") {
        reading created;
        created.device_id = sender;
        created.payload = std::move(payload);
        return created;
    }

    /// The outcome; nothing while the upload is pending.
    std::optional<result<reading>> upload(const device_id& sender, std::string payload = R"({"t":1})") {
        std::optional<result<reading>> outcome;
        upload(sender, outcome, std::move(payload));
        return outcome;
    }
    void upload(const device_id& sender, std::optional<result<reading>>& outcome,
                std::string payload = R"({"t":1})") {
        upload(reading_of(sender, std::move(payload)), [&outcome](result<reading> stored) {
            EXPECT_FALSE(outcome) << "completed twice";
            outcome = std::move(stored);
        });
    }
    /// Any thread may call.
    void upload(reading sent, std::move_only_function<void(result<reading>)> done) {
        const device_id sender = sent.device_id;
        std::vector<submitted_reading> items(1);
        items.front().reading = std::move(sent);
        ingest_->submit({.device = sender,
                         .items = std::move(items),
                         .origin = [this] { return origin; },
                         .done =
                             [done = std::move(done)](result<submission_outcome> outcome) mutable {
                                 if (outcome)
                                     done(outcome->readings().front());
                                 else
                                     done(std::unexpected(outcome.error()));
                             }});
    }
    /// The outcome of a batch; nothing while it is pending.
    std::shared_ptr<std::optional<result<submission_outcome>>> upload_batch(const device_id& sender,
                                                                            std::vector<reading> readings) {
        std::vector<submitted_reading> items(readings.size());
        for (std::size_t i = 0; i < readings.size(); ++i)
            items[i].reading = std::move(readings[i]);
        auto out = std::make_shared<std::optional<result<submission_outcome>>>();
        ingest_->submit({.device = sender,
                         .kind = submission::form::batch,
                         .items = std::move(items),
                         .origin = [this] { return origin; },
                         .done = [out](result<submission_outcome> outcome) { *out = std::move(outcome); }});
        return out;
    }

    std::vector<security_event> events_of(event_type type) const {
        std::vector<security_event> events;
        for (const security_event& event : store.events())
            if (event.type == type)
                events.push_back(event);
        return events;
    }

    void expect_refused(const std::optional<result<reading>>& outcome, errc code) {
        ASSERT_TRUE(outcome);
        ASSERT_FALSE(*outcome);
        EXPECT_EQ(outcome->error().code, code) << outcome->error().detail;
    }

    const call_origin origin{
        .source_address = "192.0.2.7", .request_id = "r-1", .route = "POST /device/readings"};
    test::manual_clock time;
    test::seeded_random random;
    test::fake_database store;
    test::fake_ownership ownership;
    registry::device_registry devices;
    audit::recorder audit{store, time, {}};
    registry::policy_registry policies{effective_policy{.min_interval = 1s, .payload_limit_bytes = 20}};
    events::event_bus bus;
    ingest_options options{.max_pending = 8, .max_per_transaction = 4};
    device_id sensor;
    device_id other_sensor;
    std::optional<ingest> ingest_{
        std::in_place, ingest::dependencies{store, store, ownership, devices, policies, audit, time, bus},
        options};
};

TEST_F(ingest_test, completes_an_upload_with_the_stored_reading) {
    reading sent = reading_of(sensor);
    sent.device_timestamp = time.now() - 5s;
    sent.id = 77;
    sent.simulated = true;
    std::optional<result<reading>> outcome;
    upload(sent, [&](result<reading> stored) { outcome = std::move(stored); });
    ASSERT_TRUE(outcome && *outcome);
    const reading& stored = **outcome;
    EXPECT_EQ(stored.id, 1) << "assigned by the store";
    EXPECT_EQ(stored.device_id, sensor);
    EXPECT_EQ(stored.device_timestamp, sent.device_timestamp);
    EXPECT_EQ(stored.received_at, time.now());
    EXPECT_EQ(stored.payload, sent.payload);
    EXPECT_FALSE(stored.simulated) << "a device cannot mark its readings as simulated";
    EXPECT_EQ(store.readings().size(), 1U);
    EXPECT_TRUE(store.events().empty()) << "accepted readings are counted, not logged one by one";
}

TEST_F(ingest_test, completes_an_upload_only_after_the_commit) {
    store.hold();
    std::optional<result<reading>> outcome;
    upload(sensor, outcome);
    EXPECT_FALSE(outcome);
    store.commit_now();
    EXPECT_TRUE(outcome && *outcome);
}

TEST_F(ingest_test, refuses_a_reading_within_the_interval_with_retry_after_and_an_audit_event) {
    EXPECT_TRUE(*upload(sensor));
    time.advance(400ms);
    const auto refused = upload(sensor);
    expect_refused(refused, errc::rate_limited);
    EXPECT_EQ(refused->error().retry_after, 1s);
    EXPECT_EQ(refused->error().detail, "Too soon: a device may send one reading every 1 s.");
    const auto events = events_of(event_type::reading_rate_limit);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].actor, actor_type::device);
    EXPECT_EQ(events[0].actor_id, sensor.to_string());
    EXPECT_EQ(events[0].status, event_status::denied);
    EXPECT_EQ(events[0].origin.source_address, "192.0.2.7");
    EXPECT_EQ(events[0].origin.request_id, "r-1");
    EXPECT_EQ(events[0].origin.route, "POST /device/readings");

    EXPECT_TRUE(*upload(other_sensor)) << "another device is not affected";
    time.advance(600ms);
    EXPECT_TRUE(*upload(sensor)) << "a refused reading does not start a new interval";
}

TEST_F(ingest_test, stores_one_of_two_simultaneous_uploads) {
    store.hold();
    std::optional<result<reading>> first;
    std::optional<result<reading>> second;
    upload(sensor, first);
    upload(sensor, second);
    store.commit_now();
    EXPECT_TRUE(first && *first);
    expect_refused(second, errc::rate_limited);
    EXPECT_EQ(store.readings().size(), 1U);
}

TEST_F(ingest_test, a_reading_that_was_not_stored_does_not_count_towards_the_interval) {
    store.fail_commits(error{.code = errc::storage_full, .detail = "The disk is full."});
    expect_refused(upload(sensor), errc::storage_full);
    store.fail_commits(std::nullopt);
    EXPECT_TRUE(*upload(sensor)) << "at once";
    EXPECT_EQ(ingest_->counters().failed, 1U);
    EXPECT_EQ(ingest_->counters().accepted, 1U);
}

TEST_F(ingest_test, refuses_a_payload_one_byte_over_the_limit_without_counting_it) {
    const std::string fits = R"({"text":"123456789"})";
    ASSERT_EQ(fits.size(), 20U);
    const auto refused = upload(sensor, R"({"text":"1234567890"})");
    expect_refused(refused, errc::too_large);
    EXPECT_EQ(refused->error().detail, "The payload has 21 bytes as compact JSON; at most 20 are allowed.");
    ASSERT_EQ(events_of(event_type::reading_reject).size(), 1U);
    EXPECT_EQ(events_of(event_type::reading_reject)[0].detail, refused->error().detail);
    EXPECT_TRUE(*upload(sensor, fits));
}

TEST_F(ingest_test, refuses_a_blocked_device_before_all_other_checks) {
    const device_id blocked = add_device(device_status::blocked);
    expect_refused(upload(blocked, std::string(100, ' ')), errc::forbidden);
    ASSERT_EQ(events_of(event_type::reading_reject).size(), 1U);
    EXPECT_EQ(events_of(event_type::reading_reject)[0].actor_id, blocked.to_string());
    EXPECT_TRUE(store.readings().empty());
}

TEST_F(ingest_test, refuses_and_records_an_upload_of_a_deleted_device) {
    devices.remove(sensor);
    expect_refused(upload(sensor), errc::unauthenticated);
    EXPECT_EQ(events_of(event_type::reading_reject).size(), 1U);
}

TEST_F(ingest_test, refuses_and_records_a_reading_whose_device_is_deleted_while_it_is_queued) {
    store.lose(sensor);
    store.hold();
    std::optional<result<reading>> of_deleted;
    std::optional<result<reading>> of_other;
    upload(sensor, of_deleted);
    upload(other_sensor, of_other);
    store.commit_now();
    expect_refused(of_deleted, errc::unauthenticated);
    EXPECT_TRUE(of_other && *of_other);
    ASSERT_EQ(events_of(event_type::reading_reject).size(), 1U);
    EXPECT_EQ(events_of(event_type::reading_reject)[0].actor_id, sensor.to_string());
}

TEST_F(ingest_test, completes_a_refusal_only_after_its_audit_event_is_durable) {
    const device_id blocked = add_device(device_status::blocked);
    store.hold();
    std::optional<result<reading>> outcome;
    upload(blocked, outcome);
    EXPECT_FALSE(outcome);
    store.commit_now();
    expect_refused(outcome, errc::forbidden);
}

TEST_F(ingest_test, fails_with_the_storage_error_if_a_refusal_cannot_be_recorded) {
    const device_id blocked = add_device(device_status::blocked);
    store.fail_commits(error{.code = errc::storage_unavailable, .detail = "No disk."});
    expect_refused(upload(blocked), errc::storage_unavailable);
}

TEST_F(ingest_test, is_overloaded_past_its_limit_and_sets_retry_after) {
    store.hold();
    std::vector<std::optional<result<reading>>> outcomes(options.max_pending);
    for (auto& outcome : outcomes)
        upload(add_device(), outcome);
    EXPECT_EQ(ingest_->counters().pending, options.max_pending);
    std::optional<result<reading>> refused;
    upload(sensor, refused);
    expect_refused(refused, errc::overloaded);
    EXPECT_EQ(refused->error().retry_after, 1s);
    store.commit_now();
    for (const auto& outcome : outcomes)
        EXPECT_TRUE(outcome && *outcome);
    std::optional<result<reading>> again;
    upload(sensor, again);
    store.commit_now();
    EXPECT_TRUE(again && *again) << "its slot was released";
    EXPECT_EQ(ingest_->counters().overloaded, 1U);
}

TEST_F(ingest_test, simulated_readings_ignore_the_interval_and_do_not_count_towards_it) {
    ingest_->simulate({reading_of(sensor), reading_of(sensor), reading_of(sensor, std::string(100, ' '))});
    ASSERT_EQ(store.readings().size(), 3U);
    for (const reading& row : store.readings()) {
        EXPECT_TRUE(row.simulated);
        EXPECT_EQ(row.received_at, time.now());
    }
    EXPECT_TRUE(*upload(sensor)) << "directly after a simulated reading";
    ingest_->simulate({reading_of(sensor)});
    EXPECT_EQ(ingest_->counters().simulated, 4U);
    EXPECT_EQ(ingest_->counters().accepted, 1U);
}

TEST_F(ingest_test, drops_simulated_readings_of_devices_that_are_blocked_deleted_or_not_simulated) {
    ingest_->simulate({reading_of(add_device(device_status::blocked, true)), reading_of(uuid::random(random)),
                       reading_of(add_device()), reading_of(sensor)});
    ASSERT_EQ(store.readings().size(), 1U);
    EXPECT_EQ(store.readings()[0].device_id, sensor);
    EXPECT_TRUE(store.events().empty());
}

TEST_F(ingest_test, simulated_readings_leave_room_for_real_ones) {
    store.hold();
    std::vector<reading> many;
    for (std::size_t i = 0; i < 2 * options.max_pending; ++i)
        many.push_back(reading_of(sensor));
    ingest_->simulate(std::move(many));
    EXPECT_EQ(ingest_->counters().pending, options.max_pending / 2);
    std::optional<result<reading>> outcome;
    upload(sensor, outcome);
    store.commit_now();
    EXPECT_TRUE(outcome && *outcome);
}

TEST_F(ingest_test, writes_one_event_for_the_uploads_of_an_hour_without_simulated_readings) {
    ingest_->tick();
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(*upload(sensor));
        ingest_->simulate({reading_of(sensor), reading_of(other_sensor)});
        time.advance(1s);
    }
    EXPECT_FALSE(*upload(sensor, std::string(100, ' ')));
    time.advance(1h);
    ingest_->tick();
    const auto events = events_of(event_type::reading_accept);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].actor_id, sensor.to_string());
    EXPECT_EQ(events[0].count, 3);
}

TEST_F(ingest_test, close_writes_the_counts_of_the_current_hour) {
    EXPECT_TRUE(*upload(sensor));
    ingest_->close();
    EXPECT_EQ(events_of(event_type::reading_accept).size(), 1U);
}

TEST_F(ingest_test, a_removal_resets_the_limits_of_a_device) {
    EXPECT_TRUE(*upload(sensor));
    ingest_->follow(device_removed{.id = sensor});
    EXPECT_TRUE(*upload(sensor));
}

/// A wall clock that the test sets, with a steady clock that does not advance.
class settable_clock final : public clock {
public:
    timestamp wall{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    [[nodiscard]] timestamp now() const noexcept override { return wall; }
    [[nodiscard]] steady_point steady_now() const noexcept override { return {}; }
};

TEST_F(ingest_test, arrival_times_ignore_a_small_clock_correction_and_follow_a_large_one) {
    settable_clock clock;
    ingest second{{store, store, ownership, devices, policies, audit, clock, bus}, options};
    const auto arrival = [&] {
        second.simulate({reading_of(sensor)});
        return store.readings().back().received_at;
    };
    const timestamp start = clock.wall;
    EXPECT_EQ(arrival(), start);
    clock.wall = start - 300ms;
    EXPECT_EQ(arrival(), start);
    clock.wall = start + 1us;
    EXPECT_EQ(arrival(), start + 1us);
    clock.wall = start - 1h;
    EXPECT_EQ(arrival(), start - 1h);
    clock.wall = start - 1h + 2s;
    EXPECT_EQ(arrival(), start - 1h + 2s);
}

TEST_F(ingest_test, acquires_a_device_of_another_process_before_it_checks_limits) {
    ownership.elsewhere = {sensor};
    std::optional<result<reading>> outcome;
    upload(sensor, outcome);
    EXPECT_FALSE(outcome) << "it waits";
    EXPECT_EQ(ingest_->counters().pending, 1U);
    EXPECT_TRUE(*upload(other_sensor)) << "an honest neighbour";
    ownership.answer(sensor, {});
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(*outcome);
    EXPECT_EQ(ingest_->counters().pending, 0U);
    expect_refused(upload(sensor), errc::rate_limited);
}

TEST_F(ingest_test, refuses_readings_of_a_device_that_it_can_not_acquire) {
    ownership.elsewhere = {sensor};
    std::optional<result<reading>> outcomes[2];
    upload(sensor, outcomes[0]);
    upload(sensor, outcomes[1]);
    ownership.answer(sensor, fail(errc::overloaded, "later"));
    for (const auto& outcome : outcomes)
        expect_refused(outcome, errc::overloaded);
    EXPECT_EQ(ingest_->counters().overloaded, 2U);
    std::optional<result<reading>> deleted;
    upload(sensor, deleted);
    ownership.answer(sensor, fail(errc::not_found, "none"));
    expect_refused(deleted, errc::unauthenticated);
    EXPECT_TRUE(store.readings().empty());
    EXPECT_EQ(ingest_->counters().pending, 0U);
}

TEST_F(ingest_test, bounds_the_readings_that_wait_for_an_acquisition) {
    options.max_bulk_pending = 3;
    ingest_.emplace(ingest::dependencies{store, store, ownership, devices, policies, audit, time, bus},
                    options);
    ownership.elsewhere = {sensor};
    std::optional<result<reading>> waiting[3];
    for (auto& outcome : waiting)
        upload(sensor, outcome);
    expect_refused(upload(sensor), errc::overloaded);
    EXPECT_TRUE(*upload(other_sensor));
    ownership.answer(sensor, fail(errc::overloaded, "later"));
    std::optional<result<reading>> again;
    upload(sensor, again);
    EXPECT_FALSE(again);
    ownership.answer(sensor, {});
    EXPECT_TRUE(*again);
}

TEST_F(ingest_test, drops_simulated_readings_until_it_has_acquired_the_device) {
    ownership.elsewhere = {sensor};
    ingest_->simulate({reading_of(sensor)});
    EXPECT_TRUE(store.readings().empty());
    EXPECT_EQ(ownership.waiting(sensor), 1U);
    ownership.answer(sensor, {});
    ingest_->simulate({reading_of(sensor)});
    EXPECT_EQ(store.readings().size(), 1U);
}

TEST_F(ingest_test, hands_the_limits_of_a_device_over) {
    policies.put(sensor, reading_policy{.min_interval = 10s, .backfill_per_second = 1, .backfill_burst = 10});
    std::vector<reading> readings(7, reading_of(sensor));
    for (reading& late : readings)
        late.device_timestamp = time.now() - 1h;
    const auto batch = upload_batch(sensor, readings);
    ASSERT_TRUE(*batch && **batch);
    EXPECT_TRUE(*upload(sensor));
    const std::vector<device_id> moved{sensor};
    bool finished = false;
    ingest_->finish(moved, [&] { finished = true; });
    EXPECT_TRUE(finished);
    ASSERT_TRUE(store.write([&](storage::transaction& tx) { return ingest_->hand_over(tx, moved); }));

    // As another process, which has the same database.
    ingest_.emplace(ingest::dependencies{store, store, ownership, devices, policies, audit, time, bus},
                    options);
    ASSERT_TRUE(store.write([&](storage::transaction& tx) { return ingest_->take_over(tx, moved); }));
    EXPECT_EQ(ingest_->backfill_remaining(sensor), 3U);
    time.advance(5s);
    expect_refused(upload(sensor), errc::rate_limited);
    time.advance(5s);
    EXPECT_TRUE(*upload(sensor));
}

TEST_F(ingest_test, counts_the_outcomes_of_uploads) {
    options.max_per_transaction = 100;
    options.max_pending = 1000;
    ingest_.emplace(ingest::dependencies{store, store, ownership, devices, policies, audit, time, bus},
                    options);
    store.hold();
    std::vector<std::optional<result<reading>>> outcomes(5);
    for (auto& outcome : outcomes)
        upload(add_device(), outcome);
    store.commit_now();
    std::optional<result<reading>> single;
    upload(sensor, single);
    store.commit_now();
    std::optional<result<reading>> refused[3];
    upload(sensor, refused[0]);
    upload(other_sensor, refused[1], std::string(100, ' '));
    upload(add_device(device_status::blocked), refused[2]);
    store.commit_now();
    const ingest_counters counters = ingest_->counters();
    EXPECT_EQ(counters.accepted, 6U);
    EXPECT_EQ(counters.too_soon, 1U);
    EXPECT_EQ(counters.too_large, 1U);
    EXPECT_EQ(counters.blocked, 1U);
    EXPECT_EQ(counters.failed, 0U);
    EXPECT_EQ(counters.transactions, 2U);
    EXPECT_EQ(counters.transaction_sizes, (std::array<std::uint64_t, 10>{1, 0, 0, 1}));
}

TEST_F(ingest_test, counts_a_batch_in_the_smallest_size_class_that_fits) {
    options.max_per_transaction = 1000;
    options.max_pending = 10'000;
    ingest_.emplace(ingest::dependencies{store, store, ownership, devices, policies, audit, time, bus},
                    options);
    store.hold();
    const auto batch_of = [&](std::size_t size) {
        ingest_->simulate(std::vector<reading>(size, reading_of(sensor)));
        store.commit_now();
    };
    for (const std::size_t size : {1U, 2U, 3U, 4U, 5U, 256U, 257U, 1000U})
        batch_of(size);
    EXPECT_EQ(ingest_->counters().transaction_sizes,
              (std::array<std::uint64_t, 10>{1, 1, 2, 1, 0, 0, 0, 0, 1, 2}));
}

TEST_F(ingest_test, completes_uploads_of_many_threads_once_and_stores_one_reading_per_device_and_interval) {
    std::vector<device_id> fleet;
    for (int i = 0; i < 50; ++i)
        fleet.push_back(add_device());
    options.max_pending = 10'000;
    ingest_.emplace(ingest::dependencies{store, store, ownership, devices, policies, audit, time, bus},
                    options);
    std::atomic<int> accepted{0};
    std::atomic<int> refused{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (const device_id& sender : fleet)
                    upload(reading_of(sender),
                           [&](const result<reading>& stored) { ++(stored ? accepted : refused); });
            });
    }
    ingest_->close();
    audit.close();
    EXPECT_EQ(accepted, 50);
    EXPECT_EQ(refused, 150);
    EXPECT_EQ(store.readings().size(), 50U);
}

TEST_F(ingest_test, tick_saves_changed_allowances_once) {
    policies.put(sensor, reading_policy{.backfill_per_second = 2, .backfill_burst = 10});
    std::vector<reading> late(4, reading_of(sensor));
    for (reading& item : late)
        item.device_timestamp = time.now() - 1h;
    const auto outcome = upload_batch(sensor, std::move(late));
    EXPECT_TRUE(*outcome && **outcome);
    time.advance(500ms);
    ingest_->tick();
    ingest_->tick();
    ASSERT_EQ(store.limit_states().size(), 1U) << "an unchanged allowance is not saved again";
    EXPECT_EQ(store.limit_states()[0].device, sensor);
    EXPECT_NEAR(store.limit_states()[0].tokens, 7, 1e-9) << "10 - 4 + 1";
    EXPECT_EQ(store.limit_states()[0].at, time.now());
}

/// Keeps what it receives.
class listener final : public events::event_listener {
public:
    void readings_stored(const events::committed_readings& group) override { groups.push_back(group); }
    std::vector<events::committed_readings> groups;
};

TEST_F(ingest_test, listeners_share_the_stored_readings_upload_by_upload) {
    listener listener;
    bus.attach(listener);
    store.hold();
    std::optional<result<reading>> first;
    std::optional<result<reading>> second;
    upload(sensor, first);
    upload(other_sensor, second);
    store.commit_now();
    ASSERT_EQ(listener.groups.size(), 1U) << "one event for one transaction";
    const events::readings_committed& group = *listener.groups[0];
    ASSERT_EQ(group.upload_count(), 2U);
    EXPECT_EQ(group.upload(0).front().device_id, sensor);
    EXPECT_EQ(group.upload(1).front().device_id, other_sensor);
    EXPECT_EQ(group.upload(1).front().id, (*second)->id);
}

TEST_F(ingest_test, a_batch_marks_its_late_readings_and_keeps_their_order) {
    listener listener;
    bus.attach(listener);
    policies.put(sensor, reading_policy{.backfill_per_second = 2, .backfill_burst = 10});
    std::vector<reading> readings(3, reading_of(sensor));
    readings[0].device_timestamp = time.now() - 1h;
    readings[2].device_timestamp = time.now() - 2h;
    const auto outcome = upload_batch(sensor, readings);
    ASSERT_TRUE(*outcome && **outcome);
    ASSERT_EQ((**outcome)->readings().size(), 3U);
    ASSERT_EQ(listener.groups.size(), 1U);
    ASSERT_EQ(listener.groups[0]->upload_count(), 1U);
    const auto stored = listener.groups[0]->upload(0);
    EXPECT_EQ(stored.data(), (**outcome)->readings().data()) << "shared, not copied";
    EXPECT_TRUE(stored[0].late);
    EXPECT_FALSE(stored[1].late);
    EXPECT_TRUE(stored[2].late);
}

TEST_F(ingest_test, a_single_reading_is_never_late) {
    reading sent = reading_of(sensor);
    sent.device_timestamp = time.now() - 1h;
    std::optional<result<reading>> outcome;
    upload(sent, [&](result<reading> stored) { outcome = std::move(stored); });
    ASSERT_TRUE(outcome && *outcome);
    EXPECT_FALSE((*outcome)->late);
    expect_refused(upload(sensor), errc::rate_limited);
}

TEST_F(ingest_test, a_malformed_reading_fails_alone_in_a_batch_and_a_single_one_fails_its_submission) {
    const error malformed{.code = errc::invalid_input, .detail = "Not a number."};
    std::vector<submitted_reading> items(2);
    items[0].refusal = malformed;
    items[1].reading = reading_of(sensor);
    std::optional<result<submission_outcome>> batch;
    ingest_->submit({.device = sensor,
                     .kind = submission::form::batch,
                     .items = std::move(items),
                     .origin = [this] { return origin; },
                     .done = [&](result<submission_outcome> outcome) { batch = std::move(outcome); }});
    ASSERT_TRUE(batch && *batch);
    EXPECT_TRUE((*batch)->items[0].refusal);
    EXPECT_EQ((*batch)->readings().size(), 1U);

    items.assign(1, {});
    items[0].refusal = malformed;
    std::optional<result<submission_outcome>> single;
    ingest_->submit({.device = other_sensor,
                     .items = std::move(items),
                     .origin = [this] { return origin; },
                     .done = [&](result<submission_outcome> outcome) { single = std::move(outcome); }});
    ASSERT_TRUE(single && !*single);
    EXPECT_EQ(single->error().detail, "Not a number.");
    ASSERT_EQ(events_of(event_type::reading_reject).size(), 2U);
    EXPECT_EQ(events_of(event_type::reading_reject)[0].detail,
              "1 of 2 readings of a batch were refused. Not a number.");
    EXPECT_EQ(events_of(event_type::reading_reject)[1].detail, "Not a number.");
    EXPECT_EQ(ingest_->counters().malformed, 2U);
    EXPECT_TRUE(*upload(other_sensor)) << "it used nothing of the limits";
}

} // namespace
} // namespace breakwater::telemetry
