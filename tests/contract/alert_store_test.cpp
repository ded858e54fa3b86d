#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

using std::chrono::seconds;

class alerts : public stored {
protected:
    rule_id add_rule(alert_rule added) {
        rule_id id = 0;
        write([&](transaction& tx) -> result<void> {
            auto made = tx.alerts().insert_rule(added);
            if (!made)
                return pass(std::move(made));
            id = *made;
            return {};
        });
        return id;
    }
    alert_id add_alert(rule_id rule, const std::optional<device_id>& device, const std::string& subject,
                       std::int64_t when = 10) {
        alert_id id = 0;
        write([&](transaction& tx) -> result<void> {
            auto made = tx.alerts().insert(example(rule, device, subject, when));
            if (!made)
                return pass(std::move(made));
            id = *made;
            return {};
        });
        return id;
    }
    static alert example(rule_id rule, const std::optional<device_id>& device, const std::string& subject,
                         std::int64_t when) {
        return {.rule = rule,
                .rule_name = "A rule",
                .severity = alert_severity::critical,
                .device = device,
                .subject = subject,
                .summary = "It is so.",
                .raised_at = at(when),
                .last_raised_at = at(when)};
    }
    alert_rule rule_of(rule_id id) {
        std::optional<alert_rule> found;
        read([&](const snapshot& view) { found = view.alerts().find_rule(id).value(); });
        return found.value();
    }
    alert alert_of(alert_id id) {
        std::optional<alert> found;
        read([&](const snapshot& view) { found = view.alerts().find(id).value(); });
        return found.value();
    }
    std::vector<alert_id> ids(const alert_query& query) {
        std::vector<alert_id> out;
        read([&](const snapshot& view) {
            const auto found = view.alerts().list(query);
            for (const alert& each : found.value())
                out.push_back(each.id);
        });
        return out;
    }
    void resolve(alert_id id, std::int64_t when) {
        alert changed = alert_of(id);
        changed.state = alert_state::resolved;
        changed.resolved_at = at(when);
        write([&](transaction& tx) { return tx.alerts().update(changed); });
    }

    user_id owner_ = 0;
    device device_;

    void SetUp() override {
        stored::SetUp();
        owner_ = add_user("ada@example.com");
        device_ = add_device(owner_, "Roof");
    }
};
INSTANTIATE_TEST_SUITE_P(, alerts, testing::ValuesIn(backends()), backend_name);

TEST_P(alerts, there_are_rules_to_begin_with_for_every_category_and_each_makes_sense) {
    std::array<int, category_count> of_category{};
    int silence = 0;
    int security = 0;
    read([&](const snapshot& view) {
        const auto rules = view.alerts().rules();
        for (const alert_rule& each : rules.value()) {
            EXPECT_TRUE(check(each)) << each.name;
            if (each.category)
                ++of_category[static_cast<std::size_t>(*each.category)];
            silence += each.kind() == alert_kind::silence ? 1 : 0;
            security += each.kind() == alert_kind::security ? 1 : 0;
        }
    });
    for (const int rules : of_category)
        EXPECT_GE(rules, 2);
    EXPECT_EQ(silence, 1);
    EXPECT_EQ(security, 8);
}

TEST_P(alerts, rules_come_back_as_they_went_in) {
    const alert_rule field{.name = "Warm",
                           .severity = alert_severity::info,
                           .enabled = false,
                           .device = device_.id,
                           .when = field_condition{.field = "metrics.temperature_c",
                                                   .test = field_test::outside,
                                                   .low = -1.5,
                                                   .high = 30.25,
                                                   .hysteresis = 0.1,
                                                   .hold = seconds{90}},
                           .quarantine = true,
                           .created_at = at(1),
                           .updated_at = at(2)};
    const alert_rule silent{.name = "Silent",
                            .category = category::smart_lock,
                            .when = silence_condition{.intervals = 7},
                            .created_at = at(3),
                            .updated_at = at(3)};
    const alert_rule flood{
        .name = "Flood",
        .when =
            security_condition{.incident = incident_kind::device_flood, .count = 9, .within = seconds{11}},
        .created_at = at(4),
        .updated_at = at(4)};
    for (const alert_rule& each : {field, silent, flood}) {
        const alert_rule back = rule_of(add_rule(each));
        EXPECT_EQ(back.name, each.name);
        EXPECT_EQ(back.severity, each.severity);
        EXPECT_EQ(back.enabled, each.enabled);
        EXPECT_EQ(back.category, each.category);
        EXPECT_EQ(back.device, each.device);
        EXPECT_TRUE(back.when == each.when) << each.name;
        EXPECT_EQ(back.quarantine, each.quarantine);
        EXPECT_EQ(back.created_at, each.created_at);
        EXPECT_EQ(back.updated_at, each.updated_at);
    }
}

TEST_P(alerts, a_changed_rule_may_be_of_another_kind) {
    const rule_id id = add_rule({.name = "Warm", .when = field_condition{.field = "t", .high = 1}});
    write([&](transaction& tx) {
        return tx.alerts().update_rule(
            {.id = id, .name = "Silent", .when = silence_condition{.intervals = 2}, .updated_at = at(5)});
    });
    EXPECT_EQ(rule_of(id).kind(), alert_kind::silence);
    EXPECT_EQ(rule_of(id).updated_at, at(5));
}

TEST_P(alerts, what_is_gone_is_not_found) {
    write([&](transaction& tx) -> result<void> {
        EXPECT_EQ(tx.alerts().update_rule({.id = 999, .name = "x"}).error().code, errc::not_found);
        EXPECT_EQ(tx.alerts().remove_rule(999).error().code, errc::not_found);
        EXPECT_EQ(tx.alerts().insert_rule({.name = "x", .device = new_id()}).error().code, errc::not_found);
        return {};
    });
    EXPECT_EQ(ids({}), std::vector<alert_id>{});
}

TEST_P(alerts, an_alert_is_one_until_it_is_resolved) {
    const rule_id rule = add_rule({.name = "Warm"});
    const alert_id first = add_alert(rule, device_.id, "t");
    write([&](transaction& tx) -> result<void> {
        EXPECT_EQ(tx.alerts().insert(example(rule, device_.id, "t", 11)).error().code, errc::bad_state);
        return {};
    });
    add_alert(rule, device_.id, "other");
    add_alert(rule, std::nullopt, "t");
    resolve(first, 20);
    const alert_id second = add_alert(rule, device_.id, "t");
    read([&](const snapshot& view) {
        EXPECT_EQ(view.alerts().newest(rule, device_.id, "t", false).value()->id, second);
        EXPECT_EQ(view.alerts().newest(rule, device_.id, "none", false).value(), std::nullopt);
    });
}

TEST_P(alerts, an_alert_comes_back_with_its_device_and_everything_that_was_done) {
    const alert_id id = add_alert(add_rule({.name = "Warm"}), device_.id, "t");
    alert changed = alert_of(id);
    EXPECT_EQ(changed.device_name, "Roof");
    EXPECT_EQ(changed.owner, owner_);
    EXPECT_EQ(changed.severity, alert_severity::critical);
    EXPECT_EQ(changed.raised_at, at(10));
    changed.state = alert_state::acknowledged;
    changed.acknowledged_at = at(12);
    changed.acknowledged_by = "ada@example.com";
    changed.note = "On my way";
    changed.count = 3;
    changed.quarantined = true;
    changed.last_raised_at = at(11);
    write([&](transaction& tx) { return tx.alerts().update(changed); });
    const alert back = alert_of(id);
    EXPECT_EQ(back.state, alert_state::acknowledged);
    EXPECT_EQ(back.acknowledged_at, at(12));
    EXPECT_EQ(back.acknowledged_by, "ada@example.com");
    EXPECT_EQ(back.note, "On my way");
    EXPECT_EQ(back.count, 3);
    EXPECT_TRUE(back.quarantined);
    EXPECT_EQ(back.last_raised_at, at(11));
}

TEST_P(alerts, each_filter_narrows_the_list) {
    const rule_id rule = add_rule({.name = "Warm"});
    const device other = add_device(add_user("eve@example.com"), "Cellar");
    const alert_id ours = add_alert(rule, device_.id, "t");
    const alert_id theirs = add_alert(rule, other.id, "t");
    const alert_id nobodys = add_alert(add_rule({.name = "Guess"}), std::nullopt, "192.0.2.1");
    resolve(theirs, 30);
    using list = std::vector<alert_id>;
    EXPECT_EQ(ids({}), (list{nobodys, theirs, ours}));
    EXPECT_EQ(ids({.owner = owner_}), list{ours});
    EXPECT_EQ(ids({.state = alert_state::resolved}), list{theirs});
    EXPECT_EQ(ids({.live = true}), (list{nobodys, ours}));
    EXPECT_EQ(ids({.severity = alert_severity::info}), list{});
    EXPECT_EQ(ids({.device = other.id}), list{theirs});
    EXPECT_EQ(ids({.rule = rule}), (list{theirs, ours}));
    EXPECT_EQ(ids({.before = theirs}), list{ours});
    EXPECT_EQ(ids({.limit = 1}), list{nobodys});
    read([&](const snapshot& view) {
        const alert_summary all = view.alerts().summary(std::nullopt).value();
        EXPECT_EQ(all.open, 2);
        EXPECT_EQ(all.critical, 2);
        EXPECT_EQ(view.alerts().summary(owner_).value().open, 1);
    });
}

TEST_P(alerts, outlive_their_device_and_their_rule) {
    const rule_id rule = add_rule({.name = "Warm"});
    const rule_id of_device = add_rule({.name = "Roof's own", .device = device_.id});
    const alert_id its = add_alert(rule, device_.id, "t");
    const alert_id nobodys = add_alert(rule, std::nullopt, "t");
    write([&](transaction& tx) { return tx.alerts().remove_rule(rule); });
    EXPECT_EQ(alert_of(nobodys).rule, std::nullopt);
    EXPECT_EQ(alert_of(nobodys).rule_name, "A rule");
    write([&](transaction& tx) { return tx.devices().remove(device_.id); });
    read([&](const snapshot& view) {
        EXPECT_EQ(view.alerts().find_rule(of_device).value().has_value(), false);
    });
    EXPECT_EQ(ids({}), (std::vector<alert_id>{nobodys, its}));
    EXPECT_EQ(ids({.device = device_.id}), std::vector<alert_id>{its}) << "by the id that it had";
    EXPECT_TRUE(ids({.owner = owner_}).empty()) << "the device is nobody's any more";
    EXPECT_EQ(alert_of(its).device, device_.id);
    EXPECT_EQ(alert_of(its).device_name, "Roof");
    EXPECT_TRUE(alert_of(its).device_gone);
    EXPECT_FALSE(alert_of(nobodys).device_gone);
}

TEST_P(alerts, outlive_the_owner_of_their_device) {
    const rule_id rule = add_rule({.name = "Warm"});
    const alert_id its = add_alert(rule, device_.id, "t");
    write([&](transaction& tx) { return tx.users().remove(owner_); });
    EXPECT_EQ(alert_of(its).device_name, "Roof");
    EXPECT_TRUE(alert_of(its).device_gone);
    EXPECT_EQ(alert_of(its).owner, 0);
}

TEST_P(alerts, of_what_is_simulated_are_told_from_the_others) {
    const rule_id rule = add_rule({.name = "Warm"});
    alert made_up = example(rule, device_.id, "t", 10);
    made_up.simulated = true;
    alert_id id = 0;
    write([&](transaction& tx) -> result<void> {
        id = tx.alerts().insert(made_up).value();
        return {};
    });
    const alert_id real = add_alert(rule, device_.id, "other");
    EXPECT_TRUE(alert_of(id).simulated);
    EXPECT_EQ(ids({.simulated = true}), std::vector<alert_id>{id});
    EXPECT_EQ(ids({.simulated = false}), std::vector<alert_id>{real});
}

TEST_P(alerts, what_was_resolved_long_ago_expires_bit_by_bit) {
    const rule_id rule = add_rule({.name = "Warm"});
    for (const std::int64_t when : {10, 20, 30})
        resolve(add_alert(rule, device_.id, "t"), when);
    const alert_id live = add_alert(rule, device_.id, "t");
    write([&](transaction& tx) -> result<void> {
        EXPECT_EQ(tx.alerts().expire(at(30), 1).value(), 1);
        EXPECT_EQ(tx.alerts().expire(at(30), 10).value(), 1);
        EXPECT_EQ(tx.alerts().expire(at(30), 10).value(), 0);
        return {};
    });
    EXPECT_EQ(ids({}).size(), 2U);
    EXPECT_EQ(ids({.live = true}), std::vector<alert_id>{live});
}

TEST_P(alerts, rules_are_bounded) {
    write([&](transaction& tx) -> result<void> {
        std::size_t made = tx.alerts().rules().value().size();
        for (; made < max_alert_rules; ++made)
            if (auto added = tx.alerts().insert_rule({.name = "One more"}); !added)
                return pass(std::move(added));
        EXPECT_EQ(tx.alerts().insert_rule({.name = "Too many"}).error().code, errc::bad_state);
        return {};
    });
}

} // namespace
} // namespace breakwater::storage::contract
