#include "telemetry/ingest.hpp"

#include "support/fake_database.hpp"
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
        one = add_device(device_status::active, true);
        other = add_device(device_status::active, true);
    }

    device_id add_device(device_status status = device_status::active, bool simulated = false) {
        device added;
        added.id = uuid::random(random);
        added.status = status;
        added.simulated = simulated;
        devices.put(added);
        return added.id;
    }

    static reading reading_of(const device_id& from, std::string payload = R"({"t":1})") {
        reading made;
        made.device_id = from;
        made.payload = std::move(payload);
        return made;
    }

    /// What came of it, once it came.
    std::optional<result<reading>> upload(const device_id& from, std::string payload = R"({"t":1})") {
        std::optional<result<reading>> outcome;
        upload(from, outcome, std::move(payload));
        return outcome;
    }
    void upload(const device_id& from, std::optional<result<reading>>& outcome,
                std::string payload = R"({"t":1})") {
        door->upload(reading_of(from, std::move(payload)), origin, [&outcome](result<reading> told) {
            EXPECT_FALSE(outcome) << "told twice";
            outcome = std::move(told);
        });
    }

    std::vector<security_event> events_of(event_type type) const {
        std::vector<security_event> found;
        for (const security_event& event : store.events())
            if (event.type == type)
                found.push_back(event);
        return found;
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
    storage::device_registry devices;
    storage::audit_recorder audit{store, time, {}};
    storage::policy_registry policies{effective_policy{.min_interval = 1s, .payload_limit_bytes = 20}};
    events::event_bus happened;
    ingest_options options{.max_pending = 8, .max_batch = 4};
    device_id one;
    device_id other;
    std::optional<ingest> door{std::in_place, ingest::parts{store, devices, policies, audit, time, happened},
                               options};
};

TEST_F(ingest_test, a_stored_reading_comes_back_whole) {
    reading sent = reading_of(one);
    sent.device_timestamp = time.now() - 5s;
    sent.id = 77;
    sent.simulated = true;
    std::optional<result<reading>> outcome;
    door->upload(sent, origin, [&](result<reading> told) { outcome = std::move(told); });
    ASSERT_TRUE(outcome && *outcome);
    const reading& kept = **outcome;
    EXPECT_EQ(kept.id, 1) << "the store gives it";
    EXPECT_EQ(kept.device_id, one);
    EXPECT_EQ(kept.device_timestamp, sent.device_timestamp);
    EXPECT_EQ(kept.received_at, time.now());
    EXPECT_EQ(kept.payload, sent.payload);
    EXPECT_FALSE(kept.simulated) << "no device can say so of itself";
    EXPECT_EQ(store.readings().size(), 1U);
    EXPECT_TRUE(store.events().empty()) << "acceptances are counted, not logged";
}

TEST_F(ingest_test, the_answer_waits_for_the_commit) {
    store.hold();
    std::optional<result<reading>> outcome;
    upload(one, outcome);
    EXPECT_FALSE(outcome);
    store.commit_now();
    EXPECT_TRUE(outcome && *outcome);
}

TEST_F(ingest_test, too_soon_is_refused_with_the_time_to_wait_and_put_on_record) {
    EXPECT_TRUE(*upload(one));
    time.advance(400ms);
    const auto refused = upload(one);
    expect_refused(refused, errc::rate_limited);
    EXPECT_EQ(refused->error().retry_after, 1s);
    EXPECT_EQ(refused->error().detail, "Too soon: a device may send one reading every 1 s.");
    const auto events = events_of(event_type::reading_rate_limit);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].actor, actor_type::device);
    EXPECT_EQ(events[0].actor_id, one.to_string());
    EXPECT_EQ(events[0].status, event_status::denied);
    EXPECT_EQ(events[0].origin.source_address, "192.0.2.7");
    EXPECT_EQ(events[0].origin.request_id, "r-1");
    EXPECT_EQ(events[0].origin.route, "POST /device/readings");

    EXPECT_TRUE(*upload(other)) << "another device isn't held up";
    time.advance(600ms);
    EXPECT_TRUE(*upload(one)) << "the refused one didn't start a new interval";
}

TEST_F(ingest_test, of_two_at_once_one_is_stored) {
    store.hold();
    std::optional<result<reading>> first;
    std::optional<result<reading>> second;
    upload(one, first);
    upload(one, second);
    store.commit_now();
    EXPECT_TRUE(first && *first);
    expect_refused(second, errc::rate_limited);
    EXPECT_EQ(store.readings().size(), 1U);
}

TEST_F(ingest_test, a_reading_that_was_not_stored_does_not_count) {
    store.fail_commits(error{.code = errc::storage_full, .detail = "The disk is full."});
    expect_refused(upload(one), errc::storage_full);
    store.fail_commits(std::nullopt);
    EXPECT_TRUE(*upload(one)) << "at once";
    EXPECT_EQ(door->counters().failed, 1U);
    EXPECT_EQ(door->counters().accepted, 1U);
}

TEST_F(ingest_test, the_size_limit_is_exact_and_a_refusal_does_not_count_towards_the_interval) {
    const std::string fits = R"({"text":"123456789"})";
    ASSERT_EQ(fits.size(), 20U);
    const auto refused = upload(one, R"({"text":"1234567890"})");
    expect_refused(refused, errc::too_large);
    EXPECT_EQ(refused->error().detail, "The payload has 21 bytes as compact JSON; 20 are allowed.");
    ASSERT_EQ(events_of(event_type::reading_reject).size(), 1U);
    EXPECT_EQ(events_of(event_type::reading_reject)[0].detail, refused->error().detail);
    EXPECT_TRUE(*upload(one, fits));
}

TEST_F(ingest_test, a_blocked_device_is_refused_before_anything_else) {
    const device_id blocked = add_device(device_status::blocked);
    expect_refused(upload(blocked, std::string(100, ' ')), errc::forbidden);
    ASSERT_EQ(events_of(event_type::reading_reject).size(), 1U);
    EXPECT_EQ(events_of(event_type::reading_reject)[0].actor_id, blocked.to_string());
    EXPECT_TRUE(store.readings().empty());
}

TEST_F(ingest_test, a_device_that_is_gone_is_refused_and_put_on_record) {
    devices.remove(one);
    expect_refused(upload(one), errc::unauthenticated);
    EXPECT_EQ(events_of(event_type::reading_reject).size(), 1U);
}

TEST_F(ingest_test, a_device_that_goes_while_its_reading_waits_is_refused_and_put_on_record) {
    store.lose(one);
    store.hold();
    std::optional<result<reading>> gone;
    std::optional<result<reading>> stays;
    upload(one, gone);
    upload(other, stays);
    store.commit_now();
    expect_refused(gone, errc::unauthenticated);
    EXPECT_TRUE(stays && *stays);
    ASSERT_EQ(events_of(event_type::reading_reject).size(), 1U);
    EXPECT_EQ(events_of(event_type::reading_reject)[0].actor_id, one.to_string());
}

TEST_F(ingest_test, nobody_hears_of_a_refusal_before_it_is_on_record) {
    const device_id blocked = add_device(device_status::blocked);
    store.hold();
    std::optional<result<reading>> outcome;
    upload(blocked, outcome);
    EXPECT_FALSE(outcome);
    store.commit_now();
    expect_refused(outcome, errc::forbidden);
}

TEST_F(ingest_test, a_refusal_that_can_not_be_recorded_is_answered_with_the_storage_s_failure) {
    const device_id blocked = add_device(device_status::blocked);
    store.fail_commits(error{.code = errc::storage_unavailable, .detail = "No disk."});
    expect_refused(upload(blocked), errc::storage_unavailable);
}

TEST_F(ingest_test, past_its_bound_it_is_overloaded_and_says_when_to_come_back) {
    store.hold();
    std::vector<std::optional<result<reading>>> outcomes(options.max_pending);
    for (auto& outcome : outcomes)
        upload(add_device(), outcome);
    EXPECT_EQ(door->counters().pending, options.max_pending);
    std::optional<result<reading>> refused;
    upload(one, refused);
    expect_refused(refused, errc::overloaded);
    EXPECT_EQ(refused->error().retry_after, 1s);
    store.commit_now();
    for (const auto& outcome : outcomes)
        EXPECT_TRUE(outcome && *outcome);
    std::optional<result<reading>> again;
    upload(one, again);
    store.commit_now();
    EXPECT_TRUE(again && *again) << "its turn was given back";
    EXPECT_EQ(door->counters().overloaded, 1U);
}

TEST_F(ingest_test, simulated_readings_pass_the_limit_and_do_not_count_towards_it) {
    door->simulate({reading_of(one), reading_of(one), reading_of(one, std::string(100, ' '))});
    ASSERT_EQ(store.readings().size(), 3U);
    for (const reading& made : store.readings()) {
        EXPECT_TRUE(made.simulated);
        EXPECT_EQ(made.received_at, time.now());
    }
    EXPECT_TRUE(*upload(one)) << "right after a simulated one";
    door->simulate({reading_of(one)});
    EXPECT_EQ(door->counters().simulated, 4U);
    EXPECT_EQ(door->counters().accepted, 1U);
}

TEST_F(ingest_test, nothing_is_simulated_for_devices_that_are_blocked_gone_or_real) {
    door->simulate({reading_of(add_device(device_status::blocked, true)), reading_of(uuid::random(random)),
                    reading_of(add_device()), reading_of(one)});
    ASSERT_EQ(store.readings().size(), 1U);
    EXPECT_EQ(store.readings()[0].device_id, one);
    EXPECT_TRUE(store.events().empty());
}

TEST_F(ingest_test, simulated_readings_leave_room_for_real_ones) {
    store.hold();
    std::vector<reading> many;
    for (std::size_t i = 0; i < 2 * options.max_pending; ++i)
        many.push_back(reading_of(one));
    door->simulate(std::move(many));
    EXPECT_EQ(door->counters().pending, options.max_pending / 2);
    std::optional<result<reading>> outcome;
    upload(one, outcome);
    store.commit_now();
    EXPECT_TRUE(outcome && *outcome);
}

TEST_F(ingest_test, each_hour_s_uploads_become_one_event_and_simulated_ones_do_not_count) {
    door->tick();
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(*upload(one));
        door->simulate({reading_of(one), reading_of(other)});
        time.advance(1s);
    }
    EXPECT_FALSE(*upload(one, std::string(100, ' ')));
    time.advance(1h);
    door->tick();
    const auto events = events_of(event_type::reading_accept);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].actor_id, one.to_string());
    EXPECT_EQ(events[0].count, 3);
}

TEST_F(ingest_test, closing_writes_the_running_hour) {
    EXPECT_TRUE(*upload(one));
    door->close();
    EXPECT_EQ(events_of(event_type::reading_accept).size(), 1U);
}

TEST_F(ingest_test, a_forgotten_device_starts_anew) {
    EXPECT_TRUE(*upload(one));
    door->forget(one);
    EXPECT_TRUE(*upload(one));
}

/// A wall clock that is set by hand, beside a steady one that stands.
class settable_clock final : public clock {
public:
    timestamp wall{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    [[nodiscard]] timestamp now() const noexcept override { return wall; }
    [[nodiscard]] steady_point steady_now() const noexcept override { return {}; }
};

TEST_F(ingest_test, arrival_times_do_not_run_back_for_a_small_correction_but_follow_a_large_one) {
    settable_clock clock;
    ingest second{{store, devices, policies, audit, clock, happened}, options};
    const auto arrival = [&] {
        second.simulate({reading_of(one)});
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

TEST_F(ingest_test, counts_what_happened) {
    options.max_batch = 100;
    options.max_pending = 1000;
    door.emplace(ingest::parts{store, devices, policies, audit, time, happened}, options);
    store.hold();
    std::vector<std::optional<result<reading>>> outcomes(5);
    for (auto& outcome : outcomes)
        upload(add_device(), outcome);
    store.commit_now();
    std::optional<result<reading>> single;
    upload(one, single);
    store.commit_now();
    std::optional<result<reading>> refused[3];
    upload(one, refused[0]);
    upload(other, refused[1], std::string(100, ' '));
    upload(add_device(device_status::blocked), refused[2]);
    store.commit_now();
    const ingest_counters counted = door->counters();
    EXPECT_EQ(counted.accepted, 6U);
    EXPECT_EQ(counted.too_soon, 1U);
    EXPECT_EQ(counted.too_large, 1U);
    EXPECT_EQ(counted.blocked, 1U);
    EXPECT_EQ(counted.failed, 0U);
    EXPECT_EQ(counted.batches, 2U);
    EXPECT_EQ(counted.batch_sizes, (std::array<std::uint64_t, 10>{1, 0, 0, 1}));
}

TEST_F(ingest_test, a_batch_counts_in_the_smallest_size_that_holds_it) {
    options.max_batch = 1000;
    options.max_pending = 10'000;
    door.emplace(ingest::parts{store, devices, policies, audit, time, happened}, options);
    store.hold();
    const auto batch_of = [&](std::size_t size) {
        door->simulate(std::vector<reading>(size, reading_of(one)));
        store.commit_now();
    };
    for (const std::size_t size : {1U, 2U, 3U, 4U, 5U, 256U, 257U, 1000U})
        batch_of(size);
    EXPECT_EQ(door->counters().batch_sizes, (std::array<std::uint64_t, 10>{1, 1, 2, 1, 0, 0, 0, 0, 1, 2}));
}

TEST_F(ingest_test, many_threads_get_one_answer_each_and_one_reading_a_device_and_interval) {
    std::vector<device_id> fleet;
    for (int i = 0; i < 50; ++i)
        fleet.push_back(add_device());
    options.max_pending = 10'000;
    door.emplace(ingest::parts{store, devices, policies, audit, time, happened}, options);
    std::atomic<int> accepted{0};
    std::atomic<int> refused{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (const device_id& from : fleet)
                    door->upload(reading_of(from), origin,
                                 [&](const result<reading>& told) { ++(told ? accepted : refused); });
            });
    }
    door->close();
    audit.close();
    EXPECT_EQ(accepted, 50);
    EXPECT_EQ(refused, 150);
    EXPECT_EQ(store.readings().size(), 50U);
}

TEST_F(ingest_test, saves_what_was_used_up_of_an_allowance_once_a_second) {
    policies.put(one, reading_policy{.backfill_per_second = 2, .backfill_burst = 10});
    std::vector<batch_item> late(4);
    for (batch_item& item : late) {
        item.what = reading_of(one);
        item.what.device_timestamp = time.now() - 1h;
    }
    door->upload_batch(one, std::move(late), origin, [](const auto& told) { EXPECT_TRUE(told); });
    time.advance(500ms);
    door->tick();
    door->tick();
    ASSERT_EQ(store.limit_states().size(), 1U) << "what didn't change isn't saved again";
    EXPECT_EQ(store.limit_states()[0].device, one);
    EXPECT_NEAR(store.limit_states()[0].tokens, 7, 1e-9) << "10 - 4 + 1";
    EXPECT_EQ(store.limit_states()[0].at, time.now());
}

} // namespace
} // namespace breakwater::telemetry
