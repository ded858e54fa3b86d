#include "alerts/field_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace breakwater::alerts {
namespace {

using std::chrono::seconds;

constexpr timestamp start{seconds{1'800'000'000}};

class field_rules_test : public testing::Test {
protected:
    static alert_rule rule(rule_id id, field_condition when) {
        return {.id = id, .name = "a rule", .when = std::move(when)};
    }
    static device_id device(std::uint8_t last) {
        device_id out;
        out.bytes[15] = last;
        return out;
    }

    /// Sends one reading; returns the transitions, such as `1 raised 31`.
    std::vector<std::string> send_value(const std::string& payload, seconds after,
                                        std::uint8_t device_number = 1,
                                        category kind = category::weather_station) {
        return send_batch(
            {{.device_id = device(device_number), .received_at = start + after, .payload = payload}}, after,
            kind);
    }
    /// A reading measured at `at`.
    static reading measured(seconds at, const std::string& payload) {
        return {.device_id = device(1), .device_timestamp = start + at, .payload = payload};
    }
    std::vector<std::string> send_batch(std::vector<reading> upload, seconds after,
                                        category kind = category::weather_station) {
        for (reading& each : upload)
            each.received_at = at(after).wall;
        lines_.clear();
        rules_.evaluate(upload, kind, at(after), collect());
        std::ranges::sort(lines_);
        return std::exchange(lines_, {});
    }
    std::vector<std::string> advance(seconds after) {
        rules_.advance(at(after), collect());
        return std::exchange(lines_, {});
    }
    [[nodiscard]] moment at(seconds after) const {
        return {.wall = start + after + wall_offset_,
                .steady = steady_point{after + std::chrono::hours{1000}}};
    }
    field_rules::transition_handler collect() {
        return [this](const field_transition& change) {
            std::string line = std::to_string(change.rule.id);
            line += change.kind == transition::raised    ? " raised "
                    : change.kind == transition::cleared ? " cleared"
                                                         : " late ";
            line += change.value;
            if (change.kind == transition::late)
                line += ' ' + seconds_of(change.at) + '-' + seconds_of(change.until) + " x" +
                        std::to_string(change.times);
            lines_.push_back(std::move(line));
        };
    }
    static std::string seconds_of(timestamp at) {
        return std::to_string(std::chrono::duration_cast<seconds>(at - start).count());
    }
    static std::string temperature(const std::string& value) {
        return R"({"metrics":{"temperature_c":)" + value + "}}";
    }
    using transitions = std::vector<std::string>;
    field_rules rules_;
    std::vector<std::string> lines_;
    seconds wall_offset_{0}; ///< error of the wall clock
};

TEST_F(field_rules_test, above_clears_only_below_the_hysteresis) {
    rules_.replace({rule(1, {.field = "metrics.temperature_c", .high = 30, .hysteresis = 2})});
    EXPECT_EQ(send_value(temperature("30"), seconds{0}), transitions{});
    EXPECT_EQ(send_value(temperature("31"), seconds{1}), transitions{"1 raised 31"});
    EXPECT_EQ(send_value(temperature("32"), seconds{2}), transitions{});
    EXPECT_EQ(send_value(temperature("28.5"), seconds{3}), transitions{});
    EXPECT_EQ(send_value(temperature("28"), seconds{4}), transitions{"1 cleared"});
    EXPECT_EQ(send_value(temperature("29"), seconds{5}), transitions{});
}

TEST_F(field_rules_test, below_and_outside_have_their_hysteresis_inside) {
    rules_.replace(
        {rule(1, {.field = "v", .test = field_test::below, .low = 10, .hysteresis = 1}),
         rule(2, {.field = "v", .test = field_test::outside, .low = 5, .high = 50, .hysteresis = 3})});
    EXPECT_EQ(send_value(R"({"v":4})", seconds{0}), (transitions{"1 raised 4", "2 raised 4"}));
    EXPECT_EQ(send_value(R"({"v":7.5})", seconds{1}), transitions{});
    EXPECT_EQ(send_value(R"({"v":8})", seconds{2}), transitions{"2 cleared"});
    EXPECT_EQ(send_value(R"({"v":11})", seconds{3}), transitions{"1 cleared"});
    EXPECT_EQ(send_value(R"({"v":50.5})", seconds{4}), transitions{"2 raised 50.5"});
}

TEST_F(field_rules_test, the_condition_must_hold_in_every_reading_for_the_hold_time) {
    rules_.replace({rule(1, {.field = "v", .high = 1, .hold = seconds{60}})});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{0}), transitions{});
    EXPECT_EQ(send_value(R"({"v":1})", seconds{30}), transitions{});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{40}), transitions{});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{99}), transitions{});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{100}), transitions{"1 raised 2"});
}

TEST_F(field_rules_test, equal_values_match_in_every_spelling) {
    rules_.replace({rule(1, {.field = "s", .test = field_test::changes_to, .value = R"("jammed")"}),
                    rule(2, {.field = "n", .test = field_test::changes_to, .value = "1"}),
                    rule(3, {.field = "b", .test = field_test::changes_to, .value = "true"})});
    EXPECT_EQ(send_value(R"({"s":"\u006aammed","n":1.0,"b":true})", seconds{0}),
              (transitions{R"(1 raised "\u006aammed")", "2 raised 1.0", "3 raised true"}));
    EXPECT_EQ(send_value(R"({"s":"jammed","n":"1","b":false})", seconds{1}),
              (transitions{"2 cleared", "3 cleared"}));
}

TEST_F(field_rules_test, a_rate_needs_two_readings_and_works_in_both_directions) {
    rules_.replace({rule(1, {.field = "v", .test = field_test::changes_faster, .high = 2})});
    EXPECT_EQ(send_value(R"({"v":10})", seconds{0}), transitions{});
    EXPECT_EQ(send_value(R"({"v":11})", seconds{30}), transitions{}); // 2 a minute
    EXPECT_EQ(send_value(R"({"v":8})", seconds{60}), transitions{"1 raised 8"});
    EXPECT_EQ(send_value(R"({"v":8})", seconds{90}), transitions{"1 cleared"});
}

TEST_F(field_rules_test, values_that_cannot_be_compared_change_nothing) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{10}), transitions{"1 raised 2"});
    EXPECT_EQ(send_value(R"({"v":"0"})", seconds{20}), transitions{});
    EXPECT_EQ(send_value(R"({"w":0})", seconds{30}), transitions{});
    EXPECT_EQ(send_value(R"({"v":0})", seconds{40}), transitions{"1 cleared"});
}

TEST_F(field_rules_test, of_two_values_with_the_same_time_the_later_arrival_decides) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{10}), transitions{"1 raised 2"});
    EXPECT_EQ(send_value(R"({"v":0})", seconds{10}), transitions{"1 cleared"});
}

TEST_F(field_rules_test, the_newest_value_of_a_batch_decides_in_any_order) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(
        send_batch({measured(seconds{3}, R"({"v":0})"), measured(seconds{7}, R"({"v":2})")}, seconds{10}),
        transitions{"1 raised 2"});
    EXPECT_EQ(
        send_batch({measured(seconds{17}, R"({"v":0})"), measured(seconds{13}, R"({"v":3})")}, seconds{20}),
        transitions{"1 cleared"});
}

TEST_F(field_rules_test, a_condition_that_ended_within_a_batch_is_reported_once_as_late) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(send_batch({measured(seconds{1}, R"({"v":2})"), measured(seconds{2}, R"({"v":0})"),
                          measured(seconds{3}, R"({"v":4})"), measured(seconds{4}, R"({"v":0})"),
                          measured(seconds{5}, R"({"v":5})")},
                         seconds{6}),
              (transitions{"1 late 2 1-4 x2", "1 raised 5"}));
    EXPECT_EQ(
        send_batch({measured(seconds{7}, R"({"v":0})"), measured(seconds{8}, R"({"v":9})")}, seconds{9}),
        transitions{})
        << "still raised";
}

TEST_F(field_rules_test, an_older_value_neither_raises_nor_clears) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(send_value(R"({"v":0})", seconds{100}), transitions{});
    EXPECT_EQ(send_batch({measured(seconds{40}, R"({"v":2})")}, seconds{101}),
              transitions{"1 late 2 40-40 x1"});
    EXPECT_EQ(
        send_batch({measured(seconds{50}, R"({"v":2})"), measured(seconds{60}, R"({"v":0})")}, seconds{102}),
        transitions{"1 late 2 50-60 x1"});
    EXPECT_EQ(send_value(R"({"v":3})", seconds{103}), transitions{"1 raised 3"}) << "a new value decides";
    EXPECT_EQ(send_batch({measured(seconds{70}, R"({"v":0})")}, seconds{104}), transitions{});
    EXPECT_EQ(send_value(R"({"v":0})", seconds{105}), transitions{"1 cleared"}) << "it was raised";
}

TEST_F(field_rules_test, a_reading_measured_long_ago_does_not_decide_the_present) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    const seconds hour{field_rules::present_window};
    EXPECT_EQ(send_batch({measured(seconds{0}, R"({"v":2})")}, hour + seconds{1}),
              transitions{"1 late 2 0-0 x1"});
    EXPECT_EQ(send_batch({measured(seconds{2}, R"({"v":2})")}, hour + seconds{2}), transitions{"1 raised 2"});
    EXPECT_EQ(
        send_batch({measured(seconds{0}, R"({"v":2})")}, seconds{field_rules::late_window} + seconds{1}),
        transitions{})
        << "history";
}

TEST_F(field_rules_test, hold_and_hysteresis_apply_to_late_readings) {
    rules_.replace({rule(1, {.field = "v", .high = 10, .hysteresis = 5, .hold = seconds{20}})});
    EXPECT_EQ(send_value(R"({"v":0})", seconds{1000}), transitions{});
    EXPECT_EQ(send_batch({measured(seconds{0}, R"({"v":11})"), measured(seconds{10}, R"({"v":11})"),
                          measured(seconds{19}, R"({"v":0})")},
                         seconds{1001}),
              transitions{});
    EXPECT_EQ(send_batch({measured(seconds{20}, R"({"v":11})"), measured(seconds{40}, R"({"v":12})"),
                          measured(seconds{50}, R"({"v":6})"), measured(seconds{60}, R"({"v":5})")},
                         seconds{1002}),
              transitions{"1 late 12 40-60 x1"});
}

TEST_F(field_rules_test, setting_the_wall_clock_hides_nothing) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(send_value(R"({"v":0})", seconds{10}), transitions{});
    wall_offset_ = -std::chrono::hours{1};
    EXPECT_EQ(send_value(R"({"v":2})", seconds{11}), transitions{"1 raised 2"});
    wall_offset_ = std::chrono::hours{24 * 365};
    EXPECT_EQ(send_value(R"({"v":0})", seconds{12}), transitions{"1 cleared"});
    wall_offset_ = seconds{0};
    EXPECT_EQ(send_value(R"({"v":2})", seconds{13}), transitions{"1 raised 2"});
    EXPECT_EQ(send_batch({measured(seconds{14}, R"({"v":0})")}, seconds{14}), transitions{"1 cleared"})
        << "the device's clock was always right";
}

TEST_F(field_rules_test, time_alone_raises_a_condition_that_held_for_long_enough) {
    rules_.replace({rule(1, {.field = "v", .high = 1, .hold = seconds{60}})});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{0}), transitions{});
    EXPECT_EQ(advance(seconds{59}), transitions{});
    EXPECT_EQ(advance(seconds{60}), transitions{"1 raised 2"});
    EXPECT_EQ(advance(seconds{61}), transitions{}) << "once";
    EXPECT_EQ(send_value(R"({"v":0})", seconds{62}), transitions{"1 cleared"});
    EXPECT_EQ(send_value(R"({"v":3})", seconds{63}), transitions{});
    EXPECT_EQ(send_value(R"({"v":0})", seconds{64}), transitions{});
    EXPECT_EQ(advance(seconds{200}), transitions{}) << "it did not hold";
}

TEST_F(field_rules_test, each_rule_watches_its_own_devices) {
    alert_rule of_device = rule(1, {.field = "v", .high = 1});
    of_device.device = device(1);
    alert_rule of_category = rule(2, {.field = "v", .high = 1});
    of_category.category = category::ip_camera;
    alert_rule disabled = rule(3, {.field = "v", .high = 1});
    disabled.enabled = false;
    rules_.replace({of_device, of_category, disabled, rule(4, {.field = "w", .high = 1})});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{0}, 1), transitions{"1 raised 2"});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{0}, 2), transitions{});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{0}, 3, category::ip_camera), transitions{"2 raised 2"});
    EXPECT_EQ(rules_.watched(), 2U); // no state for devices without rules
    rules_.forget(device(1));
    EXPECT_EQ(rules_.watched(), 1U);
}

TEST_F(field_rules_test, a_changed_condition_starts_again_and_a_new_name_does_not) {
    alert_rule first = rule(1, {.field = "v", .high = 1});
    rules_.replace({first});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{0}), transitions{"1 raised 2"});
    first.name = "another name";
    rules_.replace({first});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{1}), transitions{});
    std::get<field_condition>(first.when).high = 1.5;
    rules_.replace({first});
    EXPECT_EQ(send_value(R"({"v":2})", seconds{2}), transitions{"1 raised 2"});
}

TEST_F(field_rules_test, invalid_field_conditions_are_refused) {
    const auto is_refused = [](const field_condition& when) {
        return !check(alert_rule{.name = "a rule", .when = when});
    };
    EXPECT_FALSE(is_refused({.field = "v", .high = 1}));
    EXPECT_TRUE(is_refused({.field = "", .high = 1}));
    EXPECT_TRUE(is_refused({.field = "a..b", .high = 1}));
    EXPECT_TRUE(is_refused({.field = std::string(201, 'a'), .high = 1}));
    EXPECT_TRUE(is_refused({.field = "v", .high = std::numeric_limits<double>::infinity()}));
    EXPECT_TRUE(is_refused({.field = "v", .high = 1, .hysteresis = -1}));
    EXPECT_TRUE(is_refused({.field = "v", .test = field_test::outside, .low = 2, .high = 2}));
    EXPECT_TRUE(
        is_refused({.field = "v", .test = field_test::outside, .low = 0, .high = 2, .hysteresis = 1.5}));
    EXPECT_TRUE(
        is_refused({.field = "v", .test = field_test::outside, .low = 0, .high = 2, .hysteresis = 1}));
    EXPECT_TRUE(is_refused({.field = "v", .high = 1, .hysteresis = 1e308}));
    EXPECT_FALSE(is_refused({.field = "v", .high = 0, .hysteresis = 100}));
    EXPECT_TRUE(is_refused({.field = "v", .test = field_test::below, .low = -30, .hysteresis = 3001}));
    EXPECT_TRUE(is_refused({.field = "v", .test = field_test::changes_faster, .high = 1, .hysteresis = 1}));
    EXPECT_FALSE(is_refused({.field = "v",
                             .test = field_test::outside,
                             .low = -std::numeric_limits<double>::max(),
                             .high = std::numeric_limits<double>::max(),
                             .hysteresis = 1}));
    EXPECT_TRUE(is_refused({.field = "v", .test = field_test::changes_faster, .high = 0}));
    EXPECT_TRUE(is_refused({.field = "v", .test = field_test::changes_to, .value = ""}));
    EXPECT_TRUE(is_refused({.field = "v", .test = field_test::changes_to, .value = "[1]"}));
    EXPECT_TRUE(is_refused({.field = "v", .test = field_test::changes_to, .value = "jammed"}));
    EXPECT_FALSE(is_refused({.field = "v", .test = field_test::changes_to, .value = "\"jammed\""}));
    EXPECT_TRUE(is_refused({.field = "v", .high = 1, .hold = seconds{-1}}));
    EXPECT_TRUE(is_refused({.field = "v", .high = 1, .hold = std::chrono::hours{25}}));
    EXPECT_FALSE(check({.name = "", .when = field_condition{.field = "v"}}));
    EXPECT_FALSE(check({.name = "both",
                        .category = category::ip_camera,
                        .device = device(1),
                        .when = field_condition{.field = "v"}}));
}

TEST_F(field_rules_test, invalid_silence_and_incident_conditions_are_refused) {
    const auto is_refused = [](alert_rule rule) {
        rule.name = "a rule";
        return !check(rule);
    };
    EXPECT_FALSE(is_refused({.when = silence_condition{.intervals = 1}}));
    EXPECT_TRUE(is_refused({.when = silence_condition{.intervals = 0}}));
    EXPECT_TRUE(is_refused({.when = silence_condition{}, .quarantine = true}));
    EXPECT_FALSE(is_refused({.when = security_condition{}}));
    EXPECT_TRUE(is_refused({.when = security_condition{.count = 0}}));
    EXPECT_TRUE(is_refused({.when = security_condition{.within = seconds{0}}}));
    EXPECT_TRUE(is_refused({.category = category::ip_camera, .when = security_condition{}}));
    EXPECT_TRUE(is_refused({.when = security_condition{}, .quarantine = true}));
    EXPECT_FALSE(is_refused({.category = category::ip_camera,
                             .when = security_condition{.incident = incident_kind::device_flood},
                             .quarantine = true}));
}

} // namespace
} // namespace breakwater::alerts
