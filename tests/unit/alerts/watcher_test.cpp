#include "alerts/watcher.hpp"

#include "support/manual_clock.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace breakwater::alerts {
namespace {

using namespace std::chrono_literals;

class watcher_test : public testing::Test {
protected:
    watcher_test() {
        device_.id.bytes[15] = 1;
        device_.signed_in_at = clock_.now();
        devices_.put(device_);
        rules_ = {{.id = 1, .name = "hot", .when = field_condition{.field = "t", .high = 30}},
                  {.id = 2, .name = "silent", .when = silence_condition{.intervals = 1}},
                  {.id = 3, .name = "guesses", .when = security_condition{.count = 2}}};
    }
    std::unique_ptr<watcher> made(watcher_options options = {}) {
        options.runs_by_itself = false;
        return std::make_unique<watcher>(
            watcher::parts{
                devices_, policies_, clock_,
                [this]() -> result<std::vector<alert_rule>> {
                    if (rules_fail_)
                        return fail(errc::storage_unavailable, "no");
                    return rules_;
                },
                [this](std::span<const alert_finding> found) -> result<std::vector<alert_finding>> {
                    if (storage_fails_)
                        return fail(errc::storage_unavailable, "no");
                    if (crowded_ && !found.front().over)
                        return std::vector<alert_finding>{found.begin(), found.end()};
                    for (const alert_finding& each : found)
                        told_.push_back(std::to_string(each.rule) + (each.over ? " over " : " ") +
                                        (each.over ? each.subject : each.summary) +
                                        (each.simulated ? " (simulated)" : ""));
                    return std::vector<alert_finding>{};
                },
                [this](const device_id&, timestamp since, std::size_t) -> result<std::vector<reading>> {
                    std::vector<reading> found = recent_;
                    std::erase_if(found, [since](const reading& each) { return each.received_at < since; });
                    return found;
                }},
            options);
    }
    void say(watcher& to, const std::string& payload) {
        clock_.advance(1ms);
        to.stored(
            std::array{reading{.device_id = device_.id, .received_at = clock_.now(), .payload = payload}});
    }
    /// A batch of late readings: how long ago each was measured, and what it says.
    void send(watcher& to, const std::vector<std::pair<std::chrono::seconds, std::string>>& batch,
              std::optional<device_id> from = {}) {
        const auto readings = std::make_shared<std::vector<reading>>();
        for (const auto& [ago, payload] : batch)
            readings->push_back({.id = 9,
                                 .device_id = from.value_or(device_.id),
                                 .device_timestamp = clock_.now() - ago,
                                 .received_at = clock_.now(),
                                 .payload = payload});
        to.batch_stored(
            {.readings = readings, .late = {.device = from.value_or(device_.id), .count = readings->size()}});
    }
    std::vector<std::string> step(watcher& by) {
        by.step();
        return std::exchange(told_, {});
    }
    security_event denial() {
        return {.type = event_type::login,
                .status = event_status::denied,
                .origin = {.source_address = "192.0.2.1"}};
    }
    using lines = std::vector<std::string>;

    test::manual_clock clock_;
    storage::device_registry devices_;
    storage::policy_registry policies_{effective_policy{}};
    std::vector<reading> recent_; ///< newest first
    device device_;
    std::vector<alert_rule> rules_;
    bool rules_fail_ = false;
    bool storage_fails_ = false;
    bool crowded_ = false;
    std::vector<std::string> told_;
};

TEST_F(watcher_test, tells_what_readings_silence_and_denials_come_to) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    say(*watch, R"({"t":31})");
    watch->denied(denial());
    watch->denied(denial());
    EXPECT_EQ(step(*watch), (lines{"1 t is 31, above 30.", "3 2 refused sign-ins from 192.0.2.1."}));
    clock_.advance(46s);
    EXPECT_EQ(step(*watch), lines{"2 No reading for more than 45s."});
    say(*watch, R"({"t":29})");
    EXPECT_EQ(step(*watch), (lines{"2 over silence", "1 over t"}));
}

TEST_F(watcher_test, knows_after_a_restart_what_was_raised) {
    const auto watch = made();
    const std::vector<alert> live{
        {.rule = 1, .kind = alert_kind::field, .device = device_.id, .subject = "t"},
        {.rule = 2, .kind = alert_kind::silence, .device = device_.id, .subject = "silence"}};
    ASSERT_TRUE(watch->start(live));
    clock_.advance(100s);
    EXPECT_EQ(step(*watch), lines{});
    say(*watch, R"({"t":35})");
    EXPECT_EQ(step(*watch), lines{"2 over silence"});
    say(*watch, R"({"t":1})");
    EXPECT_EQ(step(*watch), lines{"1 over t"});
}

TEST_F(watcher_test, goes_by_the_order_of_things_where_the_wall_clock_is_set_between_them) {
    for (const auto by : {-1h, 1h}) {
        for (const bool rules_were_stale : {false, true}) {
            const auto watch = made();
            ASSERT_TRUE(watch->start({}));
            say(*watch, R"({"t":1})");
            clock_.set_wall(by);
            say(*watch, R"({"t":31})");
            if (rules_were_stale) {
                rules_fail_ = true;
                watch->rules_changed();
                EXPECT_EQ(step(*watch), lines{});
                rules_fail_ = false;
                clock_.set_wall(by);
            }
            EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
            clock_.set_wall(by);
            say(*watch, R"({"t":1})");
            EXPECT_EQ(step(*watch), lines{"1 over t"});
        }
    }
}

TEST_F(watcher_test, tries_again_what_the_storage_refused) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    storage_fails_ = true;
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{});
    storage_fails_ = false;
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
}

TEST_F(watcher_test, reads_rules_anew_when_they_changed_and_again_where_that_failed) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    rules_ = {{.id = 7,
               .name = "cold",
               .when = field_condition{.field = "t", .test = field_test::below, .low = 0}}};
    rules_fail_ = true;
    watch->rules_changed();
    step(*watch);
    rules_fail_ = false;
    step(*watch);
    say(*watch, R"({"t":-1})");
    EXPECT_EQ(step(*watch), lines{"7 t is -1, below 0."});
}

TEST_F(watcher_test, leaves_out_what_comes_faster_than_it_can_look) {
    const auto watch = made({.max_readings = 2, .max_incidents = 1});
    ASSERT_TRUE(watch->start({}));
    for (int i = 0; i < 5; ++i)
        say(*watch, R"({"t":1})");
    security_event other = denial();
    other.origin.source_address = "192.0.2.2";
    watch->denied(denial());
    watch->denied(other);
    step(*watch);
    EXPECT_EQ(watch->counters().watched, 2U);
    EXPECT_EQ(watch->counters().left_out, 4U);
}

TEST_F(watcher_test, counts_each_account_that_was_tried_once_but_none_that_was_mistyped) {
    rules_ = {{.id = 8,
               .name = "spraying",
               .when = security_condition{
                   .incident = incident_kind::password_spraying, .count = 2, .within = 600s}}};
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    const auto sign_in = [&](std::uint64_t account, event_status outcome) {
        security_event event = denial();
        event.tried = account;
        event.status = outcome;
        if (outcome == event_status::success)
            watch->recorded(event);
        else
            watch->denied(event);
    };
    const auto wrong = event_status::denied;
    const auto right = event_status::success;
    for (int i = 0; i < 5; ++i)
        sign_in(1, wrong);
    EXPECT_EQ(step(*watch), lines{});
    sign_in(1, right);
    sign_in(2, wrong);
    EXPECT_EQ(step(*watch), lines{}) << "the first was pardoned";
    sign_in(3, wrong);
    sign_in(3, right);
    EXPECT_EQ(step(*watch), lines{}) << "at once";
    sign_in(2, right);
    sign_in(2, wrong);
    sign_in(4, wrong);
    EXPECT_EQ(step(*watch), lines{"8 Wrong passwords for 2 accounts, from 1 network."});
}

TEST_F(watcher_test, does_not_wait_for_blocked_devices_nor_for_those_that_are_gone) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    device_.status = device_status::blocked;
    devices_.put(device_);
    watch->changed(device_, events::device_change::updated);
    step(*watch);
    clock_.advance(1h);
    EXPECT_EQ(step(*watch), lines{});
    device_.status = device_status::active;
    devices_.put(device_);
    watch->changed(device_, events::device_change::updated);
    step(*watch);
    watch->removed(device_.id, 1);
    step(*watch);
    clock_.advance(1h);
    EXPECT_EQ(step(*watch), lines{});
}

TEST_F(watcher_test, offers_again_what_was_too_much_unless_it_is_over) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    crowded_ = true;
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{});
    EXPECT_EQ(step(*watch), lines{});
    crowded_ = false;
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
    EXPECT_EQ(step(*watch), lines{"1 over further devices"});
    say(*watch, R"({"t":1})");
    EXPECT_EQ(step(*watch), lines{"1 over t"});
    crowded_ = true;
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{});
    crowded_ = false;
    say(*watch, R"({"t":1})");
    EXPECT_EQ(step(*watch), lines{}) << "it was never told";
    EXPECT_EQ(step(*watch), lines{"1 over further devices"});
}

TEST_F(watcher_test, tells_anew_what_a_person_called_over_and_is_not) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
    watch->alerted(
        {.rule = 1, .kind = alert_kind::field, .device = device_.id, .resolved_by = "ada@example.com"},
        alert_change::resolved);
    step(*watch);
    say(*watch, R"({"t":32})");
    EXPECT_EQ(step(*watch), lines{"1 t is 32, above 30."});
}

TEST_F(watcher_test, what_is_about_another_category_is_over) {
    rules_[0].category = category::weather_station;
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
    device_.category = category::ip_camera;
    devices_.put(device_);
    watch->changed(device_, events::device_change::updated);
    EXPECT_EQ(step(*watch), lines{"1 over t"});
}

TEST_F(watcher_test, a_device_whose_clock_is_years_behind_raises_alerts_all_the_same) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    say(*watch, R"({"t":1})");
    for (const auto& payload : {R"({"t":2})", R"({"t":31})"}) {
        clock_.advance(15s);
        watch->stored(std::array{reading{.device_id = device_.id,
                                         .device_timestamp = clock_.now() - std::chrono::years{5},
                                         .received_at = clock_.now(),
                                         .payload = payload}});
    }
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
}

TEST_F(watcher_test, a_batch_of_late_readings_proves_that_its_device_is_alive_and_is_watched) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    for (int i = 0; i < 10; ++i) {
        clock_.advance(10s);
        send(*watch, {{7s, R"({"t":1})"}, {3s, i == 9 ? R"({"t":31})" : R"({"t":2})"}});
        EXPECT_EQ(step(*watch), i == 9 ? lines{"1 t is 31, above 30."} : lines{});
    }
}

TEST_F(watcher_test, what_is_left_out_proves_that_a_device_is_alive_all_the_same) {
    const auto watch = made({.max_readings = 0, .max_batched = 0});
    ASSERT_TRUE(watch->start({}));
    for (int i = 0; i < 10; ++i) {
        clock_.advance(30s);
        i % 2 == 0 ? say(*watch, R"({"t":1})") : send(*watch, {{3s, R"({"t":1})"}});
        EXPECT_EQ(step(*watch), lines{});
    }
}

TEST_F(watcher_test, of_a_backfill_that_is_too_much_the_newest_is_watched_and_no_neighbour_pays) {
    device neighbour;
    neighbour.id.bytes[15] = 2;
    devices_.put(neighbour);
    const auto watch = made({.max_batched = 20, .max_batched_of_one = 8});
    ASSERT_TRUE(watch->start({}));
    for (int i = 0; i < 100; ++i)
        send(*watch, {{7s, R"({"t":1})"}, {3s, i == 99 ? R"({"t":31})" : R"({"t":1})"}});
    send(*watch, {{3s, R"({"t":32})"}}, neighbour.id);
    EXPECT_EQ(step(*watch), (lines{"1 t is 31, above 30.", "1 t is 32, above 30."}));
    EXPECT_EQ(watch->counters().watched, 9U);
    EXPECT_EQ(watch->counters().left_out, 192U);
}

TEST_F(watcher_test, the_first_readings_after_a_change_of_rules_are_watched) {
    const auto rules = std::exchange(rules_, {});
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    rules_ = rules;
    watch->rules_changed();
    say(*watch, R"({"t":31})"); // before the watcher's thread had time
    rules_fail_ = true;         // nor could it read them at once
    EXPECT_EQ(step(*watch), lines{});
    rules_fail_ = false;
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
}

TEST_F(watcher_test, the_first_readings_after_a_resolve_or_a_release_are_watched) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
    watch->alerted(
        {.rule = 1, .kind = alert_kind::field, .device = device_.id, .resolved_by = "ada@example.com"},
        alert_change::resolved);
    say(*watch, R"({"t":32})");
    EXPECT_EQ(step(*watch), lines{"1 t is 32, above 30."});
    device_.status = device_status::blocked;
    watch->changed(device_, events::device_change::updated);
    device_.status = device_status::active;
    watch->changed(device_, events::device_change::updated);
    say(*watch, R"({"t":33})");
    EXPECT_EQ(step(*watch), lines{"1 t is 33, above 30."});
    device_.status = device_status::blocked;
    watch->changed(device_, events::device_change::updated);
    device_.status = device_status::active;
    watch->changed(device_, events::device_change::updated);
    say(*watch, R"({"t":1})");
    EXPECT_EQ(step(*watch), lines{"1 over t"}) << "its alert was still up";
}

TEST_F(watcher_test, a_device_that_changed_often_is_watched_as_before) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
    watch->changed(device_, events::device_change::updated); // blocked and let in again within one step
    watch->changed(device_, events::device_change::updated);
    step(*watch);
    clock_.advance(46s);
    EXPECT_EQ(step(*watch), lines{"2 No reading for more than 45s."});
    device_.status = device_status::blocked;
    devices_.put(device_);
    say(*watch, R"({"t":31})"); // on its way when it was blocked
    watch->changed(device_, events::device_change::updated);
    EXPECT_EQ(step(*watch), lines{"2 over silence"});
    device_.status = device_status::active;
    devices_.put(device_);
    watch->changed(device_, events::device_change::updated);
    step(*watch);
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."}) << "it is watched as if for the first time";
}

TEST_F(watcher_test, gives_everybody_time_when_rules_on_silence_are_back) {
    const auto rules = std::exchange(rules_, {});
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    clock_.advance(1h);
    rules_ = rules;
    watch->rules_changed();
    EXPECT_EQ(step(*watch), lines{});
    clock_.advance(46s);
    EXPECT_EQ(step(*watch), lines{"2 No reading for more than 45s."});
}

TEST_F(watcher_test, a_device_may_be_silent_for_as_long_as_its_policy_makes_it) {
    policies_.put(device_.id, {.min_interval = 10min});
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    clock_.advance(10min);
    EXPECT_EQ(step(*watch), lines{});
    clock_.advance(5s);
    EXPECT_EQ(step(*watch), lines{"2 No reading for more than 600s."});
    policies_.put(device_.id, {.min_interval = 20min});
    clock_.advance(5s);
    EXPECT_EQ(step(*watch), lines{"2 over silence"}) << "it may be";
    policies_.put(device_.id, {.min_interval = 1s});
    clock_.advance(5s);
    EXPECT_EQ(step(*watch), lines{"2 No reading for more than 45s."}) << "as its category has it";
}

TEST_F(watcher_test, time_alone_raises_what_has_held_for_long_enough_and_a_restart_forgets_nothing_of_it) {
    std::get<field_condition>(rules_[0].when).hold = 60s;
    rules_.erase(rules_.begin() + 1); // silence is no matter here
    const auto at = clock_.now();
    {
        const auto watch = made();
        ASSERT_TRUE(watch->start({}));
        say(*watch, R"({"t":31})");
        EXPECT_EQ(step(*watch), lines{});
        clock_.advance(50s);
        EXPECT_EQ(step(*watch), lines{});
    }
    recent_ = {{.id = 2, .device_id = device_.id, .received_at = at, .payload = R"({"t":31})"},
               {.id = 1, .device_id = device_.id, .received_at = at - 30s, .payload = R"({"t":1})"}};
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    EXPECT_EQ(step(*watch), lines{});
    clock_.advance(10s);
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30, and has been for 60s."});
    say(*watch, R"({"t":1})");
    EXPECT_EQ(step(*watch), lines{"1 over t"});
}

TEST_F(watcher_test, a_restart_forgets_not_which_value_decided) {
    recent_ = {{.id = 7, .device_id = device_.id, .received_at = clock_.now(), .payload = R"({"t":1})"}};
    clock_.advance(10s);
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    send(*watch, {{20s, R"({"t":31})"}});
    EXPECT_EQ(step(*watch), lines{"1 t was 31, above 30; the reading came late."});
}

TEST_F(watcher_test, costs_nothing_without_rules) {
    rules_.clear();
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    say(*watch, R"({"t":31})");
    step(*watch);
    EXPECT_EQ(watch->counters().watched, 0U);
}

TEST_F(watcher_test, sees_a_release_between_two_blocks_among_the_readings) {
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    say(*watch, R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30."});
    // Blocked, released, and a bad reading at once: all within one step.
    device_.status = device_status::blocked;
    watch->changed(device_, events::device_change::updated);
    device_.status = device_status::active;
    watch->changed(device_, events::device_change::updated);
    say(*watch, R"({"t":32})");
    EXPECT_EQ(step(*watch), lines{"1 t is 32, above 30."}) << "the rule may block it again";
    // What came before the release doesn't count as what came after it.
    say(*watch, R"({"t":33})");
    device_.status = device_status::blocked;
    watch->changed(device_, events::device_change::updated);
    device_.status = device_status::active;
    watch->changed(device_, events::device_change::updated);
    EXPECT_EQ(step(*watch), lines{});
    say(*watch, R"({"t":34})");
    EXPECT_EQ(step(*watch), lines{"1 t is 34, above 30."});
}

TEST_F(watcher_test, tells_what_is_simulated_from_what_is_real) {
    device_.signed_in_at.reset();
    device_.simulated = true;
    devices_.put(device_);
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    const auto simulate = [&](const std::string& payload) {
        clock_.advance(1ms);
        watch->stored(std::array{reading{
            .device_id = device_.id, .received_at = clock_.now(), .payload = payload, .simulated = true}});
    };
    simulate(R"({"t":31})");
    EXPECT_EQ(step(*watch), lines{"1 t is 31, above 30. (simulated)"});
    clock_.advance(1h);
    EXPECT_EQ(step(*watch), lines{}) << "nobody waits for what does not exist";

    device_.simulated = false;
    device_.signed_in_at = clock_.now();
    devices_.put(device_);
    watch->changed(device_, events::device_change::updated);
    simulate(R"({"t":35})"); // was on its way
    EXPECT_EQ(step(*watch), lines{});
    say(*watch, R"({"t":32})");
    EXPECT_EQ(step(*watch), lines{"1 t is 32, above 30."}) << "as if for the first time";
    clock_.advance(30s);
    simulate(R"({"t":20})");
    clock_.advance(16s);
    EXPECT_EQ(step(*watch), lines{"2 No reading for more than 45s."}) << "made-up readings keep nobody alive";
}

TEST_F(watcher_test, does_not_call_a_device_silent_that_was_never_heard) {
    device_.signed_in_at.reset();
    devices_.put(device_);
    const auto watch = made();
    ASSERT_TRUE(watch->start({}));
    watch->changed(device_, events::device_change::created);
    step(*watch);
    clock_.advance(1h);
    EXPECT_EQ(step(*watch), lines{});
    device_.signed_in_at = clock_.now();
    devices_.put(device_);
    watch->changed(device_, events::device_change::updated);
    step(*watch);
    clock_.advance(46s);
    EXPECT_EQ(step(*watch), lines{"2 No reading for more than 45s."});
}

} // namespace
} // namespace breakwater::alerts
