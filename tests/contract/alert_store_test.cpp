#include "contract/backend.hpp"

namespace breakwater::storage::contract {
namespace {

using std::chrono::seconds;

class alerts : public storage_test {
protected:
    rule_id add_rule(alert_rule rule) {
        rule_id id = 0;
        write([&](transaction& tx) -> result<void> {
            auto inserted = tx.alerts().insert_rule(rule);
            if (!inserted)
                return pass(std::move(inserted));
            id = *inserted;
            return {};
        });
        return id;
    }
    alert_id add_alert(rule_id rule, const std::optional<device_id>& device, const std::string& subject,
                       std::int64_t raised = 10) {
        alert_id id = 0;
        write([&](transaction& tx) -> result<void> {
            auto inserted = tx.alerts().insert(example(rule, device, subject, raised));
            if (!inserted)
                return pass(std::move(inserted));
            id = *inserted;
            return {};
        });
        return id;
    }
    static alert example(rule_id rule, const std::optional<device_id>& device, const std::string& subject,
                         std::int64_t raised) {
        return {.rule = rule,
                .rule_name = "A rule",
                .severity = alert_severity::critical,
                .device = device,
                .subject = subject,
                .summary = "The condition holds.",
                .raised_at = at(raised),
                .last_raised_at = at(raised)};
    }
    alert_rule rule_of(rule_id id) {
        std::optional<alert_rule> rule;
        read([&](const snapshot& view) { rule = view.alerts().find_rule(id).value(); });
        return rule.value();
    }
    alert alert_of(alert_id id) {
        std::optional<alert> stored;
        read([&](const snapshot& view) { stored = view.alerts().find(id).value(); });
        return stored.value();
    }
    std::vector<alert_id> ids(const alert_query& query) {
        std::vector<alert_id> out;
        read([&](const snapshot& view) {
            const auto list = view.alerts().list(query);
            for (const alert& item : list.value())
                out.push_back(item.id);
        });
        return out;
    }
    void resolve(alert_id id, std::int64_t second) {
        alert changed = alert_of(id);
        changed.state = alert_state::resolved;
        changed.resolved_at = at(second);
        write([&](transaction& tx) { return tx.alerts().update(changed); });
    }

    user_id owner_ = 0;
    device device_;

    void SetUp() override {
        storage_test::SetUp();
        owner_ = add_user("ada@example.com");
        device_ = add_device(owner_, "Roof");
    }
};
INSTANTIATE_TEST_SUITE_P(, alerts, testing::ValuesIn(backends()), backend_name);

TEST_P(alerts, a_new_database_has_valid_rules_for_every_category) {
    std::array<int, category_count> rules_by_category{};
    int silence = 0;
    int security = 0;
    read([&](const snapshot& view) {
        const auto rules = view.alerts().rules();
        for (const alert_rule& rule : rules.value()) {
            EXPECT_TRUE(check(rule)) << rule.name;
            if (rule.category)
                ++rules_by_category[static_cast<std::size_t>(*rule.category)];
            silence += rule.kind() == alert_kind::silence ? 1 : 0;
            security += rule.kind() == alert_kind::security ? 1 : 0;
        }
    });
    for (const int rules : rules_by_category)
        EXPECT_GE(rules, 2);
    EXPECT_EQ(silence, 1);
    EXPECT_EQ(security, 8);
}

TEST_P(alerts, rules_are_stored_with_all_members) {
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
    for (const alert_rule& rule : {field, silent, flood}) {
        const alert_rule stored = rule_of(add_rule(rule));
        EXPECT_EQ(stored.name, rule.name);
        EXPECT_EQ(stored.severity, rule.severity);
        EXPECT_EQ(stored.enabled, rule.enabled);
        EXPECT_EQ(stored.category, rule.category);
        EXPECT_EQ(stored.device, rule.device);
        EXPECT_TRUE(stored.when == rule.when) << rule.name;
        EXPECT_EQ(stored.quarantine, rule.quarantine);
        EXPECT_EQ(stored.created_at, rule.created_at);
        EXPECT_EQ(stored.updated_at, rule.updated_at);
    }
}

TEST_P(alerts, an_update_can_change_the_kind_of_a_rule) {
    const rule_id id = add_rule({.name = "Warm", .when = field_condition{.field = "t", .high = 1}});
    write([&](transaction& tx) {
        return tx.alerts().update_rule(
            {.id = id, .name = "Silent", .when = silence_condition{.intervals = 2}, .updated_at = at(5)});
    });
    EXPECT_EQ(rule_of(id).kind(), alert_kind::silence);
    EXPECT_EQ(rule_of(id).updated_at, at(5));
}

TEST_P(alerts, unknown_rules_and_devices_are_not_found) {
    write([&](transaction& tx) -> result<void> {
        EXPECT_EQ(tx.alerts().update_rule({.id = 999, .name = "x"}).error().code, errc::not_found);
        EXPECT_EQ(tx.alerts().remove_rule(999).error().code, errc::not_found);
        EXPECT_EQ(tx.alerts().insert_rule({.name = "x", .device = new_id()}).error().code, errc::not_found);
        return {};
    });
    EXPECT_EQ(ids({}), std::vector<alert_id>{});
}

TEST_P(alerts, only_one_unresolved_alert_exists_per_rule_device_and_subject) {
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

TEST_P(alerts, an_alert_is_stored_with_its_device_and_all_updates) {
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
    const alert stored = alert_of(id);
    EXPECT_EQ(stored.state, alert_state::acknowledged);
    EXPECT_EQ(stored.acknowledged_at, at(12));
    EXPECT_EQ(stored.acknowledged_by, "ada@example.com");
    EXPECT_EQ(stored.note, "On my way");
    EXPECT_EQ(stored.count, 3);
    EXPECT_TRUE(stored.quarantined);
    EXPECT_EQ(stored.last_raised_at, at(11));
}

TEST_P(alerts, each_filter_narrows_the_list) {
    const rule_id rule = add_rule({.name = "Warm"});
    const device other = add_device(add_user("eve@example.com"), "Cellar");
    const alert_id owner_alert = add_alert(rule, device_.id, "t");
    const alert_id other_alert = add_alert(rule, other.id, "t");
    const alert_id general = add_alert(add_rule({.name = "Guess"}), std::nullopt, "192.0.2.1");
    resolve(other_alert, 30);
    using list = std::vector<alert_id>;
    EXPECT_EQ(ids({}), (list{general, other_alert, owner_alert}));
    EXPECT_EQ(ids({.owner = owner_}), list{owner_alert});
    EXPECT_EQ(ids({.state = alert_state::resolved}), list{other_alert});
    EXPECT_EQ(ids({.live = true}), (list{general, owner_alert}));
    EXPECT_EQ(ids({.severity = alert_severity::info}), list{});
    EXPECT_EQ(ids({.device = other.id}), list{other_alert});
    EXPECT_EQ(ids({.rule = rule}), (list{other_alert, owner_alert}));
    EXPECT_EQ(ids({.before = other_alert}), list{owner_alert});
    EXPECT_EQ(ids({.limit = 1}), list{general});
    read([&](const snapshot& view) {
        const alert_summary all = view.alerts().summary(std::nullopt).value();
        EXPECT_EQ(all.open, 2);
        EXPECT_EQ(all.critical, 2);
        EXPECT_EQ(view.alerts().summary(owner_).value().open, 1);
    });
}

TEST_P(alerts, stay_when_their_device_and_rule_are_removed) {
    const rule_id rule = add_rule({.name = "Warm"});
    const rule_id device_rule = add_rule({.name = "Roof's owner_alert", .device = device_.id});
    const alert_id device_alert = add_alert(rule, device_.id, "t");
    const alert_id general = add_alert(rule, std::nullopt, "t");
    write([&](transaction& tx) { return tx.alerts().remove_rule(rule); });
    EXPECT_EQ(alert_of(general).rule, std::nullopt);
    EXPECT_EQ(alert_of(general).rule_name, "A rule");
    write([&](transaction& tx) { return tx.devices().remove(device_.id); });
    read([&](const snapshot& view) {
        EXPECT_EQ(view.alerts().find_rule(device_rule).value().has_value(), false);
    });
    EXPECT_EQ(ids({}), (std::vector<alert_id>{general, device_alert}));
    EXPECT_EQ(ids({.device = device_.id}), std::vector<alert_id>{device_alert})
        << "found by the id of the removed device";
    EXPECT_TRUE(ids({.owner = owner_}).empty()) << "a removed device has no owner";
    EXPECT_EQ(alert_of(device_alert).device, device_.id);
    EXPECT_EQ(alert_of(device_alert).device_name, "Roof");
    EXPECT_TRUE(alert_of(device_alert).device_deleted);
    EXPECT_FALSE(alert_of(general).device_deleted);
}

TEST_P(alerts, stay_when_the_owner_of_their_device_is_removed) {
    const rule_id rule = add_rule({.name = "Warm"});
    const alert_id device_alert = add_alert(rule, device_.id, "t");
    write([&](transaction& tx) { return tx.users().remove(owner_); });
    EXPECT_EQ(alert_of(device_alert).device_name, "Roof");
    EXPECT_TRUE(alert_of(device_alert).device_deleted);
    EXPECT_EQ(alert_of(device_alert).owner, 0);
}

TEST_P(alerts, can_be_filtered_by_simulated) {
    const rule_id rule = add_rule({.name = "Warm"});
    alert simulated = example(rule, device_.id, "t", 10);
    simulated.simulated = true;
    alert_id id = 0;
    write([&](transaction& tx) -> result<void> {
        id = tx.alerts().insert(simulated).value();
        return {};
    });
    const alert_id real = add_alert(rule, device_.id, "other");
    EXPECT_TRUE(alert_of(id).simulated);
    EXPECT_EQ(ids({.simulated = true}), std::vector<alert_id>{id});
    EXPECT_EQ(ids({.simulated = false}), std::vector<alert_id>{real});
}

TEST_P(alerts, old_resolved_alerts_expire_in_steps) {
    const rule_id rule = add_rule({.name = "Warm"});
    for (const std::int64_t second : {10, 20, 30})
        resolve(add_alert(rule, device_.id, "t"), second);
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

TEST_P(alerts, rules_are_limited_in_number) {
    write([&](transaction& tx) -> result<void> {
        std::size_t count = tx.alerts().rules().value().size();
        for (; count < max_alert_rules; ++count)
            if (auto added = tx.alerts().insert_rule({.name = "One more"}); !added)
                return pass(std::move(added));
        EXPECT_EQ(tx.alerts().insert_rule({.name = "Too many"}).error().code, errc::bad_state);
        return {};
    });
}

} // namespace
} // namespace breakwater::storage::contract
