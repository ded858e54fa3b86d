#include "alerts/incident_rules.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace breakwater::alerts {
namespace {

using namespace std::chrono_literals;

class incident_rules_test : public testing::Test {
protected:
    static alert_rule rule(rule_id id, security_condition when) {
        return {.id = id, .name = "incidents", .when = when};
    }
    incident_rules::tell tell() {
        return [this](const incident_turn& turn) {
            told_.push_back(std::to_string(turn.rule.id) + " " + turn.what.subject + " " +
                            std::to_string(turn.count));
        };
    }
    std::vector<std::string> guess(const std::string& from, std::int64_t count, std::chrono::seconds after) {
        rules_.take({incident_kind::refused_logins, from}, count, std::nullopt, start_ + after, tell());
        return std::exchange(told_, {});
    }
    std::vector<std::string> tick(std::chrono::seconds after) {
        rules_.tick(start_ + after, tell());
        return std::exchange(told_, {});
    }
    using turns = std::vector<std::string>;
    incident_rules rules_;
    std::vector<std::string> told_;
    const steady_point start_{1h};
};

TEST_F(incident_rules_test, so_many_within_the_time_are_told_with_their_number) {
    rules_.replace({rule(1, {.count = 5, .within = 60s})});
    EXPECT_EQ(guess("a", 4, 0s), turns{});
    EXPECT_EQ(guess("b", 1, 10s), turns{}) << "each address by itself";
    EXPECT_EQ(guess("a", 2, 30s), turns{"1 a 6"});
}

TEST_F(incident_rules_test, what_is_long_past_does_not_count) {
    rules_.replace({rule(1, {.count = 5, .within = 60s})});
    EXPECT_EQ(guess("a", 4, 0s), turns{});
    EXPECT_EQ(guess("a", 4, 61s), turns{});
    EXPECT_EQ(guess("a", 1, 62s), turns{"1 a 9"});
}

TEST_F(incident_rules_test, what_goes_on_is_told_once_a_minute_with_all_that_came) {
    rules_.replace({rule(1, {.count = 1, .within = 60s})});
    EXPECT_EQ(guess("a", 1, 0s), turns{"1 a 1"});
    EXPECT_EQ(guess("a", 1000, 1s), turns{});
    EXPECT_EQ(tick(30s), turns{});
    EXPECT_EQ(tick(60s), turns{"1 a 1000"});
    EXPECT_EQ(tick(120s), turns{});
}

TEST_F(incident_rules_test, rules_hear_of_their_own_kind_and_devices_alone) {
    alert_rule flood = rule(1, {.incident = incident_kind::device_flood, .count = 1});
    flood.category = category::ip_camera;
    rules_.replace({flood, rule(2, {.incident = incident_kind::forged_tokens, .count = 1})});
    device_id device;
    rules_.take({incident_kind::device_flood, "readings", device}, 1, category::smart_lock, start_, tell());
    EXPECT_EQ(told_, turns{});
    rules_.take({incident_kind::device_flood, "readings", device}, 1, category::ip_camera, start_, tell());
    EXPECT_EQ(told_, turns{"1 readings 1"});
}

TEST_F(incident_rules_test, addresses_without_end_are_bounded_and_forgotten) {
    rules_.replace({rule(1, {.count = 2, .within = 60s})});
    for (std::size_t i = 0; i <= incident_rules::most_subjects; ++i)
        guess(std::to_string(i), 1, 0s);
    EXPECT_EQ(guess("one more", 2, 1s), turns{}) << "there is no room";
    tick(61s);
    EXPECT_EQ(guess("one more", 2, 62s), turns{"1 one more 2"});
}

TEST_F(incident_rules_test, what_is_an_incident) {
    security_event event{.actor = actor_type::anonymous,
                         .type = event_type::login,
                         .status = event_status::denied,
                         .origin = {.source_address = "192.0.2.1"}};
    EXPECT_EQ(incident_of(event)->subject, "192.0.2.1");
    event.simulated = true;
    EXPECT_EQ(incident_of(event), std::nullopt) << "a drill is none";
    event.simulated = false;
    event.status = event_status::success;
    EXPECT_EQ(incident_of(event), std::nullopt);
    event = {.actor = actor_type::device,
             .actor_id = "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",
             .type = event_type::reading_rate_limit,
             .status = event_status::denied};
    EXPECT_EQ(incident_of(event)->device->to_string(), event.actor_id);
    event.actor_id = "nonsense";
    EXPECT_EQ(incident_of(event), std::nullopt);
}

} // namespace
} // namespace breakwater::alerts
