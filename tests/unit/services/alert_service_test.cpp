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
    alert_finding found(std::string subject = "t") {
        return {.rule = rule_,
                .device = device_,
                .subject = std::move(subject),
                .summary = "Hot.",
                .at = clock_.now()};
    }
    alert_finding over(std::string subject = "t") {
        alert_finding out = found(std::move(subject));
        out.over = true;
        return out;
    }
    /// How many were too many.
    std::size_t take(const alert_finding& one) {
        const auto too_many = alerts_.take(std::array{one});
        EXPECT_TRUE(too_many);
        return too_many ? too_many->size() : 0;
    }
    std::vector<alert> all() { return alerts_.list({}, as(admin_)).value(); }

    std::vector<std::string> told_;
    alert_service alerts_{{*store_, devices_, recorder_, clock_},
                          {.burst = 3, .refill_interval = 10s},
                          {.changed = [this](const alert& what, alert_change how) {
                              told_.push_back(std::string{to_string(how)} + " " + what.subject);
                          }}};
    user ada_;
    user admin_;
    device_id device_;
    rule_id rule_ = 0;
};

TEST_F(alert_service_test, what_is_found_again_is_the_same_alert) {
    take(found());
    take(found());
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].count, 2);
    EXPECT_EQ(told_, (std::vector<std::string>{"raised t", "updated t"}));
}

TEST_F(alert_service_test, what_comes_back_soon_is_the_same_and_later_a_new_one) {
    take(found());
    clock_.advance(1min);
    take(over());
    EXPECT_EQ(all()[0].state, alert_state::resolved);
    clock_.advance(4min);
    take(found());
    EXPECT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].state, alert_state::open);
    EXPECT_EQ(all()[0].resolved_at, std::nullopt);
    take(over());
    clock_.advance(5min);
    take(found());
    EXPECT_EQ(all().size(), 2U);
}

TEST_F(alert_service_test, what_a_person_resolved_comes_back_as_a_new_one) {
    take(found());
    ASSERT_TRUE(alerts_.resolve(all()[0].id, "", as(ada_)));
    take(found());
    EXPECT_EQ(all().size(), 2U);
}

TEST_F(alert_service_test, what_was_late_stands_beside_what_is) {
    const timestamp now = clock_.now();
    const auto late = [&](std::chrono::minutes from, std::chrono::minutes until) {
        alert_finding out = found();
        out.at = now - from;
        out.late_until = now - until;
        return out;
    };
    take(found());
    take(late(60min, 50min));
    ASSERT_EQ(all().size(), 2U);
    EXPECT_TRUE(all()[0].late);
    EXPECT_EQ(all()[0].state, alert_state::resolved);
    EXPECT_EQ(all()[0].raised_at, now - 60min);
    EXPECT_EQ(all()[0].resolved_at, now - 50min);
    EXPECT_EQ(all()[1].state, alert_state::open) << "it goes on";
    take(late(46min, 40min));
    ASSERT_EQ(all().size(), 2U) << "so soon after, it is the same";
    EXPECT_EQ(all()[0].count, 2);
    EXPECT_EQ(all()[0].resolved_at, now - 40min);
    take(late(30min, 20min));
    EXPECT_EQ(all().size(), 3U);
    clock_.advance(1min);
    take(over());
    EXPECT_EQ(all()[2].state, alert_state::resolved) << "by what is, however late the others are";
    take(late(0min, 0min));
    EXPECT_EQ(all().size(), 3U) << "that was told";
    EXPECT_EQ(told_,
              (std::vector<std::string>{"raised t", "raised t", "updated t", "raised t", "resolved t"}));
}

TEST_F(alert_service_test, too_many_at_once_wait_for_their_turn_and_one_alert_says_so) {
    for (const auto* subject : {"a", "b", "c"})
        EXPECT_EQ(take(found(subject)), 0U);
    for (const auto* subject : {"d", "e"})
        EXPECT_EQ(take(found(subject)), 1U) << "it comes back";
    auto alerts = all();
    ASSERT_EQ(alerts.size(), 4U);
    EXPECT_EQ(alerts[0].subject, further_alerts);
    EXPECT_EQ(alerts[0].device, std::nullopt);
    alert_finding again = found("d");
    again.put_off = true;
    EXPECT_EQ(take(again), 1U);
    EXPECT_EQ(all()[0].count, 2) << "what is offered again is not counted again";
    EXPECT_EQ(alerts_.counters().put_off, 2U);
    clock_.advance(10s);
    EXPECT_EQ(take(again), 0U) << "the allowance fills up again";
    EXPECT_EQ(all().size(), 5U);
    EXPECT_EQ(take(found("a")), 0U) << "what is known needs none";
}

TEST_F(alert_service_test, nobody_uses_up_the_allowance_of_others) {
    for (const auto* subject : {"a", "b", "c", "d"})
        take(found(subject));
    const user eve = make_user("eve@example.com");
    alert_finding hers = found("t");
    hers.device = devices_.create("Cellar", category::weather_station, as(eve)).value().id;
    EXPECT_EQ(take(hers), 0U);
}

TEST_F(alert_service_test, a_rule_that_is_another_by_now_or_disabled_raises_nothing) {
    alert_finding late = found();
    late.watched = alerts_.rule(rule_).value();
    auto rule = *late.watched;
    std::get<field_condition>(rule.when).high = 40;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    take(late);
    EXPECT_TRUE(all().empty());
    late.watched = rule;
    rule.enabled = false;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    take(late);
    EXPECT_TRUE(all().empty());
}

TEST_F(alert_service_test, incidents_end_after_a_day_without_another) {
    const rule_id guesses =
        alerts_.create_rule({.name = "Guesses", .when = security_condition{}}, as(admin_)).value().id;
    take({.rule = guesses, .subject = "192.0.2.1", .summary = "Guesses.", .at = clock_.now()});
    clock_.advance(24h);
    ASSERT_TRUE(alerts_.end_quiet_incidents());
    EXPECT_EQ(all()[0].state, alert_state::open);
    clock_.advance(1s);
    ASSERT_TRUE(alerts_.end_quiet_incidents());
    EXPECT_EQ(all()[0].state, alert_state::resolved);
}

TEST_F(alert_service_test, a_devices_end_ends_its_alerts_and_rules_on_record) {
    ASSERT_TRUE(
        alerts_.create_rule({.name = "Roof's", .device = device_, .when = silence_condition{}}, as(admin_)));
    take(found());
    told_.clear();
    ASSERT_TRUE(store_->write(
        [&](storage::transaction& tx) { return alerts_.end_of_device(tx, device_, as(ada_)); }));
    EXPECT_EQ(told_, std::vector<std::string>{"resolved t"});
    EXPECT_EQ(all()[0].resolved_by, "ada@example.com");
    EXPECT_EQ(count_events(event_type::alert_rule_delete, event_status::success), 1U);
}

TEST_F(alert_service_test, findings_of_what_is_gone_change_nothing) {
    alert_finding of_no_rule = found();
    of_no_rule.rule = 999;
    take(of_no_rule);
    alert_finding of_no_device = found();
    of_no_device.device = uuid::random(random_);
    ASSERT_TRUE(alerts_.take(std::array{of_no_device, found()}));
    EXPECT_EQ(all().size(), 1U) << "and the one after it is taken";
    take(over("never raised"));
}

TEST_F(alert_service_test, webhooks_are_told_in_the_same_transaction_of_what_begins_and_ends) {
    ASSERT_TRUE(store_->write([&](storage::transaction& tx) -> result<void> {
        auto made = tx.webhooks().insert({.name = "Chat", .url = "https://chat.example/hook"}, "secret");
        return made ? result<void>{} : pass(std::move(made));
    }));
    take(found());
    take(found());
    take(over());
    take(found()); // back before anybody heard that it was gone
    ASSERT_TRUE(alerts_.resolve(all()[0].id, "", as(ada_)));
    take(found());
    take(over());
    const auto messages = storage::ask(*store_, [](const storage::snapshot& view) {
                              return view.webhooks().deliveries({});
                          }).value();
    ASSERT_EQ(messages.size(), 4U);
    for (const std::size_t raised : {3U, 1U})
        EXPECT_EQ(messages[raised].body.find(R"({"type":"alert","change":"raised","sent_at":"2026-)"), 0U);
    for (const std::size_t resolved : {2U, 0U})
        EXPECT_EQ(messages[resolved].body.find(R"({"type":"alert","change":"resolved","sent_at":"2026-)"),
                  0U);
    EXPECT_EQ(messages[2].next_attempt_at, clock_.now()) << "a person said so";
    EXPECT_EQ(messages[0].next_attempt_at, clock_.now() + 5min) << "it may be back";
}

TEST_F(alert_service_test, quarantine_blocks_in_the_same_transaction_and_only_once) {
    auto rule = alerts_.rule(rule_).value();
    rule.quarantine = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    take(found());
    EXPECT_TRUE(all()[0].quarantined);
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::blocked);
    const auto version = device_registry_.find(device_)->token_version;
    take(found("other"));
    EXPECT_FALSE(all()[0].quarantined) << "it was blocked already";
    EXPECT_EQ(device_registry_.find(device_)->token_version, version);
    ASSERT_TRUE(
        devices_.update(device_, {.name = {}, .kind = {}, .status = device_status::active}, as(admin_)));
    take(found());
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::blocked)
        << "and again, where it must be";
}

TEST_F(alert_service_test, a_rule_that_watches_something_else_ends_what_it_raised_and_a_new_name_does_not) {
    take(found());
    auto rule = alerts_.rule(rule_).value();
    rule.name = "Very hot";
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    EXPECT_EQ(all()[0].state, alert_state::open);
    std::get<field_condition>(rule.when).high = 40;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    EXPECT_EQ(all()[0].state, alert_state::resolved);
}

TEST_F(alert_service_test, what_is_of_no_device_is_for_administrators) {
    alert_finding guess = found("192.0.2.1");
    guess.device.reset();
    take(guess);
    const alert_id id = all()[0].id;
    EXPECT_TRUE(alerts_.get(id, as(admin_)));
    EXPECT_EQ(alerts_.get(id, as(ada_)).error().code, errc::forbidden);
    EXPECT_EQ(alerts_.acknowledge(id, "", as(ada_)).error().code, errc::forbidden);
    EXPECT_TRUE(alerts_.list({}, as(ada_)).value().empty());
    EXPECT_EQ(alerts_.summary(as(ada_)).value().open, 0);
    EXPECT_EQ(alerts_.summary(as(admin_)).value().open, 1);
}

TEST_F(alert_service_test, what_is_made_up_never_quarantines_and_ends_with_the_first_sign_in) {
    device_service simulating{{*store_, device_registry_, recorder_, clock_, random_},
                              {.secret_bcrypt_cost = 4, .simulates_new = true},
                              [](const device_id&, category, timestamp) { return std::vector<reading>{}; },
                              {.becoming_real = [this](storage::transaction& tx, const device_id& id) {
                                  return alerts_.end_simulated(tx, id);
                              }}};
    device_ = simulating.create("Made up", category::weather_station, as(ada_)).value().id;
    auto rule = alerts_.rule(rule_).value();
    rule.quarantine = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    alert_finding made_up = found();
    made_up.simulated = true;
    take(made_up);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_TRUE(all()[0].simulated);
    EXPECT_FALSE(all()[0].quarantined);
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::active);
    EXPECT_TRUE(audit_.list({.type = event_type::alert_raise, .limit = 1})->front().simulated);

    ASSERT_TRUE(simulating.note_sign_in(device_, nobody_));
    EXPECT_EQ(all()[0].state, alert_state::resolved);
    take(made_up);
    EXPECT_EQ(all().size(), 1U) << "what was found of it before counts no more";
    EXPECT_EQ(all()[0].state, alert_state::resolved);
    take(found());
    ASSERT_EQ(all().size(), 2U) << "what is measured is an alert of its own";
    EXPECT_FALSE(all()[0].simulated);
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::blocked);
}

TEST_F(alert_service_test, what_is_made_up_uses_up_no_allowance_of_what_is_measured) {
    device_service simulating{{*store_, device_registry_, recorder_, clock_, random_},
                              {.secret_bcrypt_cost = 4, .simulates_new = true},
                              [](const device_id&, category, timestamp) { return std::vector<reading>{}; },
                              {}};
    const device_id real = device_;
    device_ = simulating.create("Made up", category::weather_station, as(ada_)).value().id;
    for (const auto* subject : {"a", "b", "c", "d"}) {
        alert_finding made_up = found(subject);
        made_up.simulated = true;
        take(made_up);
    }
    device_ = real;
    EXPECT_EQ(take(found()), 0U);
}

TEST_F(alert_service_test, a_quarantine_says_who_and_why_and_which_alert) {
    auto rule = alerts_.rule(rule_).value();
    rule.quarantine = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    take(found());
    const device blocked = devices_.get(device_, as(ada_))->device;
    ASSERT_TRUE(blocked.block);
    EXPECT_EQ(blocked.block->author, block_author::rule);
    EXPECT_EQ(author_of(*blocked.block, as(ada_)), "alert rule \"Hot\"");
    EXPECT_EQ(blocked.block->reason, "Hot.");
    EXPECT_EQ(blocked.block->alert, all()[0].id);
    EXPECT_TRUE(all()[0].quarantined);
    EXPECT_FALSE(may_release(blocked, as(ada_)));
}

TEST_F(alert_service_test, a_rule_takes_over_what_its_owner_blocked_and_may_let_owners_release) {
    ASSERT_TRUE(devices_.deactivate(device_, as(ada_)));
    auto rule = alerts_.rule(rule_).value();
    rule.quarantine = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    take(found());
    const device_changes release{.name = {}, .kind = {}, .status = device_status::active};
    EXPECT_EQ(devices_.update(device_, release, as(ada_)).error().code, errc::forbidden)
        << "who blocks first doesn't keep the rule out";
    ASSERT_TRUE(devices_.update(device_, release, as(admin_)));
    rule.owner_may_release = true;
    ASSERT_TRUE(alerts_.update_rule(rule, as(admin_)));
    take(found("other"));
    EXPECT_EQ(device_registry_.find(device_)->status, device_status::blocked);
    EXPECT_TRUE(devices_.update(device_, release, as(ada_)));
}

TEST_F(alert_service_test, the_history_of_a_deleted_device_is_for_administrators) {
    take(found());
    const alert_id id = all()[0].id;
    ASSERT_TRUE(devices_.remove(device_, as(ada_)));
    const auto kept = alerts_.get(id, as(admin_));
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->device_name, "Roof");
    EXPECT_TRUE(kept->device_gone);
    EXPECT_EQ(alerts_.list({.device = device_}, as(admin_))->size(), 1U);
    EXPECT_TRUE(alerts_.list({}, as(ada_))->empty());
    EXPECT_EQ(alerts_.get(id, as(ada_)).error().code, errc::not_found);
    EXPECT_EQ(alerts_.summary(as(ada_))->open, 0);
}

} // namespace
} // namespace breakwater::services
