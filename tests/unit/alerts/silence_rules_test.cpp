#include "alerts/silence_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace breakwater::alerts {
namespace {

using namespace std::chrono_literals;

class silence_rules_test : public testing::Test {
protected:
    static device_id device(std::uint8_t last) {
        device_id out;
        out.bytes[15] = last;
        return out;
    }
    static alert_rule rule(rule_id id, std::int64_t intervals) {
        return {.id = id, .name = "silent", .when = silence_condition{.intervals = intervals}};
    }
    silence_rules::tell tell() {
        return [this](const silence_turn& turn) {
            told_.push_back(std::to_string(turn.rule.id) + (turn.silent ? " silent " : " speaks ") +
                            std::to_string(turn.device.bytes[15]));
        };
    }
    std::vector<std::string> look(steady_point now) {
        told_.clear();
        rules_.look(
            now,
            [](const device_id& id) {
                const category kind = id.bytes[15] < 10 ? category::weather_station : category::smart_lock;
                return std::optional{silence_rules::rhythm{kind, info(kind).max_interval}};
            },
            tell());
        std::ranges::sort(told_);
        return std::exchange(told_, {});
    }
    std::vector<std::string> hear(std::uint8_t from, steady_point now) {
        rules_.heard(device(from), now, tell());
        return std::exchange(told_, {});
    }
    using turns = std::vector<std::string>;
    silence_rules rules_;
    std::vector<std::string> told_;
    const steady_point start_{1h};
};

TEST_F(silence_rules_test, a_device_is_silent_once_after_its_categorys_intervals) {
    rules_.replace({rule(1, 3)});
    rules_.expect(device(1), start_);  // every 45 s at the longest
    rules_.expect(device(11), start_); // every 180 s
    EXPECT_EQ(look(start_ + 135s), turns{});
    EXPECT_EQ(look(start_ + 136s), turns{"1 silent 1"});
    EXPECT_EQ(look(start_ + 140s), turns{});
    EXPECT_EQ(look(start_ + 541s), turns{"1 silent 11"});
    EXPECT_EQ(hear(1, start_ + 600s), turns{"1 speaks 1"});
    EXPECT_EQ(hear(1, start_ + 601s), turns{});
    EXPECT_EQ(look(start_ + 736s), turns{});
    EXPECT_EQ(look(start_ + 737s), turns{"1 silent 1"});
}

TEST_F(silence_rules_test, rules_are_for_their_devices) {
    alert_rule of_category = rule(1, 1);
    of_category.category = category::smart_lock;
    alert_rule of_device = rule(2, 1);
    of_device.device = device(1);
    alert_rule disabled = rule(3, 1);
    disabled.enabled = false;
    rules_.replace({of_category, of_device, disabled});
    for (const auto each : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{11}})
        rules_.expect(device(each), start_);
    EXPECT_EQ(look(start_ + 200s), (turns{"1 silent 11", "2 silent 1"}));
}

TEST_F(silence_rules_test, what_was_told_before_a_restart_is_not_told_again) {
    rules_.replace({rule(1, 1)});
    rules_.restore(1, device(1));
    rules_.expect(device(1), start_);
    EXPECT_EQ(look(start_ + 100s), turns{});
    EXPECT_EQ(hear(1, start_ + 101s), turns{"1 speaks 1"});
}

TEST_F(silence_rules_test, nobody_waits_for_a_device_that_may_not_speak) {
    rules_.replace({rule(1, 1)});
    rules_.expect(device(1), start_);
    EXPECT_EQ(look(start_ + 100s), turns{"1 silent 1"});
    rules_.forget(device(1), tell());
    EXPECT_EQ(std::exchange(told_, {}), turns{"1 speaks 1"});
    EXPECT_EQ(look(start_ + 1000s), turns{});
    rules_.expect(device(1), start_ + 1000s);
    EXPECT_EQ(look(start_ + 1045s), turns{});
    EXPECT_EQ(look(start_ + 1046s), turns{"1 silent 1"});
}

TEST_F(silence_rules_test, a_changed_rule_begins_anew) {
    rules_.replace({rule(1, 1)});
    rules_.expect(device(1), start_);
    EXPECT_EQ(look(start_ + 46s), turns{"1 silent 1"});
    rules_.replace({rule(1, 2)});
    EXPECT_EQ(look(start_ + 90s), turns{});
    EXPECT_EQ(look(start_ + 91s), turns{"1 silent 1"});
    rules_.replace({});
    EXPECT_EQ(look(start_ + 1000s), turns{});
}

} // namespace
} // namespace breakwater::alerts
