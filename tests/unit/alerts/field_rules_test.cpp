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

    /// What the alerts did: `1 raised 31`.
    std::vector<std::string> say(const std::string& payload, seconds after, std::uint8_t from = 1,
                                 category kind = category::weather_station) {
        return send({{.device_id = device(from), .received_at = start + after, .payload = payload}}, after,
                    kind);
    }
    /// Measured `ago` before the others of a batch that arrives.
    static reading measured(seconds at, const std::string& payload) {
        return {.device_id = device(1), .device_timestamp = start + at, .payload = payload};
    }
    std::vector<std::string> send(std::vector<reading> upload, seconds after,
                                  category kind = category::weather_station) {
        for (reading& each : upload)
            each.received_at = at(after).wall;
        told_.clear();
        rules_.take(upload, kind, at(after), tell());
        std::ranges::sort(told_);
        return std::exchange(told_, {});
    }
    std::vector<std::string> pass(seconds after) {
        rules_.pass(at(after), tell());
        return std::exchange(told_, {});
    }
    [[nodiscard]] moment at(seconds after) const {
        return {.wall = start + after + wall_off_, .steady = steady_point{after + std::chrono::hours{1000}}};
    }
    field_rules::tell tell() {
        return [this](const field_turn& each) {
            std::string line = std::to_string(each.rule.id);
            line += each.what == turn::raised    ? " raised "
                    : each.what == turn::cleared ? " cleared"
                                                 : " late ";
            line += each.value;
            if (each.what == turn::late)
                line += ' ' + seconds_of(each.at) + '-' + seconds_of(each.until) + " x" +
                        std::to_string(each.times);
            told_.push_back(std::move(line));
        };
    }
    static std::string seconds_of(timestamp at) {
        return std::to_string(std::chrono::duration_cast<seconds>(at - start).count());
    }
    static std::string temperature(const std::string& value) {
        return R"({"metrics":{"temperature_c":)" + value + "}}";
    }
    using turns = std::vector<std::string>;
    field_rules rules_;
    std::vector<std::string> told_;
    seconds wall_off_{0}; ///< by how much the wall clock is set wrong
};

TEST_F(field_rules_test, AboveIsOverOnlyBelowTheHysteresis) {
    rules_.replace({rule(1, {.field = "metrics.temperature_c", .high = 30, .hysteresis = 2})});
    EXPECT_EQ(say(temperature("30"), seconds{0}), turns{});
    EXPECT_EQ(say(temperature("31"), seconds{1}), turns{"1 raised 31"});
    EXPECT_EQ(say(temperature("32"), seconds{2}), turns{});
    EXPECT_EQ(say(temperature("28.5"), seconds{3}), turns{});
    EXPECT_EQ(say(temperature("28"), seconds{4}), turns{"1 cleared"});
    EXPECT_EQ(say(temperature("29"), seconds{5}), turns{});
}

TEST_F(field_rules_test, BelowAndOutsideHaveTheirHysteresisInside) {
    rules_.replace(
        {rule(1, {.field = "v", .test = field_test::below, .low = 10, .hysteresis = 1}),
         rule(2, {.field = "v", .test = field_test::outside, .low = 5, .high = 50, .hysteresis = 3})});
    EXPECT_EQ(say(R"({"v":4})", seconds{0}), (turns{"1 raised 4", "2 raised 4"}));
    EXPECT_EQ(say(R"({"v":7.5})", seconds{1}), turns{});
    EXPECT_EQ(say(R"({"v":8})", seconds{2}), turns{"2 cleared"});
    EXPECT_EQ(say(R"({"v":11})", seconds{3}), turns{"1 cleared"});
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
    EXPECT_EQ(say(R"({"s":"jammed","n":"1","b":false})", seconds{1}), (turns{"2 cleared", "3 cleared"}));
}

TEST_F(field_rules_test, ARateNeedsTwoReadingsAndGoesBothWays) {
    rules_.replace({rule(1, {.field = "v", .test = field_test::changes_faster, .high = 2})});
    EXPECT_EQ(say(R"({"v":10})", seconds{0}), turns{});
    EXPECT_EQ(say(R"({"v":11})", seconds{30}), turns{}); // 2 a minute
    EXPECT_EQ(say(R"({"v":8})", seconds{60}), turns{"1 raised 8"});
    EXPECT_EQ(say(R"({"v":8})", seconds{90}), turns{"1 cleared"});
}

TEST_F(field_rules_test, WhatCantBeComparedChangesNothing) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(say(R"({"v":2})", seconds{10}), turns{"1 raised 2"});
    EXPECT_EQ(say(R"({"v":"0"})", seconds{20}), turns{});
    EXPECT_EQ(say(R"({"w":0})", seconds{30}), turns{});
    EXPECT_EQ(say(R"({"v":0})", seconds{40}), turns{"1 cleared"});
}

TEST_F(field_rules_test, OfTwoOfTheSameTimeTheOneThatCameLaterDecides) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(say(R"({"v":2})", seconds{10}), turns{"1 raised 2"});
    EXPECT_EQ(say(R"({"v":0})", seconds{10}), turns{"1 cleared"});
}

TEST_F(field_rules_test, TheNewestOfABatchDecidesInWhateverOrderItComes) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(send({measured(seconds{3}, R"({"v":0})"), measured(seconds{7}, R"({"v":2})")}, seconds{10}),
              turns{"1 raised 2"});
    EXPECT_EQ(send({measured(seconds{17}, R"({"v":0})"), measured(seconds{13}, R"({"v":3})")}, seconds{20}),
              turns{"1 cleared"});
}

TEST_F(field_rules_test, WhatHeldAndWasOverWithinABatchIsToldOnceAsLate) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(send({measured(seconds{1}, R"({"v":2})"), measured(seconds{2}, R"({"v":0})"),
                    measured(seconds{3}, R"({"v":4})"), measured(seconds{4}, R"({"v":0})"),
                    measured(seconds{5}, R"({"v":5})")},
                   seconds{6}),
              (turns{"1 late 2 1-4 x2", "1 raised 5"}));
    EXPECT_EQ(send({measured(seconds{7}, R"({"v":0})"), measured(seconds{8}, R"({"v":9})")}, seconds{9}),
              turns{})
        << "it is up still";
}

TEST_F(field_rules_test, AnOlderValueNeitherRaisesNorEndsWhatANewerDecided) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(say(R"({"v":0})", seconds{100}), turns{});
    EXPECT_EQ(send({measured(seconds{40}, R"({"v":2})")}, seconds{101}), turns{"1 late 2 40-40 x1"});
    EXPECT_EQ(send({measured(seconds{50}, R"({"v":2})"), measured(seconds{60}, R"({"v":0})")}, seconds{102}),
              turns{"1 late 2 50-60 x1"});
    EXPECT_EQ(say(R"({"v":3})", seconds{103}), turns{"1 raised 3"}) << "what is new is";
    EXPECT_EQ(send({measured(seconds{70}, R"({"v":0})")}, seconds{104}), turns{});
    EXPECT_EQ(say(R"({"v":0})", seconds{105}), turns{"1 cleared"}) << "it was up";
}

TEST_F(field_rules_test, WhatIsMeasuredLongBeforeDoesNotSayHowThingsAre) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    const seconds hour{field_rules::present_window};
    EXPECT_EQ(send({measured(seconds{0}, R"({"v":2})")}, hour + seconds{1}), turns{"1 late 2 0-0 x1"});
    EXPECT_EQ(send({measured(seconds{2}, R"({"v":2})")}, hour + seconds{2}), turns{"1 raised 2"});
    EXPECT_EQ(send({measured(seconds{0}, R"({"v":2})")}, seconds{field_rules::late_window} + seconds{1}),
              turns{})
        << "history";
}

TEST_F(field_rules_test, HoldAndHysteresisAreOfTheLateOnesToo) {
    rules_.replace({rule(1, {.field = "v", .high = 10, .hysteresis = 5, .hold = seconds{20}})});
    EXPECT_EQ(say(R"({"v":0})", seconds{1000}), turns{});
    EXPECT_EQ(send({measured(seconds{0}, R"({"v":11})"), measured(seconds{10}, R"({"v":11})"),
                    measured(seconds{19}, R"({"v":0})")},
                   seconds{1001}),
              turns{});
    EXPECT_EQ(send({measured(seconds{20}, R"({"v":11})"), measured(seconds{40}, R"({"v":12})"),
                    measured(seconds{50}, R"({"v":6})"), measured(seconds{60}, R"({"v":5})")},
                   seconds{1002}),
              turns{"1 late 12 40-60 x1"});
}

TEST_F(field_rules_test, AWallClockThatIsSetHidesNothing) {
    rules_.replace({rule(1, {.field = "v", .high = 1})});
    EXPECT_EQ(say(R"({"v":0})", seconds{10}), turns{});
    wall_off_ = -std::chrono::hours{1};
    EXPECT_EQ(say(R"({"v":2})", seconds{11}), turns{"1 raised 2"});
    wall_off_ = std::chrono::hours{24 * 365};
    EXPECT_EQ(say(R"({"v":0})", seconds{12}), turns{"1 cleared"});
    wall_off_ = seconds{0};
    EXPECT_EQ(say(R"({"v":2})", seconds{13}), turns{"1 raised 2"});
    EXPECT_EQ(send({measured(seconds{14}, R"({"v":0})")}, seconds{14}), turns{"1 cleared"})
        << "the device's own clock was right all the time";
}

TEST_F(field_rules_test, TimeAloneRaisesWhatHasHeldForLongEnough) {
    rules_.replace({rule(1, {.field = "v", .high = 1, .hold = seconds{60}})});
    EXPECT_EQ(say(R"({"v":2})", seconds{0}), turns{});
    EXPECT_EQ(pass(seconds{59}), turns{});
    EXPECT_EQ(pass(seconds{60}), turns{"1 raised 2"});
    EXPECT_EQ(pass(seconds{61}), turns{}) << "once";
    EXPECT_EQ(say(R"({"v":0})", seconds{62}), turns{"1 cleared"});
    EXPECT_EQ(say(R"({"v":3})", seconds{63}), turns{});
    EXPECT_EQ(say(R"({"v":0})", seconds{64}), turns{});
    EXPECT_EQ(pass(seconds{200}), turns{}) << "it did not hold";
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
    EXPECT_TRUE(refused({.field = "v", .test = field_test::outside, .low = 0, .high = 2, .hysteresis = 1}));
    EXPECT_TRUE(refused({.field = "v", .high = 1, .hysteresis = 1e308}));
    EXPECT_FALSE(refused({.field = "v", .high = 0, .hysteresis = 100}));
    EXPECT_TRUE(refused({.field = "v", .test = field_test::below, .low = -30, .hysteresis = 3001}));
    EXPECT_TRUE(refused({.field = "v", .test = field_test::changes_faster, .high = 1, .hysteresis = 1}));
    EXPECT_FALSE(refused({.field = "v",
                          .test = field_test::outside,
                          .low = -std::numeric_limits<double>::max(),
                          .high = std::numeric_limits<double>::max(),
                          .hysteresis = 1}));
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
