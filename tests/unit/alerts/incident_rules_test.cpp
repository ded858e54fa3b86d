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
    incident_rules::transition_handler collect() {
        return [this](const incident_transition& transition) {
            lines_.push_back(std::to_string(transition.rule.id) + " " + transition.key.subject + " " +
                             std::to_string(transition.count));
        };
    }
    std::vector<std::string> guess(const std::string& address, std::int64_t count,
                                   std::chrono::seconds after) {
        rules_.record({incident_kind::refused_logins, address}, count, {}, std::nullopt, start_ + after,
                      collect());
        return std::exchange(lines_, {});
    }
    /// One wrong password for each of the accounts.
    std::vector<std::string> spray(const std::vector<affected_target>& accounts, std::chrono::seconds after) {
        rules_.record({incident_kind::password_spraying, "all"}, std::ssize(accounts), accounts, std::nullopt,
                      start_ + after, [this](const incident_transition& transition) {
                          lines_.push_back(std::to_string(transition.targets) +
                                           (transition.truncated ? "+" : "") + " from " +
                                           std::to_string(transition.networks) + ", " +
                                           std::to_string(transition.count));
                      });
        return std::exchange(lines_, {});
    }
    static alert_rule spraying(std::int64_t count) {
        return rule(1, {.incident = incident_kind::password_spraying, .count = count, .within = 60s});
    }
    std::vector<std::string> tick(std::chrono::seconds after) {
        rules_.tick(start_ + after, collect());
        return std::exchange(lines_, {});
    }
    using transitions = std::vector<std::string>;
    incident_rules rules_;
    std::vector<std::string> lines_;
    const steady_point start_{1h};
};

TEST_F(incident_rules_test, reports_the_count_when_the_limit_is_reached_within_the_window) {
    rules_.replace({rule(1, {.count = 5, .within = 60s})});
    EXPECT_EQ(guess("a", 4, 0s), transitions{});
    EXPECT_EQ(guess("b", 1, 10s), transitions{}) << "each address is counted separately";
    EXPECT_EQ(guess("a", 2, 30s), transitions{"1 a 6"});
}

TEST_F(incident_rules_test, old_incidents_do_not_count) {
    rules_.replace({rule(1, {.count = 5, .within = 60s})});
    EXPECT_EQ(guess("a", 4, 0s), transitions{});
    EXPECT_EQ(guess("a", 4, 61s), transitions{});
    EXPECT_EQ(guess("a", 1, 62s), transitions{"1 a 5"});
}

TEST_F(incident_rules_test, continuing_incidents_are_reported_once_a_minute_with_their_count) {
    rules_.replace({rule(1, {.count = 1, .within = 60s})});
    EXPECT_EQ(guess("a", 1, 0s), transitions{"1 a 1"});
    EXPECT_EQ(guess("a", 1000, 1s), transitions{});
    EXPECT_EQ(tick(30s), transitions{});
    EXPECT_EQ(tick(60s), transitions{"1 a 1000"});
    EXPECT_EQ(tick(120s), transitions{});
}

TEST_F(incident_rules_test, rules_count_only_their_own_kind_and_devices) {
    alert_rule flood = rule(1, {.incident = incident_kind::device_flood, .count = 1});
    flood.category = category::ip_camera;
    rules_.replace({flood, rule(2, {.incident = incident_kind::forged_tokens, .count = 1})});
    device_id device;
    rules_.record({incident_kind::device_flood, "readings", device}, 1, {}, category::smart_lock, start_,
                  collect());
    EXPECT_EQ(lines_, transitions{});
    rules_.record({incident_kind::device_flood, "readings", device}, 1, {}, category::ip_camera, start_,
                  collect());
    EXPECT_EQ(lines_, transitions{"1 readings 1"});
}

TEST_F(incident_rules_test, subjects_are_bounded_and_do_not_hide_the_busiest) {
    rules_.replace({rule(1, {.count = 4, .within = 60s})});
    EXPECT_EQ(guess("attacker", 3, 0s), transitions{});
    for (std::size_t i = 0; i <= 3 * incident_rules::max_subjects; ++i)
        EXPECT_EQ(guess(std::to_string(i), 1, 0s), transitions{});
    EXPECT_EQ(guess("attacker", 1, 1s), transitions{"1 attacker 4"});
}

TEST_F(incident_rules_test, reported_subjects_are_never_replaced_by_others) {
    rules_.replace({rule(1, {.count = 1, .within = 60s})});
    for (std::size_t i = 0; i < incident_rules::max_subjects; ++i)
        EXPECT_EQ(guess(std::to_string(i), 1, 0s).size(), 1U);
    EXPECT_EQ(guess("one more", 2, 1s), transitions{}) << "no room";
    tick(61s);
    EXPECT_EQ(guess("one more", 2, 62s), transitions{"1 one more 2"});
}

TEST_F(incident_rules_test, a_distinct_target_counts_once) {
    rules_.replace({spraying(3)});
    EXPECT_EQ(spray({{1, 7}, {2, 7}}, 0s), transitions{});
    for (int i = 1; i <= 5; ++i)
        EXPECT_EQ(spray({{2, 8}}, std::chrono::seconds{i}), transitions{}) << "a mistyped password";
    EXPECT_EQ(spray({{3, 9}}, 6s), transitions{"3 from 3, 8"});
}

TEST_F(incident_rules_test, targets_leave_the_window_one_by_one) {
    rules_.replace({spraying(3)});
    EXPECT_EQ(spray({{1, 7}}, 0s), transitions{});
    EXPECT_EQ(spray({{2, 7}}, 40s), transitions{});
    EXPECT_EQ(spray({{3, 7}}, 61s), transitions{}) << "the first one is too old";
    EXPECT_EQ(spray({{4, 7}}, 62s), transitions{"3 from 1, 3"});
}

TEST_F(incident_rules_test, targets_are_reported_again_only_while_there_are_many) {
    rules_.replace({spraying(2)});
    EXPECT_EQ(spray({{1, 7}, {2, 7}}, 0s), transitions{"2 from 1, 2"});
    EXPECT_EQ(spray({{3, 7}}, 1s), transitions{}) << "reported a second ago";
    EXPECT_EQ(spray({{4, 7}}, 59s), transitions{});
    EXPECT_EQ(spray({{4, 7}}, 60s), transitions{"2 from 1, 3"}) << "the first two are too old";
    EXPECT_EQ(spray({{4, 7}}, 150s), transitions{}) << "a mistyped password";
    EXPECT_EQ(spray({{5, 7}}, 151s), transitions{"2 from 1, 2"});
}

TEST_F(incident_rules_test, targets_are_bounded_and_reported_as_truncated) {
    rules_.replace({spraying(2)});
    std::vector<affected_target> accounts;
    for (std::uint64_t i = 1; i <= 1000; ++i)
        accounts.push_back({i, 7});
    EXPECT_EQ(spray(accounts, 0s), transitions{"4+ from 1, 1000"});
}

TEST_F(incident_rules_test, a_successful_sign_in_pardons_failures_from_the_same_network) {
    rules_.replace({spraying(3)});
    EXPECT_EQ(spray({{1, 7}, {2, 7}}, 0s), transitions{});
    const incident_key sprayed{incident_kind::password_spraying, "all"};
    rules_.pardon(sprayed, {1, 7});
    EXPECT_EQ(spray({{3, 7}}, 1s), transitions{});
    rules_.pardon(sprayed, {2, 8}); // from another network
    EXPECT_EQ(spray({{4, 7}}, 2s), transitions{"3 from 1, 4"});
}

std::vector<std::string> kinds_of(const security_event& event) {
    std::vector<std::string> out;
    for (const detected_incident& detected : incidents_of(event))
        out.push_back(std::string{to_string(detected.key.kind)} + ", " +
                      (detected.key.device ? detected.key.device->to_string() : detected.key.subject));
    return out;
}

TEST(incidents, are_denials_that_are_not_simulated) {
    security_event event{
        .type = event_type::login, .status = event_status::denied, .origin = {.source_address = "192.0.2.1"}};
    using names = std::vector<std::string>;
    EXPECT_EQ(kinds_of(event), names{"refused_logins, 192.0.2.1"});
    event.attempted_identity = 5;
    EXPECT_EQ(kinds_of(event), (names{"refused_logins, 192.0.2.1", "password_spraying, all sign-ins"}));
    event.simulated = true;
    EXPECT_EQ(kinds_of(event), names{}) << "a drill";
    event.simulated = false;
    event.status = event_status::success;
    EXPECT_EQ(kinds_of(event), names{});
    EXPECT_EQ(pardoned_by(event)->target->id, 5U);
    event.attempted_identity = 0;
    EXPECT_EQ(pardoned_by(event), std::nullopt);
}

TEST(incidents, of_tokens_are_only_the_forged_ones) {
    security_event event{.type = event_type::jwt_invalid,
                         .status = event_status::denied,
                         .origin = {.source_address = "192.0.2.1"}};
    using names = std::vector<std::string>;
    EXPECT_EQ(kinds_of(event), names{"forged_tokens, 192.0.2.1"});
    event.actor = actor_type::device;
    event.actor_id = "0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11";
    EXPECT_EQ(kinds_of(event), names{}) << "a genuine token";
}

TEST(incidents, name_who_caused_them) {
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
    EXPECT_EQ(kinds_of(event), names{}) << "the right secret of a blocked device";
    event.attempted_identity = 5;
    EXPECT_EQ(kinds_of(event), names{"wrong_device_secrets, 2001:db8:1:2::/64"});
    event.actor = actor_type::user;
    event.actor_id = "7";
    event.type = event_type::admin_forbidden;
    EXPECT_EQ(kinds_of(event), names{"admin_probing, user 7"});
    event.type = event_type::device_forbidden;
    event.detail = "one device";
    EXPECT_EQ(kinds_of(event), names{"device_probing, user 7"});
    const auto first = incidents_of(event).front().target;
    event.detail = "another device";
    EXPECT_NE(incidents_of(event).front().target->id, first->id);
}

} // namespace
} // namespace breakwater::alerts
