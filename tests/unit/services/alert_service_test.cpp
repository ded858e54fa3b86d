#include "services/alert_service.hpp"

#include "unit/services/services_fixture.hpp"

namespace breakwater::services {
namespace {

using namespace std::chrono_literals;

class alert_service_test : public services_test {
protected:
    alert_service_test() {
        ada_ = make_user("ada@example.com");
        admin_ = make_user("root@example.com", role::admin);
        device_ = devices_.create("Roof", category::weather_station, as(ada_)).value().id;
        rule_ =
            alerts_
                .create_rule({.name = "Hot", .when = field_condition{.field = "t", .high = 30}}, as(admin_))
                .value()
                .id;
    }
    rule_evaluation raised(std::string subject = "t") {
        return {.rule = rule_,
                .device = device_,
                .subject = std::move(subject),
                .summary = "Hot.",
                .at = clock_.now()};
    }
    rule_evaluation cleared_evaluation(std::string subject = "t") {
        rule_evaluation out = raised(std::move(subject));
        out.cleared = true;
        return out;
    }
    /// Applies the evaluation; returns how many were deferred.
    std::size_t apply(const rule_evaluation& evaluation) {
        const auto deferred = alerts_.apply(std::array{evaluation});
        EXPECT_TRUE(deferred);
        return deferred ? deferred->size() : 0;
    }
    std::vector<alert> alerts() { return alerts_.list({}, as(admin_)).value(); }

    /// The published changes of alerts.
    std::vector<std::string> published() const {
        std::vector<std::string> out;
        for (const alert_saved& item : changes_.of<alert_saved>())
            out.push_back(std::string{to_string(item.kind)} + " " + item.state.subject);
        return out;
    }

    alert_service alerts_{{*store_, devices_, alert_writer_, recorder_, clock_},
                          {.burst = 3, .refill_interval = 10s}};
    user ada_;
    user admin_;
    device_id device_;
    rule_id rule_ = 0;
};

TEST_F(alert_service_test, a_repeated_evaluation_updates_the_same_alert) {
    apply(raised());
    apply(raised());
    ASSERT_EQ(alerts().size(), 1U);
    EXPECT_EQ(alerts()[0].count, 2);
    EXPECT_EQ(published(), (std::vector<std::string>{"raised t", "updated t"}));
}

TEST_F(alert_service_test, a_condition_that_returns_soon_reopens_the_alert_and_later_raises_a_new_one) {
    apply(raised());
    clock_.advance(1min);
    apply(cleared_evaluation());
    EXPECT_EQ(alerts()[0].state, alert_state::resolved);
    clock_.advance(4min);
    apply(raised());
    EXPECT_EQ(alerts().size(), 1U);
    EXPECT_EQ(alerts()[0].state, alert_state::open);
    EXPECT_EQ(alerts()[0].resolved_at, std::nullopt);
    apply(cleared_evaluation());
    clock_.advance(5min);
    apply(raised());
    EXPECT_EQ(alerts().size(), 2U);
}

TEST_F(alert_service_test, a_condition_that_a_person_resolved_raises_a_new_alert) {
    apply(raised());
    ASSERT_TRUE(alerts_.resolve(alerts()[0].id, "", as(ada_)));
    apply(raised());
    EXPECT_EQ(alerts().size(), 2U);
}

TEST_F(alert_service_test, late_alerts_are_separate_from_the_present_one) {
    const timestamp now = clock_.now();
    const auto late = [&](std::chrono::minutes from, std::chrono::minutes until) {
        rule_evaluation out = raised();
        out.at = now - from;
        out.late_until = now - until;
        return out;
    };
    apply(raised());
    apply(late(60min, 50min));
    ASSERT_EQ(alerts().size(), 2U);
    EXPECT_TRUE(alerts()[0].late);
    EXPECT_EQ(alerts()[0].state, alert_state::resolved);
    EXPECT_EQ(alerts()[0].raised_at, now - 60min);
    EXPECT_EQ(alerts()[0].resolved_at, now - 50min);
    EXPECT_EQ(alerts()[1].state, alert_state::open) << "it still holds";
    apply(late(46min, 40min));
    ASSERT_EQ(alerts().size(), 2U) << "soon after, the same alert";
    EXPECT_EQ(alerts()[0].count, 2);
    EXPECT_EQ(alerts()[0].resolved_at, now - 40min);
    apply(late(30min, 20min));
    EXPECT_EQ(alerts().size(), 3U);
    clock_.advance(1min);
    apply(cleared_evaluation());
    EXPECT_EQ(alerts()[2].state, alert_state::resolved) << "resolved by the present value, not by late ones";
    apply(late(0min, 0min));
    EXPECT_EQ(alerts().size(), 3U) << "the regular alert covers it";
    EXPECT_EQ(published(),
              (std::vector<std::string>{"raised t", "raised t", "updated t", "raised t", "resolved t"}));
}

TEST_F(alert_service_test, alerts_beyond_the_allowance_are_deferred_and_one_alert_stands_for_them) {
    for (const auto* subject : {"a", "b", "c"})
        EXPECT_EQ(apply(raised(subject)), 0U);
    for (const auto* subject : {"d", "e"})
        EXPECT_EQ(apply(raised(subject)), 1U) << "it is deferred";
    auto listed = alerts();
    ASSERT_EQ(listed.size(), 4U);
    EXPECT_EQ(listed[0].subject, further_alerts);
    EXPECT_EQ(listed[0].device, std::nullopt);
    rule_evaluation retry = raised("d");
    retry.deferred = true;
    EXPECT_EQ(apply(retry), 1U);
    EXPECT_EQ(alerts()[0].count, 2) << "a retry is not counted again";
    EXPECT_EQ(alerts_.counters().deferred, 2U);
    clock_.advance(10s);
    EXPECT_EQ(apply(retry), 0U) << "the allowance has refilled";
    EXPECT_EQ(alerts().size(), 5U);
    EXPECT_EQ(apply(raised("a")), 0U) << "an existing alert needs no allowance";
}

TEST_F(alert_service_test, each_owner_has_an_allowance) {
    for (const auto* subject : {"a", "b", "c", "d"})
        apply(raised(subject));
    const user eve = make_user("eve@example.com");
    rule_evaluation foreign = raised("t");
    foreign.device = devices_.create("Cellar", category::weather_station, as(eve)).value().id;
    EXPECT_EQ(apply(foreign), 0U);
}

TEST_F(alert_service_test, a_changed_or_disabled_rule_raises_nothing) {
    rule_evaluation late = raised();
    late.evaluated_rule = alerts_.rule(rule_).value();
    auto rule = *late.evaluated_rule;
    std::get<field_condition>(rule.when).high = 40;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    apply(late);
    EXPECT_TRUE(alerts().empty());
    late.evaluated_rule = rule;
    rule.enabled = false;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    apply(late);
    EXPECT_TRUE(alerts().empty());
}

TEST_F(alert_service_test, alerts_on_incidents_resolve_after_a_quiet_day) {
    const rule_id guesses =
        alerts_.create_rule({.name = "Guesses", .when = security_condition{}}, as(admin_)).value().id;
    apply({.rule = guesses, .subject = "192.0.2.1", .summary = "Guesses.", .at = clock_.now()});
    clock_.advance(24h);
    ASSERT_TRUE(alerts_.resolve_quiet_incidents());
    EXPECT_EQ(alerts()[0].state, alert_state::open);
    clock_.advance(1s);
    ASSERT_TRUE(alerts_.resolve_quiet_incidents());
    EXPECT_EQ(alerts()[0].state, alert_state::resolved);
}

TEST_F(alert_service_test, deleting_a_device_resolves_its_alerts_and_records_the_end_of_its_rules) {
    ASSERT_TRUE(
        alerts_.create_rule({.name = "Roof's", .device = device_, .when = silence_condition{}}, as(admin_)));
    apply(raised());
    changes_.all.clear();
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) {
        return alert_writer_.prepare_device_removal(tx, device_, as(ada_));
    }));
    EXPECT_EQ(published(), std::vector<std::string>{"resolved t"});
    EXPECT_EQ(alerts()[0].resolved_by, "ada@example.com");
    EXPECT_EQ(count_events(event_type::alert_rule_delete, event_status::success), 1U);
}

TEST_F(alert_service_test, evaluations_of_deleted_rules_and_devices_change_nothing) {
    rule_evaluation of_no_rule = raised();
    of_no_rule.rule = 999;
    apply(of_no_rule);
    rule_evaluation of_no_device = raised();
    of_no_device.device = uuid::random(random_);
    ASSERT_TRUE(alerts_.apply(std::array{of_no_device, raised()}));
    EXPECT_EQ(alerts().size(), 1U) << "and the next evaluation is applied";
    apply(cleared_evaluation("never raised"));
}

TEST_F(alert_service_test, webhook_messages_are_queued_in_the_same_transaction) {
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        auto inserted = tx.webhooks().insert({.name = "Chat", .url = "https://chat.example/hook"}, "secret");
        return inserted ? result<void>{} : pass(std::move(inserted));
    }));
    apply(raised());
    apply(raised());
    apply(cleared_evaluation());
    apply(raised()); // reopened before its resolution was sent
    ASSERT_TRUE(alerts_.resolve(alerts()[0].id, "", as(ada_)));
    apply(raised());
    apply(cleared_evaluation());
    const auto messages =
        storage::fetch(*store_, [](const storage::snapshot& view) { return view.outbox().list({}); }).value();
    ASSERT_EQ(messages.size(), 4U);
    for (const std::size_t raised : {3U, 1U})
        EXPECT_EQ(messages[raised].payload.find(R"({"type":"alert","change":"raised","sent_at":"2026-)"), 0U);
    for (const std::size_t resolved : {2U, 0U})
        EXPECT_EQ(messages[resolved].payload.find(R"({"type":"alert","change":"resolved","sent_at":"2026-)"),
                  0U);
    EXPECT_EQ(messages[2].next_attempt_at, clock_.now()) << "resolved by a person: sent at once";
    EXPECT_EQ(messages[0].next_attempt_at, clock_.now() + 5min)
        << "resolved automatically: it may be reopened";
}

TEST_F(alert_service_test, quarantine_blocks_in_the_same_transaction_and_only_once) {
    auto rule = alerts_.rule(rule_).value();
    rule.quarantine = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    apply(raised());
    EXPECT_TRUE(alerts()[0].quarantined);
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::blocked);
    const auto version = device_registry_.find(device_)->token_version;
    apply(raised("other"));
    EXPECT_FALSE(alerts()[0].quarantined) << "it was blocked already";
    EXPECT_EQ(device_registry_.find(device_)->token_version, version);
    ASSERT_TRUE(
        devices_.update(device_, {.name = {}, .kind = {}, .status = device_status::active}, as(admin_)));
    apply(raised());
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::blocked)
        << "blocked again after the release";
}

TEST_F(alert_service_test, a_new_condition_resolves_the_alerts_of_the_rule_and_a_new_name_does_not) {
    apply(raised());
    auto rule = alerts_.rule(rule_).value();
    rule.name = "Very hot";
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    EXPECT_EQ(alerts()[0].state, alert_state::open);
    std::get<field_condition>(rule.when).high = 40;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    EXPECT_EQ(alerts()[0].state, alert_state::resolved);
}

TEST_F(alert_service_test, alerts_without_a_device_are_for_administrators) {
    rule_evaluation guess = raised("192.0.2.1");
    guess.device.reset();
    apply(guess);
    const alert_id id = alerts()[0].id;
    EXPECT_TRUE(alerts_.get(id, as(admin_)));
    EXPECT_EQ(alerts_.get(id, as(ada_)).error().code, errc::forbidden);
    EXPECT_EQ(alerts_.acknowledge(id, "", as(ada_)).error().code, errc::forbidden);
    EXPECT_TRUE(alerts_.list({}, as(ada_)).value().empty());
    EXPECT_EQ(alerts_.summary(as(ada_)).value().open, 0);
    EXPECT_EQ(alerts_.summary(as(admin_)).value().open, 1);
}

TEST_F(alert_service_test, simulated_alerts_never_quarantine_and_resolve_at_the_first_sign_in) {
    device_service simulating{{*store_, device_registry_, alert_writer_, recorder_, clock_, random_},
                              {.secret_bcrypt_cost = 4, .simulates_new = true},
                              [](const device_id&, category, timestamp) { return std::vector<reading>{}; }};
    device_ = simulating.create("Simulated", category::weather_station, as(ada_)).value().id;
    auto rule = alerts_.rule(rule_).value();
    rule.quarantine = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    rule_evaluation simulated_evaluation = raised();
    simulated_evaluation.simulated = true;
    apply(simulated_evaluation);
    ASSERT_EQ(alerts().size(), 1U);
    EXPECT_TRUE(alerts()[0].simulated);
    EXPECT_FALSE(alerts()[0].quarantined);
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::active);
    EXPECT_TRUE(audit_.list({.type = event_type::alert_raise, .limit = 1})->front().simulated);

    ASSERT_TRUE(simulating.record_sign_in(device_, nobody_));
    EXPECT_EQ(alerts()[0].state, alert_state::resolved);
    apply(simulated_evaluation);
    EXPECT_EQ(alerts().size(), 1U) << "simulated evaluations of a real device are ignored";
    EXPECT_EQ(alerts()[0].state, alert_state::resolved);
    apply(raised());
    ASSERT_EQ(alerts().size(), 2U) << "real readings raise an alert of their own";
    EXPECT_FALSE(alerts()[0].simulated);
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::blocked);
}

TEST_F(alert_service_test, simulated_alerts_have_their_own_allowance) {
    device_service simulating{{*store_, device_registry_, alert_writer_, recorder_, clock_, random_},
                              {.secret_bcrypt_cost = 4, .simulates_new = true},
                              [](const device_id&, category, timestamp) { return std::vector<reading>{}; }};
    const device_id real = device_;
    device_ = simulating.create("Simulated", category::weather_station, as(ada_)).value().id;
    for (const auto* subject : {"a", "b", "c", "d"}) {
        rule_evaluation simulated_evaluation = raised(subject);
        simulated_evaluation.simulated = true;
        apply(simulated_evaluation);
    }
    device_ = real;
    EXPECT_EQ(apply(raised()), 0U);
}

TEST_F(alert_service_test, a_quarantine_records_its_author_reason_and_alert) {
    auto rule = alerts_.rule(rule_).value();
    rule.quarantine = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    apply(raised());
    const device blocked = devices_.get(device_, as(ada_))->device;
    ASSERT_TRUE(blocked.block);
    EXPECT_EQ(blocked.block->author, block_author::rule);
    EXPECT_EQ(author_of(*blocked.block, as(ada_)), "alert rule \"Hot\"");
    EXPECT_EQ(blocked.block->reason, "Hot.");
    EXPECT_EQ(blocked.block->alert, alerts()[0].id);
    EXPECT_TRUE(alerts()[0].quarantined);
    EXPECT_FALSE(may_release(blocked, as(ada_)));
}

TEST_F(alert_service_test, a_rule_takes_over_the_block_of_the_owner_and_may_let_owners_release) {
    ASSERT_TRUE(devices_.deactivate(device_, as(ada_)));
    auto rule = alerts_.rule(rule_).value();
    rule.quarantine = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    apply(raised());
    const device_changes release{.name = {}, .kind = {}, .status = device_status::active};
    EXPECT_EQ(devices_.update(device_, release, as(ada_)).error().code, errc::forbidden)
        << "the owner's block does not keep the rule out";
    ASSERT_TRUE(devices_.update(device_, release, as(admin_)));
    rule.owner_may_release = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    apply(raised("other"));
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::blocked);
    EXPECT_TRUE(devices_.update(device_, release, as(ada_)));
}

TEST_F(alert_service_test, the_history_of_a_deleted_device_is_for_administrators) {
    apply(raised());
    const alert_id id = alerts()[0].id;
    ASSERT_TRUE(devices_.remove(device_, as(ada_)));
    const auto stored = alerts_.get(id, as(admin_));
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->device_name, "Roof");
    EXPECT_TRUE(stored->device_deleted);
    EXPECT_EQ(alerts_.list({.device = device_}, as(admin_))->size(), 1U);
    EXPECT_TRUE(alerts_.list({}, as(ada_))->empty());
    EXPECT_EQ(alerts_.get(id, as(ada_)).error().code, errc::not_found);
    EXPECT_EQ(alerts_.summary(as(ada_))->open, 0);
}

} // namespace
} // namespace breakwater::services
