#include "alerts/field_rules.hpp"

#include <gtest/gtest.h>

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

    /// What the alerts did: `1 raised 31`.
    std::vector<std::string> say(const std::string& payload, seconds after, std::uint8_t from = 1,
                                 category kind = category::weather_station) {
        std::vector<std::string> told;
        rules_.take({.device_id = device(from), .received_at = start + after, .payload = payload}, kind,
                    [&](const field_turn& each) {
                        told.push_back(std::to_string(each.rule.id) +
                                       (each.what == turn::raised ? " raised " : " cleared ") +
                                       std::string{each.value});
                    });
        return told;
    }
    static std::string temperature(const std::string& value) {
        return R"({"metrics":{"temperature_c":)" + value + "}}";
    }
    using turns = std::vector<std::string>;
    field_rules rules_;
};

TEST_F(field_rules_test, AboveIsOverOnlyBelowTheHysteresis) {
    rules_.replace({rule(1, {.field = "metrics.temperature_c", .high = 30, .hysteresis = 2})});
    EXPECT_EQ(say(temperature("30"), seconds{0}), turns{});
    EXPECT_EQ(say(temperature("31"), seconds{1}), turns{"1 raised 31"});
    EXPECT_EQ(say(temperature("32"), seconds{2}), turns{});
    EXPECT_EQ(say(temperature("28.5"), seconds{3}), turns{});
    EXPECT_EQ(say(temperature("28"), seconds{4}), turns{"1 cleared 28"});
    EXPECT_EQ(say(temperature("29"), seconds{5}), turns{});
}

TEST_F(field_rules_test, BelowAndOutsideHaveTheirHysteresisInside) {
    rules_.replace(
        {rule(1, {.field = "v", .test = field_test::below, .low = 10, .hysteresis = 1}),
         rule(2, {.field = "v", .test = field_test::outside, .low = 5, .high = 50, .hysteresis = 3})});
    EXPECT_EQ(say(R"({"v":4})", seconds{0}), (turns{"1 raised 4", "2 raised 4"}));
    EXPECT_EQ(say(R"({"v":7.5})", seconds{1}), turns{});
    EXPECT_EQ(say(R"({"v":8})", seconds{2}), turns{"2 cleared 8"});
    EXPECT_EQ(say(R"({"v":11})", seconds{3}), turns{"1 cleared 11"});
    EXPECT_EQ(say(R"({"v":50.5})", seconds{4}), turns{"2 raised 50.5"});
}

TEST_F(field_rules_test, EveryReadingMustSayItForTheHoldTime) {
    rules_.replace({rule(1, {.field = "v", .high = 1, .hold = seconds{60}})});
    EXPECT_EQ(say(R"({"v":2})", seconds{0}), turns{});
    EXPECT_EQ(say(R"({"v":1})", seconds{30}), turns{});
    EXPECT_EQ(say(R"({"v":2})", seconds{40}), turns{});
    EXPECT_EQ(say(R"({"v":2})", seconds{99}), turns{});
    EXPECT_EQ(say(R"({"v":2})", seconds{100}), turns{"1 raised 2"});
}

TEST_F(field_rules_test, AValueIsTheSameHoweverItIsSpelled) {
    rules_.replace({rule(1, {.field = "s", .test = field_test::changes_to, .value = R"("jammed")"}),
                    rule(2, {.field = "n", .test = field_test::changes_to, .value = "1"}),
                    rule(3, {.field = "b", .test = field_test::changes_to, .value = "true"})});
    EXPECT_EQ(say(R"({"s":"\u006aammed","n":1.0,"b":true})", seconds{0}),
              (turns{R"(1 raised "\u006aammed")", "2 raised 1.0", "3 raised true"}));
    EXPECT_EQ(say(R"({"s":"jammed","n":"1","b":false})", seconds{1}),
              (turns{R"(2 cleared "1")", "3 cleared false"}));
}

TEST_F(field_rules_test, ARateNeedsTwoReadingsAndGoesBothWays) {
    rules_.replace({rule(1, {.field = "v", .test = field_test::changes_faster, .high = 2})});
    EXPECT_EQ(say(R"({"v":10})", seconds{0}), turns{});
    EXPECT_EQ(say(R"({"v":11})", seconds{30}), turns{}); // 2 a minute
    EXPECT_EQ(say(R"({"v":8})", seconds{60}), turns{"1 raised 8"});
    EXPECT_EQ(say(R"({"v":8})", seconds{90}), turns{"1 cleared 8"});
}

TEST_F(field_rules_test, WhatIsOlderOrCantBeComparedChangesNothing) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(say(R"({"v":2})", seconds{10}), turns{"1 raised 2"});
    EXPECT_EQ(say(R"({"v":0})", seconds{10}), turns{});
    EXPECT_EQ(say(R"({"v":0})", seconds{5}), turns{});
    EXPECT_EQ(say(R"({"v":"0"})", seconds{20}), turns{});
    EXPECT_EQ(say(R"({"w":0})", seconds{30}), turns{});
    EXPECT_EQ(say(R"({"v":0})", seconds{40}), turns{"1 cleared 0"});
}

TEST_F(field_rules_test, EachRuleWatchesItsOwnDevices) {
    alert_rule of_device = rule(1, {.field = "v", .high = 1});
    of_device.device = device(1);
    alert_rule of_category = rule(2, {.field = "v", .high = 1});
    of_category.category = category::ip_camera;
    alert_rule disabled = rule(3, {.field = "v", .high = 1});
    disabled.enabled = false;
    rules_.replace({of_device, of_category, disabled, rule(4, {.field = "w", .high = 1})});
    EXPECT_EQ(say(R"({"v":2})", seconds{0}, 1), turns{"1 raised 2"});
    EXPECT_EQ(say(R"({"v":2})", seconds{0}, 2), turns{});
    EXPECT_EQ(say(R"({"v":2})", seconds{0}, 3, category::ip_camera), turns{"2 raised 2"});
    EXPECT_EQ(rules_.watched(), 2U); // nothing is kept for what no rule is about
    rules_.forget(device(1));
    EXPECT_EQ(rules_.watched(), 1U);
}

TEST_F(field_rules_test, AChangedConditionBeginsAnewAndAnotherNameDoesNot) {
    alert_rule first = rule(1, {.field = "v", .high = 1});
    rules_.replace({first});
    EXPECT_EQ(say(R"({"v":2})", seconds{0}), turns{"1 raised 2"});
    first.name = "another name";
    rules_.replace({first});
    EXPECT_EQ(say(R"({"v":2})", seconds{1}), turns{});
    std::get<field_condition>(first.when).high = 1.5;
    rules_.replace({first});
    EXPECT_EQ(say(R"({"v":2})", seconds{2}), turns{"1 raised 2"});
}

TEST_F(field_rules_test, WhatCantBeMeantIsRefused) {
    const auto refused = [](const field_condition& when) {
        return !check(alert_rule{.name = "a rule", .when = when});
    };
    EXPECT_FALSE(refused({.field = "v", .high = 1}));
    EXPECT_TRUE(refused({.field = "", .high = 1}));
    EXPECT_TRUE(refused({.field = "a..b", .high = 1}));
    EXPECT_TRUE(refused({.field = std::string(201, 'a'), .high = 1}));
    EXPECT_TRUE(refused({.field = "v", .high = std::numeric_limits<double>::infinity()}));
    EXPECT_TRUE(refused({.field = "v", .high = 1, .hysteresis = -1}));
    EXPECT_TRUE(refused({.field = "v", .test = field_test::outside, .low = 2, .high = 2}));
    EXPECT_TRUE(refused({.field = "v", .test = field_test::outside, .low = 0, .high = 2, .hysteresis = 1.5}));
    EXPECT_TRUE(refused({.field = "v", .test = field_test::changes_faster, .high = 0}));
    EXPECT_TRUE(refused({.field = "v", .test = field_test::changes_to, .value = ""}));
    EXPECT_TRUE(refused({.field = "v", .test = field_test::changes_to, .value = "[1]"}));
    EXPECT_TRUE(refused({.field = "v", .test = field_test::changes_to, .value = "jammed"}));
    EXPECT_FALSE(refused({.field = "v", .test = field_test::changes_to, .value = "\"jammed\""}));
    EXPECT_TRUE(refused({.field = "v", .high = 1, .hold = seconds{-1}}));
    EXPECT_TRUE(refused({.field = "v", .high = 1, .hold = std::chrono::hours{25}}));
    EXPECT_FALSE(check({.name = "", .when = field_condition{.field = "v"}}));
    EXPECT_FALSE(check({.name = "both",
                        .category = category::ip_camera,
                        .device = device(1),
                        .when = field_condition{.field = "v"}}));
}

TEST_F(field_rules_test, WhatCantBeMeantOfSilenceAndIncidentsIsRefused) {
    const auto refused = [](alert_rule rule) {
        rule.name = "a rule";
        return !check(rule);
    };
    EXPECT_FALSE(refused({.when = silence_condition{.intervals = 1}}));
    EXPECT_TRUE(refused({.when = silence_condition{.intervals = 0}}));
    EXPECT_TRUE(refused({.when = silence_condition{}, .quarantine = true}));
    EXPECT_FALSE(refused({.when = security_condition{}}));
    EXPECT_TRUE(refused({.when = security_condition{.count = 0}}));
    EXPECT_TRUE(refused({.when = security_condition{.within = seconds{0}}}));
    EXPECT_TRUE(refused({.category = category::ip_camera, .when = security_condition{}}));
    EXPECT_TRUE(refused({.when = security_condition{}, .quarantine = true}));
    EXPECT_FALSE(refused({.category = category::ip_camera,
                          .when = security_condition{.incident = incident_kind::device_flood},
                          .quarantine = true}));
}

} // namespace
} // namespace breakwater::alerts
