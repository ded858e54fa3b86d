#include "alerts/rule_engine.hpp"

#include "support/committed_readings.hpp"
#include "support/fake_database.hpp"
#include "support/fake_ownership.hpp"
#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace breakwater::alerts {
namespace {

using namespace std::chrono_literals;

class rule_engine_test : public testing::Test {
protected:
    rule_engine_test() {
        device_.id.bytes[15] = 1;
        device_.signed_in_at = clock_.now();
        devices_.put(device_);
        rules_ = {{.id = 1, .name = "hot", .when = field_condition{.field = "t", .high = 30}},
                  {.id = 2, .name = "silent", .when = silence_condition{.intervals = 1}},
                  {.id = 3, .name = "guesses", .when = security_condition{.count = 2}}};
    }
    std::unique_ptr<rule_engine> make_engine(rule_engine_options options = {}) {
        options.has_own_thread = false;
        return std::make_unique<rule_engine>(
            rule_engine::dependencies{
                devices_, policies_, clock_, ownership_,
                [this]() -> result<std::vector<alert_rule>> {
                    if (loading_fails_)
                        return fail(errc::storage_unavailable, "no");
                    return rules_;
                },
                [this](std::span<const rule_evaluation> evaluations) -> result<std::vector<rule_evaluation>> {
                    if (storage_fails_)
                        return fail(errc::storage_unavailable, "no");
                    if (defers_all_ && !evaluations.front().cleared)
                        return std::vector<rule_evaluation>{evaluations.begin(), evaluations.end()};
                    for (const rule_evaluation& evaluation : evaluations)
                        applied_.push_back(std::to_string(evaluation.rule) +
                                           (evaluation.cleared ? " over " : " ") +
                                           (evaluation.cleared ? evaluation.subject : evaluation.summary) +
                                           (evaluation.simulated ? " (simulated)" : ""));
                    return std::vector<rule_evaluation>{};
                },
                [this](std::span<const device_id>) -> result<std::vector<alert>> {
                    if (storage_fails_)
                        return fail(errc::storage_unavailable, "no");
                    return live_alerts_;
                },
                [this](const device_id&, timestamp since, std::size_t) -> result<std::vector<reading>> {
                    std::vector<reading> readings = recent_readings_;
                    std::erase_if(readings,
                                  [since](const reading& item) { return item.received_at < since; });
                    return readings;
                }},
            options);
    }
    void send_value(rule_engine& engine, const std::string& payload) {
        clock_.advance(1ms);
        engine.readings_stored(test::upload_of(
            {reading{.device_id = device_.id, .received_at = clock_.now(), .payload = payload}}));
    }
    /// Sends a batch of late readings: how long ago each was measured, and its payload.
    void send_batch(rule_engine& engine,
                    const std::vector<std::pair<std::chrono::seconds, std::string>>& batch,
                    std::optional<device_id> sender = {}) {
        std::vector<reading> readings;
        for (const auto& [ago, payload] : batch)
            readings.push_back({.id = 9,
                                .device_id = sender.value_or(device_.id),
                                .device_timestamp = clock_.now() - ago,
                                .received_at = clock_.now(),
                                .payload = payload,
                                .late = true});
        engine.readings_stored(test::upload_of(std::move(readings)));
    }
    std::vector<std::string> step(rule_engine& engine) {
        engine.step();
        return std::exchange(applied_, {});
    }
    void take_over(rule_engine& engine) {
        test::fake_database store;
        ownership_.elsewhere.clear();
        EXPECT_TRUE(store.write(
            [&](storage::transaction& tx) { return engine.take_over(tx, std::vector{device_.id}); }));
    }
    security_event make_denial() {
        return {.type = event_type::login,
                .status = event_status::denied,
                .origin = {.source_address = "192.0.2.1"}};
    }
    using lines = std::vector<std::string>;

    test::manual_clock clock_;
    registry::device_registry devices_;
    registry::policy_registry policies_{effective_policy{}};
    test::fake_ownership ownership_;
    std::vector<alert> live_alerts_;
    std::vector<reading> recent_readings_; ///< newest first
    device device_;
    std::vector<alert_rule> rules_;
    bool loading_fails_ = false;
    bool storage_fails_ = false;
    bool defers_all_ = false;
    std::vector<std::string> applied_;
};

TEST_F(rule_engine_test, evaluates_readings_silence_and_denials) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":31})");
    engine->access_denied(make_denial());
    engine->access_denied(make_denial());
    EXPECT_EQ(step(*engine), (lines{"1 t is 31, above 30.", "3 2 refused sign-ins from 192.0.2.1."}));
    clock_.advance(46s);
    EXPECT_EQ(step(*engine), lines{"2 No reading for more than 45s."});
    send_value(*engine, R"({"t":29})");
    EXPECT_EQ(step(*engine), (lines{"2 over silence", "1 over t"}));
}

TEST_F(rule_engine_test, restores_raised_alerts_after_a_restart) {
    const auto engine = make_engine();
    const std::vector<alert> live{
        {.rule = 1, .kind = alert_kind::field, .device = device_.id, .subject = "t"},
        {.rule = 2, .kind = alert_kind::silence, .device = device_.id, .subject = "silence"}};
    ASSERT_TRUE(engine->start(live));
    clock_.advance(100s);
    EXPECT_EQ(step(*engine), lines{});
    send_value(*engine, R"({"t":35})");
    EXPECT_EQ(step(*engine), lines{"2 over silence"});
    send_value(*engine, R"({"t":1})");
    EXPECT_EQ(step(*engine), lines{"1 over t"});
}

TEST_F(rule_engine_test, watches_only_devices_of_this_process) {
    ownership_.elsewhere = {device_.id};
    const auto engine = make_engine();
    const std::vector<alert> live{
        {.rule = 1, .kind = alert_kind::field, .device = device_.id, .subject = "t"}};
    ASSERT_TRUE(engine->start(live));
    engine->follow(device_saved{device_});
    clock_.advance(100s);
    EXPECT_EQ(step(*engine), lines{});
}

TEST_F(rule_engine_test, continues_with_a_device_of_another_process) {
    ownership_.elsewhere = {device_.id};
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    live_alerts_ = {{.rule = 1, .kind = alert_kind::field, .device = device_.id, .subject = "t"}};
    take_over(*engine);
    send_value(*engine, R"({"t":35})");
    EXPECT_EQ(step(*engine), lines{}) << "the alert is raised already";
    clock_.advance(46s);
    EXPECT_EQ(step(*engine), lines{"2 No reading for more than 45s."});
    send_value(*engine, R"({"t":1})");
    EXPECT_EQ(step(*engine), (lines{"2 over silence", "1 over t"}));
}

TEST_F(rule_engine_test, replays_the_readings_of_a_device_that_it_takes_over) {
    rules_ = {{.id = 1, .name = "hot", .when = field_condition{.field = "t", .high = 30, .hold = 60s}}};
    ownership_.elsewhere = {device_.id};
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    recent_readings_ = {
        {.id = 1, .device_id = device_.id, .received_at = clock_.now() - 59s, .payload = R"({"t":31})"}};
    take_over(*engine);
    EXPECT_EQ(step(*engine), lines{});
    clock_.advance(2s);
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30, and has been for 60s."});
}

TEST_F(rule_engine_test, hands_a_device_over_when_its_evaluations_are_stored) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":31})");
    bool finished = false;
    engine->finish(std::vector{device_.id}, [&] { finished = true; });
    EXPECT_FALSE(finished);
    storage_fails_ = true;
    EXPECT_EQ(step(*engine), lines{});
    EXPECT_FALSE(finished);
    storage_fails_ = false;
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
    EXPECT_TRUE(finished);
    clock_.advance(100s);
    EXPECT_EQ(step(*engine), lines{}) << "another process watches it now";
}

TEST_F(rule_engine_test, processes_events_in_order_when_the_wall_clock_is_set_between_them) {
    for (const auto jump : {-1h, 1h}) {
        for (const bool rules_were_stale : {false, true}) {
            const auto engine = make_engine();
            ASSERT_TRUE(engine->start({}));
            send_value(*engine, R"({"t":1})");
            clock_.set_wall(jump);
            send_value(*engine, R"({"t":31})");
            if (rules_were_stale) {
                loading_fails_ = true;
                engine->follow(rule_changed{1});
                EXPECT_EQ(step(*engine), lines{});
                loading_fails_ = false;
                clock_.set_wall(jump);
            }
            EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
            clock_.set_wall(jump);
            send_value(*engine, R"({"t":1})");
            EXPECT_EQ(step(*engine), lines{"1 over t"});
        }
    }
}

TEST_F(rule_engine_test, retries_after_a_storage_failure) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    storage_fails_ = true;
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{});
    storage_fails_ = false;
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
}

TEST_F(rule_engine_test, reloads_changed_rules_and_retries_after_a_failure) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    rules_ = {{.id = 7,
               .name = "cold",
               .when = field_condition{.field = "t", .test = field_test::below, .low = 0}}};
    loading_fails_ = true;
    engine->follow(rule_changed{1});
    step(*engine);
    loading_fails_ = false;
    step(*engine);
    send_value(*engine, R"({"t":-1})");
    EXPECT_EQ(step(*engine), lines{"7 t is -1, below 0."});
}

TEST_F(rule_engine_test, leaves_out_events_beyond_the_limits_of_the_queue) {
    const auto engine = make_engine({.max_readings = 2, .max_incidents = 1});
    ASSERT_TRUE(engine->start({}));
    for (int i = 0; i < 5; ++i)
        send_value(*engine, R"({"t":1})");
    security_event other = make_denial();
    other.origin.source_address = "192.0.2.2";
    engine->access_denied(make_denial());
    engine->access_denied(other);
    step(*engine);
    EXPECT_EQ(engine->counters().watched, 2U);
    EXPECT_EQ(engine->counters().left_out, 4U);
}

TEST_F(rule_engine_test, counts_each_attacked_account_once_and_no_mistyped_password) {
    rules_ = {{.id = 8,
               .name = "spraying",
               .when = security_condition{
                   .incident = incident_kind::password_spraying, .count = 2, .within = 600s}}};
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    const auto sign_in = [&](std::uint64_t account, event_status outcome) {
        security_event event = make_denial();
        event.attempted_identity = account;
        event.status = outcome;
        if (outcome == event_status::success)
            engine->event_recorded(event);
        else
            engine->access_denied(event);
    };
    const auto denied = event_status::denied;
    const auto success = event_status::success;
    for (int i = 0; i < 5; ++i)
        sign_in(1, denied);
    EXPECT_EQ(step(*engine), lines{});
    sign_in(1, success);
    sign_in(2, denied);
    EXPECT_EQ(step(*engine), lines{}) << "the first one was pardoned";
    sign_in(3, denied);
    sign_in(3, success);
    EXPECT_EQ(step(*engine), lines{}) << "pardoned within the same step";
    sign_in(2, success);
    sign_in(2, denied);
    sign_in(4, denied);
    EXPECT_EQ(step(*engine), lines{"8 Wrong passwords for 2 accounts, from 1 network."});
}

TEST_F(rule_engine_test, expects_nothing_from_blocked_or_deleted_devices) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    device_.status = device_status::blocked;
    devices_.put(device_);
    engine->follow(device_saved{device_, device_change::updated});
    step(*engine);
    clock_.advance(1h);
    EXPECT_EQ(step(*engine), lines{});
    device_.status = device_status::active;
    devices_.put(device_);
    engine->follow(device_saved{device_, device_change::updated});
    step(*engine);
    engine->follow(device_removed{device_.id, 1});
    step(*engine);
    clock_.advance(1h);
    EXPECT_EQ(step(*engine), lines{});
}

TEST_F(rule_engine_test, retries_deferred_evaluations_unless_they_have_cleared) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    defers_all_ = true;
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{});
    EXPECT_EQ(step(*engine), lines{});
    defers_all_ = false;
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
    EXPECT_EQ(step(*engine), lines{"1 over further devices"});
    send_value(*engine, R"({"t":1})");
    EXPECT_EQ(step(*engine), lines{"1 over t"});
    defers_all_ = true;
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{});
    defers_all_ = false;
    send_value(*engine, R"({"t":1})");
    EXPECT_EQ(step(*engine), lines{}) << "it was never reported";
    EXPECT_EQ(step(*engine), lines{"1 over further devices"});
}

TEST_F(rule_engine_test, raises_again_when_a_person_resolved_a_condition_that_still_holds) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
    engine->follow(alert_saved{
        {.rule = 1, .kind = alert_kind::field, .device = device_.id, .resolved_by = "ada@example.com"},
        alert_change::resolved});
    step(*engine);
    send_value(*engine, R"({"t":32})");
    EXPECT_EQ(step(*engine), lines{"1 t is 32, above 30."});
}

TEST_F(rule_engine_test, a_new_category_clears_the_alerts_of_the_old_one) {
    rules_[0].category = category::weather_station;
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
    device_.category = category::ip_camera;
    devices_.put(device_);
    engine->follow(device_saved{device_, device_change::updated});
    EXPECT_EQ(step(*engine), lines{"1 over t"});
}

TEST_F(rule_engine_test, a_device_whose_clock_is_years_behind_raises_alerts) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":1})");
    for (const auto& payload : {R"({"t":2})", R"({"t":31})"}) {
        clock_.advance(15s);
        engine->readings_stored(
            test::upload_of({reading{.device_id = device_.id,
                                     .device_timestamp = clock_.now() - std::chrono::years{5},
                                     .received_at = clock_.now(),
                                     .payload = payload}}));
    }
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
}

TEST_F(rule_engine_test, a_batch_of_late_readings_ends_a_silence_and_is_evaluated) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    for (int i = 0; i < 10; ++i) {
        clock_.advance(10s);
        send_batch(*engine, {{7s, R"({"t":1})"}, {3s, i == 9 ? R"({"t":31})" : R"({"t":2})"}});
        EXPECT_EQ(step(*engine), i == 9 ? lines{"1 t is 31, above 30."} : lines{});
    }
}

TEST_F(rule_engine_test, readings_that_are_left_out_end_a_silence) {
    const auto engine = make_engine({.max_readings = 0, .max_batched = 0});
    ASSERT_TRUE(engine->start({}));
    for (int i = 0; i < 10; ++i) {
        clock_.advance(30s);
        i % 2 == 0 ? send_value(*engine, R"({"t":1})") : send_batch(*engine, {{3s, R"({"t":1})"}});
        EXPECT_EQ(step(*engine), lines{});
    }
}

TEST_F(rule_engine_test, a_large_backfill_loses_its_oldest_readings_and_none_of_other_devices) {
    device other;
    other.id.bytes[15] = 2;
    devices_.put(other);
    const auto engine = make_engine({.max_batched = 20, .max_batched_per_device = 8});
    ASSERT_TRUE(engine->start({}));
    for (int i = 0; i < 100; ++i)
        send_batch(*engine, {{7s, R"({"t":1})"}, {3s, i == 99 ? R"({"t":31})" : R"({"t":1})"}});
    send_batch(*engine, {{3s, R"({"t":32})"}}, other.id);
    EXPECT_EQ(step(*engine), (lines{"1 t is 31, above 30.", "1 t is 32, above 30."}));
    EXPECT_EQ(engine->counters().watched, 9U);
    EXPECT_EQ(engine->counters().left_out, 192U);
}

TEST_F(rule_engine_test, the_first_readings_after_a_change_of_rules_are_evaluated) {
    const auto rules = std::exchange(rules_, {});
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    rules_ = rules;
    engine->follow(rule_changed{1});
    send_value(*engine, R"({"t":31})"); // before the engine reloads the rules
    loading_fails_ = true;              // loading fails at first
    EXPECT_EQ(step(*engine), lines{});
    loading_fails_ = false;
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
}

TEST_F(rule_engine_test, the_first_readings_after_a_resolve_or_a_release_are_evaluated) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
    engine->follow(alert_saved{
        {.rule = 1, .kind = alert_kind::field, .device = device_.id, .resolved_by = "ada@example.com"},
        alert_change::resolved});
    send_value(*engine, R"({"t":32})");
    EXPECT_EQ(step(*engine), lines{"1 t is 32, above 30."});
    device_.status = device_status::blocked;
    engine->follow(device_saved{device_, device_change::updated});
    device_.status = device_status::active;
    engine->follow(device_saved{device_, device_change::updated});
    send_value(*engine, R"({"t":33})");
    EXPECT_EQ(step(*engine), lines{"1 t is 33, above 30."});
    device_.status = device_status::blocked;
    engine->follow(device_saved{device_, device_change::updated});
    device_.status = device_status::active;
    engine->follow(device_saved{device_, device_change::updated});
    send_value(*engine, R"({"t":1})");
    EXPECT_EQ(step(*engine), lines{"1 over t"}) << "its alert was still raised";
}

TEST_F(rule_engine_test, a_device_that_changed_often_is_watched_as_before) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
    engine->follow(device_saved{device_, device_change::updated}); // blocked and released within one step
    engine->follow(device_saved{device_, device_change::updated});
    step(*engine);
    clock_.advance(46s);
    EXPECT_EQ(step(*engine), lines{"2 No reading for more than 45s."});
    device_.status = device_status::blocked;
    devices_.put(device_);
    send_value(*engine, R"({"t":31})"); // sent before the block
    engine->follow(device_saved{device_, device_change::updated});
    EXPECT_EQ(step(*engine), lines{"2 over silence"});
    device_.status = device_status::active;
    devices_.put(device_);
    engine->follow(device_saved{device_, device_change::updated});
    step(*engine);
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."}) << "it is watched from the start";
}

TEST_F(rule_engine_test, restarts_the_allowed_silence_when_silence_rules_return) {
    const auto rules = std::exchange(rules_, {});
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    clock_.advance(1h);
    rules_ = rules;
    engine->follow(rule_changed{1});
    EXPECT_EQ(step(*engine), lines{});
    clock_.advance(46s);
    EXPECT_EQ(step(*engine), lines{"2 No reading for more than 45s."});
}

TEST_F(rule_engine_test, the_policy_of_a_device_extends_its_allowed_silence) {
    policies_.put(device_.id, {.min_interval = 10min});
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    clock_.advance(10min);
    EXPECT_EQ(step(*engine), lines{});
    clock_.advance(5s);
    EXPECT_EQ(step(*engine), lines{"2 No reading for more than 600s."});
    policies_.put(device_.id, {.min_interval = 20min});
    clock_.advance(5s);
    EXPECT_EQ(step(*engine), lines{"2 over silence"}) << "within the longer interval";
    policies_.put(device_.id, {.min_interval = 1s});
    clock_.advance(5s);
    EXPECT_EQ(step(*engine), lines{"2 No reading for more than 45s."}) << "the interval of its category";
}

TEST_F(rule_engine_test, time_alone_raises_a_condition_that_held_for_long_enough_also_across_a_restart) {
    std::get<field_condition>(rules_[0].when).hold = 60s;
    rules_.erase(rules_.begin() + 1); // without the silence rule
    const auto at = clock_.now();
    {
        const auto engine = make_engine();
        ASSERT_TRUE(engine->start({}));
        send_value(*engine, R"({"t":31})");
        EXPECT_EQ(step(*engine), lines{});
        clock_.advance(50s);
        EXPECT_EQ(step(*engine), lines{});
    }
    recent_readings_ = {{.id = 2, .device_id = device_.id, .received_at = at, .payload = R"({"t":31})"},
                        {.id = 1, .device_id = device_.id, .received_at = at - 30s, .payload = R"({"t":1})"}};
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    EXPECT_EQ(step(*engine), lines{});
    clock_.advance(10s);
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30, and has been for 60s."});
    send_value(*engine, R"({"t":1})");
    EXPECT_EQ(step(*engine), lines{"1 over t"});
}

TEST_F(rule_engine_test, a_restart_keeps_the_newest_value) {
    recent_readings_ = {
        {.id = 7, .device_id = device_.id, .received_at = clock_.now(), .payload = R"({"t":1})"}};
    clock_.advance(10s);
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_batch(*engine, {{20s, R"({"t":31})"}});
    EXPECT_EQ(step(*engine), lines{"1 t was 31, above 30; the reading arrived late."});
}

TEST_F(rule_engine_test, evaluates_nothing_without_rules) {
    rules_.clear();
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":31})");
    step(*engine);
    EXPECT_EQ(engine->counters().watched, 0U);
}

TEST_F(rule_engine_test, processes_a_release_between_two_blocks_in_order_with_the_readings) {
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    send_value(*engine, R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30."});
    // A block, a release and a bad reading within one step.
    device_.status = device_status::blocked;
    engine->follow(device_saved{device_, device_change::updated});
    device_.status = device_status::active;
    engine->follow(device_saved{device_, device_change::updated});
    send_value(*engine, R"({"t":32})");
    EXPECT_EQ(step(*engine), lines{"1 t is 32, above 30."}) << "the rule may block it again";
    // A reading from before the release does not count after it.
    send_value(*engine, R"({"t":33})");
    device_.status = device_status::blocked;
    engine->follow(device_saved{device_, device_change::updated});
    device_.status = device_status::active;
    engine->follow(device_saved{device_, device_change::updated});
    EXPECT_EQ(step(*engine), lines{});
    send_value(*engine, R"({"t":34})");
    EXPECT_EQ(step(*engine), lines{"1 t is 34, above 30."});
}

TEST_F(rule_engine_test, distinguishes_simulated_from_real_readings) {
    device_.signed_in_at.reset();
    device_.simulated = true;
    devices_.put(device_);
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    const auto simulate = [&](const std::string& payload) {
        clock_.advance(1ms);
        engine->readings_stored(test::upload_of({reading{
            .device_id = device_.id, .received_at = clock_.now(), .payload = payload, .simulated = true}}));
    };
    simulate(R"({"t":31})");
    EXPECT_EQ(step(*engine), lines{"1 t is 31, above 30. (simulated)"});
    clock_.advance(1h);
    EXPECT_EQ(step(*engine), lines{}) << "simulated devices are not expected to send";

    device_.simulated = false;
    device_.signed_in_at = clock_.now();
    devices_.put(device_);
    engine->follow(device_saved{device_, device_change::updated});
    simulate(R"({"t":35})"); // sent before the change
    EXPECT_EQ(step(*engine), lines{});
    send_value(*engine, R"({"t":32})");
    EXPECT_EQ(step(*engine), lines{"1 t is 32, above 30."}) << "watched from the start";
    clock_.advance(30s);
    simulate(R"({"t":20})");
    clock_.advance(16s);
    EXPECT_EQ(step(*engine), lines{"2 No reading for more than 45s."})
        << "simulated readings do not end a silence";
}

TEST_F(rule_engine_test, a_device_that_never_sent_a_reading_is_not_silent) {
    device_.signed_in_at.reset();
    devices_.put(device_);
    const auto engine = make_engine();
    ASSERT_TRUE(engine->start({}));
    engine->follow(device_saved{device_, device_change::created});
    step(*engine);
    clock_.advance(1h);
    EXPECT_EQ(step(*engine), lines{});
    device_.signed_in_at = clock_.now();
    devices_.put(device_);
    engine->follow(device_saved{device_, device_change::updated});
    step(*engine);
    clock_.advance(46s);
    EXPECT_EQ(step(*engine), lines{"2 No reading for more than 45s."});
}

} // namespace
} // namespace breakwater::alerts
