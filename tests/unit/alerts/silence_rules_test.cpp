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
    silence_rules::transition_handler collect() {
        return [this](const silence_transition& transition) {
            lines_.push_back(std::to_string(transition.rule.id) +
                             (transition.silent ? " silent " : " speaks ") +
                             std::to_string(transition.device.bytes[15]));
        };
    }
    std::vector<std::string> check(steady_point now) {
        lines_.clear();
        rules_.check(
            now,
            [](const device_id& id) {
                const category kind = id.bytes[15] < 10 ? category::weather_station : category::smart_lock;
                return std::optional{silence_rules::schedule{kind, info(kind).max_interval}};
            },
            collect());
        std::ranges::sort(lines_);
        return std::exchange(lines_, {});
    }
    std::vector<std::string> send(std::uint8_t device_number, steady_point now) {
        rules_.record_reading(device(device_number), now, collect());
        return std::exchange(lines_, {});
    }
    using transitions = std::vector<std::string>;
    silence_rules rules_;
    std::vector<std::string> lines_;
    const steady_point start_{1h};
};

TEST_F(silence_rules_test, silence_is_reported_once_after_the_intervals_of_the_category) {
    rules_.replace({rule(1, 3)});
    rules_.expect(device(1), start_);  // every 45 s at the longest
    rules_.expect(device(11), start_); // every 180 s
    EXPECT_EQ(check(start_ + 135s), transitions{});
    EXPECT_EQ(check(start_ + 136s), transitions{"1 silent 1"});
    EXPECT_EQ(check(start_ + 140s), transitions{});
    EXPECT_EQ(check(start_ + 541s), transitions{"1 silent 11"});
    EXPECT_EQ(send(1, start_ + 600s), transitions{"1 speaks 1"});
    EXPECT_EQ(send(1, start_ + 601s), transitions{});
    EXPECT_EQ(check(start_ + 736s), transitions{});
    EXPECT_EQ(check(start_ + 737s), transitions{"1 silent 1"});
}

TEST_F(silence_rules_test, rules_apply_to_their_devices_only) {
    alert_rule of_category = rule(1, 1);
    of_category.category = category::smart_lock;
    alert_rule of_device = rule(2, 1);
    of_device.device = device(1);
    alert_rule disabled = rule(3, 1);
    disabled.enabled = false;
    rules_.replace({of_category, of_device, disabled});
    for (const auto number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{11}})
        rules_.expect(device(number), start_);
    EXPECT_EQ(check(start_ + 200s), (transitions{"1 silent 11", "2 silent 1"}));
}

TEST_F(silence_rules_test, a_restored_alert_is_not_raised_again) {
    rules_.replace({rule(1, 1)});
    rules_.restore(1, device(1));
    rules_.expect(device(1), start_);
    EXPECT_EQ(check(start_ + 100s), transitions{});
    EXPECT_EQ(send(1, start_ + 101s), transitions{"1 speaks 1"});
}

TEST_F(silence_rules_test, a_forgotten_device_is_not_reported) {
    rules_.replace({rule(1, 1)});
    rules_.expect(device(1), start_);
    EXPECT_EQ(check(start_ + 100s), transitions{"1 silent 1"});
    rules_.forget(device(1), collect());
    EXPECT_EQ(std::exchange(lines_, {}), transitions{"1 speaks 1"});
    EXPECT_EQ(check(start_ + 1000s), transitions{});
    rules_.expect(device(1), start_ + 1000s);
    EXPECT_EQ(check(start_ + 1045s), transitions{});
    EXPECT_EQ(check(start_ + 1046s), transitions{"1 silent 1"});
}

TEST_F(silence_rules_test, a_changed_rule_starts_again) {
    rules_.replace({rule(1, 1)});
    rules_.expect(device(1), start_);
    EXPECT_EQ(check(start_ + 46s), transitions{"1 silent 1"});
    rules_.replace({rule(1, 2)});
    EXPECT_EQ(check(start_ + 90s), transitions{});
    EXPECT_EQ(check(start_ + 91s), transitions{"1 silent 1"});
    rules_.replace({});
    EXPECT_EQ(check(start_ + 1000s), transitions{});
}

} // namespace
} // namespace breakwater::alerts
