#include "alerts/incident_rules.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
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
        rules_.take({incident_kind::refused_logins, from}, count, {}, std::nullopt, start_ + after, tell());
        return std::exchange(told_, {});
    }
    /// One wrong password for each of those accounts.
    std::vector<std::string> spray(const std::vector<affected_thing>& accounts, std::chrono::seconds after) {
        rules_.take({incident_kind::password_spraying, "all"}, std::ssize(accounts), accounts, std::nullopt,
                    start_ + after, [this](const incident_turn& turn) {
                        told_.push_back(std::to_string(turn.things) + (turn.and_more ? "+" : "") + " from " +
                                        std::to_string(turn.places) + ", " + std::to_string(turn.count));
                    });
        return std::exchange(told_, {});
    }
    static alert_rule spraying(std::int64_t count) {
        return rule(1, {.incident = incident_kind::password_spraying, .count = count, .within = 60s});
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
    EXPECT_EQ(guess("a", 1, 62s), turns{"1 a 5"});
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
    rules_.take({incident_kind::device_flood, "readings", device}, 1, {}, category::smart_lock, start_,
                tell());
    EXPECT_EQ(told_, turns{});
    rules_.take({incident_kind::device_flood, "readings", device}, 1, {}, category::ip_camera, start_,
                tell());
    EXPECT_EQ(told_, turns{"1 readings 1"});
}

TEST_F(incident_rules_test, addresses_without_end_are_bounded_and_hide_nobody_who_does_more) {
    rules_.replace({rule(1, {.count = 4, .within = 60s})});
    EXPECT_EQ(guess("attacker", 3, 0s), turns{});
    for (std::size_t i = 0; i <= 3 * incident_rules::most_subjects; ++i)
        EXPECT_EQ(guess(std::to_string(i), 1, 0s), turns{});
    EXPECT_EQ(guess("attacker", 1, 1s), turns{"1 attacker 4"});
}

TEST_F(incident_rules_test, what_was_told_is_never_forgotten_for_others) {
    rules_.replace({rule(1, {.count = 1, .within = 60s})});
    for (std::size_t i = 0; i < incident_rules::most_subjects; ++i)
        EXPECT_EQ(guess(std::to_string(i), 1, 0s).size(), 1U);
    EXPECT_EQ(guess("one more", 2, 1s), turns{}) << "there is no room";
    tick(61s);
    EXPECT_EQ(guess("one more", 2, 62s), turns{"1 one more 2"});
}

TEST_F(incident_rules_test, of_distinct_things_the_same_one_counts_once) {
    rules_.replace({spraying(3)});
    EXPECT_EQ(spray({{1, 7}, {2, 7}}, 0s), turns{});
    for (int i = 1; i <= 5; ++i)
        EXPECT_EQ(spray({{2, 8}}, std::chrono::seconds{i}), turns{}) << "somebody mistypes a password";
    EXPECT_EQ(spray({{3, 9}}, 6s), turns{"3 from 3, 8"});
}

TEST_F(incident_rules_test, things_leave_the_window_one_by_one) {
    rules_.replace({spraying(3)});
    EXPECT_EQ(spray({{1, 7}}, 0s), turns{});
    EXPECT_EQ(spray({{2, 7}}, 40s), turns{});
    EXPECT_EQ(spray({{3, 7}}, 61s), turns{}) << "the first is long past";
    EXPECT_EQ(spray({{4, 7}}, 62s), turns{"3 from 1, 3"});
}

TEST_F(incident_rules_test, things_are_told_again_only_while_they_are_many) {
    rules_.replace({spraying(2)});
    EXPECT_EQ(spray({{1, 7}, {2, 7}}, 0s), turns{"2 from 1, 2"});
    EXPECT_EQ(spray({{3, 7}}, 1s), turns{}) << "just told";
    EXPECT_EQ(spray({{4, 7}}, 59s), turns{});
    EXPECT_EQ(spray({{4, 7}}, 60s), turns{"2 from 1, 3"}) << "the first two are past";
    EXPECT_EQ(spray({{4, 7}}, 150s), turns{}) << "somebody mistypes";
    EXPECT_EQ(spray({{5, 7}}, 151s), turns{"2 from 1, 2"});
}

TEST_F(incident_rules_test, things_without_end_are_bounded_and_said_to_be_more) {
    rules_.replace({spraying(2)});
    std::vector<affected_thing> accounts;
    for (std::uint64_t i = 1; i <= 1000; ++i)
        accounts.push_back({i, 7});
    EXPECT_EQ(spray(accounts, 0s), turns{"4+ from 1, 1000"});
}

TEST_F(incident_rules_test, who_gets_in_after_all_is_pardoned_where_he_tried) {
    rules_.replace({spraying(3)});
    EXPECT_EQ(spray({{1, 7}, {2, 7}}, 0s), turns{});
    const incident sprayed{incident_kind::password_spraying, "all"};
    rules_.pardon(sprayed, {1, 7});
    EXPECT_EQ(spray({{3, 7}}, 1s), turns{});
    rules_.pardon(sprayed, {2, 8}); // the owner, from elsewhere
    EXPECT_EQ(spray({{4, 7}}, 2s), turns{"3 from 1, 4"});
}

std::vector<std::string> kinds_of(const security_event& event) {
    std::vector<std::string> out;
    for (const found_incident& each : incidents_of(event))
        out.push_back(std::string{to_string(each.is.kind)} + ", " +
                      (each.is.device ? each.is.device->to_string() : each.is.subject));
    return out;
}

TEST(incidents, are_denials_that_nobody_staged) {
    security_event event{
        .type = event_type::login, .status = event_status::denied, .origin = {.source_address = "192.0.2.1"}};
    using names = std::vector<std::string>;
    EXPECT_EQ(kinds_of(event), names{"refused_logins, 192.0.2.1"});
    event.tried = 5;
    EXPECT_EQ(kinds_of(event), (names{"refused_logins, 192.0.2.1", "password_spraying, all sign-ins"}));
    event.simulated = true;
    EXPECT_EQ(kinds_of(event), names{}) << "a drill is none";
    event.simulated = false;
    event.status = event_status::success;
    EXPECT_EQ(kinds_of(event), names{});
    EXPECT_EQ(pardoned_by(event)->of->what, 5U);
    event.tried = 0;
    EXPECT_EQ(pardoned_by(event), std::nullopt);
}

TEST(incidents, of_tokens_are_forged_ones_alone) {
    security_event event{.type = event_type::jwt_invalid,
                         .status = event_status::denied,
                         .origin = {.source_address = "192.0.2.1"}};
    using names = std::vector<std::string>;
    EXPECT_EQ(kinds_of(event), names{"forged_tokens, 192.0.2.1"});
    event.actor = actor_type::device;
    event.actor_id = "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11";
    EXPECT_EQ(kinds_of(event), names{}) << "it was genuine";
}

TEST(incidents, are_of_whoever_caused_them) {
    using names = std::vector<std::string>;
    const std::string device = "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11";
    security_event event{.actor = actor_type::device,
                         .actor_id = device,
                         .type = event_type::reading_rate_limit,
                         .status = event_status::denied,
                         .origin = {.source_address = "2001:db8:1:2::3"}};
    EXPECT_EQ(kinds_of(event), names{"device_flood, " + device});
    event.actor_id = "nonsense";
    EXPECT_EQ(kinds_of(event), names{});
    event.type = event_type::device_auth;
    EXPECT_EQ(kinds_of(event), names{}) << "a right secret, of a device that is blocked";
    event.tried = 5;
    EXPECT_EQ(kinds_of(event), names{"wrong_device_secrets, 2001:db8:1:2::/64"});
    event.actor = actor_type::user;
    event.actor_id = "7";
    event.type = event_type::admin_forbidden;
    EXPECT_EQ(kinds_of(event), names{"admin_probing, user 7"});
    event.type = event_type::device_forbidden;
    event.detail = "one device";
    EXPECT_EQ(kinds_of(event), names{"device_probing, user 7"});
    const auto one = incidents_of(event).front().of;
    event.detail = "another device";
    EXPECT_NE(incidents_of(event).front().of->what, one->what);
}

} // namespace
} // namespace breakwater::alerts
