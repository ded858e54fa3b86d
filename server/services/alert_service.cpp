#include "services/alert_service.hpp"

#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace breakwater::services {

using identity::action;

namespace {

constexpr std::size_t max_allowances = 10'000;

std::unexpected<error> no_such_alert() {
    return fail(errc::not_found, "Alert not found.");
}

std::unexpected<error> no_such_rule() {
    return fail(errc::not_found, "Alert rule not found.");
}

/// Whose alerts the caller sees; empty: everybody's.
std::optional<user_id> visible_owner(const caller& caller) {
    return caller.may(action::see_fleet) ? std::nullopt : std::optional{caller.principal.user};
}

caller caller_for_rule(rule_id rule) {
    return {.principal = {.kind = identity::principal::kind::system},
            .origin = {.route = fmt::format("alert rule {}", rule)}};
}

} // namespace

alert_service::alert_service(const dependencies& deps, const alert_settings& settings)
    : deps_{deps}, settings_{settings}, changes_{deps.store, deps.audit, deps.time} {}

result<void> alert_service::authorise(const alert& alert, const caller& caller) {
    if (alert.device && !alert.device_deleted)
        return deps_.devices.authorise(action::handle_alert, *alert.device, caller);
    if (caller.may(action::handle_alert))
        return {};
    if (alert.device_deleted) // the owner no longer sees the alerts of a deleted device
        return no_such_alert();
    if (auto recorded = deps_.audit.record_and_wait(event_of(
            caller, deps_.time.now(), event_type::admin_forbidden, event_status::denied,
            target_of(target_type::alert, alert.id), fmt::format("Tried to access alert {}.", alert.id)));
        !recorded)
        return recorded;
    return fail(errc::forbidden, "Only administrators may see this alert.");
}

result<std::vector<alert>> alert_service::list(storage::alert_query query, const caller& caller) {
    query.owner = visible_owner(caller);
    return storage::fetch(deps_.store,
                          [&](const storage::snapshot& view) { return view.alerts().list(query); });
}

result<alert_summary> alert_service::summary(const caller& caller) {
    return storage::fetch(deps_.store, [&](const storage::snapshot& view) {
        return view.alerts().summary(visible_owner(caller));
    });
}

result<alert> alert_service::get(alert_id id, const caller& caller) {
    auto stored =
        storage::fetch(deps_.store, [&](const storage::snapshot& view) { return view.alerts().find(id); });
    if (!stored)
        return pass(std::move(stored));
    if (!*stored)
        return no_such_alert();
    if (auto allowed = authorise(**stored, caller); !allowed)
        return pass(std::move(allowed));
    return std::move(**stored);
}

result<alert> alert_service::acknowledge(alert_id id, std::string_view note, const caller& caller) {
    return change_state(id, event_type::alert_acknowledge, note, caller);
}

result<alert> alert_service::resolve(alert_id id, std::string_view note, const caller& caller) {
    return change_state(id, event_type::alert_resolve, note, caller);
}

result<alert> alert_service::change_state(alert_id id, event_type type, std::string_view note,
                                          const caller& caller) {
    if (auto visible = get(id, caller); !visible)
        return visible;
    const bool resolves = type == event_type::alert_resolve;
    const timestamp now = deps_.time.now();
    alert changed;
    auto stored = changes_.write(
        type, fmt::format("Alert {}", id), target_of(target_type::alert, id), caller,
        [&](storage::transaction& tx) -> result<void> {
            auto stored_alert = tx.alerts().find(id);
            if (!stored_alert)
                return pass(std::move(stored_alert));
            if (!*stored_alert)
                return no_such_alert();
            changed = std::move(**stored_alert);
            if (changed.state == alert_state::resolved)
                return fail(errc::bad_state, "The alert is already resolved. Reload it.");
            if (!resolves && changed.state != alert_state::open)
                return fail(errc::bad_state, "The alert is already acknowledged. Reload it.");
            auto name = acting_name(tx.users(), caller);
            if (!name)
                return pass(std::move(name));
            changed.state = resolves ? alert_state::resolved : alert_state::acknowledged;
            (resolves ? changed.resolved_at : changed.acknowledged_at) = now;
            (resolves ? changed.resolved_by : changed.acknowledged_by) = std::move(*name);
            if (!note.empty())
                changed.note = note;
            if (auto updated = tx.alerts().update(changed); !updated)
                return updated;
            auto event =
                event_of(caller, now, type, event_status::success, target_of(target_type::alert, id),
                         fmt::format("Alert {} ({}) {}.", id, changed.rule_name, to_string(changed.state)));
            if (changed.device)
                add_target(event, target_of(target_type::device, *changed.device));
            if (changed.rule)
                add_target(event, target_of(target_type::alert_rule, *changed.rule));
            if (auto recorded = tx.audit().append(event); !recorded)
                return pass(std::move(recorded));
            return deps_.writer.notify(tx, id, resolves ? alert_change::resolved : alert_change::updated);
        });
    if (!stored)
        return pass(std::move(stored));
    return changed;
}

result<std::vector<alert_rule>> alert_service::rules() {
    return storage::fetch(deps_.store, [](const storage::snapshot& view) { return view.alerts().rules(); });
}

result<alert_rule> alert_service::rule(rule_id id) {
    auto stored = storage::fetch(deps_.store,
                                 [&](const storage::snapshot& view) { return view.alerts().find_rule(id); });
    if (!stored)
        return pass(std::move(stored));
    if (!*stored)
        return no_such_rule();
    return std::move(**stored);
}

result<alert_rule> alert_service::create_rule(alert_rule added, const caller& caller) {
    if (auto valid = check(added); !valid)
        return pass(std::move(valid));
    added.created_at = added.updated_at = deps_.time.now();
    auto stored =
        changes_.write(event_type::alert_rule_create, "New alert rule", std::nullopt, caller,
                       [&](storage::transaction& tx) -> result<void> {
                           auto id = tx.alerts().insert_rule(added);
                           if (!id)
                               return pass(std::move(id));
                           added.id = *id;
                           if (auto recorded = tx.audit().append(event_of_rule(
                                   caller, added.created_at, event_type::alert_rule_create, added,
                                   fmt::format("Alert rule {} created: {:?}.", added.id, added.name)));
                               !recorded)
                               return pass(std::move(recorded));
                           return tx.changes().publish(rule_changed{added.id});
                       });
    if (!stored)
        return pass(std::move(stored));
    return added;
}

result<alert_rule> alert_service::update_rule(alert_rule changed, const caller& caller) {
    if (auto valid = check(changed); !valid)
        return pass(std::move(valid));
    changed.updated_at = deps_.time.now();
    auto stored = changes_.write(
        event_type::alert_rule_update, fmt::format("Alert rule {}", changed.id),
        target_of(target_type::alert_rule, changed.id), caller,
        [&](storage::transaction& tx) -> result<void> {
            auto before = tx.alerts().find_rule(changed.id);
            if (!before)
                return pass(std::move(before));
            if (*before && !raises_same_alerts(**before, changed)) {
                const auto name = acting_name(tx.users(), caller);
                if (!name)
                    return std::unexpected(name.error());
                if (auto resolved =
                        deps_.writer.resolve_all(tx, {.rule = changed.id}, changed.updated_at, *name);
                    !resolved)
                    return resolved;
            }
            if (auto updated = tx.alerts().update_rule(changed); !updated)
                return updated;
            if (auto recorded = tx.audit().append(
                    event_of_rule(caller, changed.updated_at, event_type::alert_rule_update, changed,
                                  fmt::format("Alert rule {} updated: {:?}, {}{}.", changed.id, changed.name,
                                              changed.enabled ? "enabled" : "disabled",
                                              changed.quarantine ? ", quarantines" : "")));
                !recorded)
                return pass(std::move(recorded));
            return tx.changes().publish(rule_changed{changed.id});
        });
    if (!stored)
        return pass(std::move(stored));
    return rule(changed.id);
}

result<void> alert_service::remove_rule(rule_id id, const caller& caller) {
    const timestamp now = deps_.time.now();
    return changes_.write(
        event_type::alert_rule_delete, fmt::format("Alert rule {}", id),
        target_of(target_type::alert_rule, id), caller, [&](storage::transaction& tx) -> result<void> {
            const auto name = acting_name(tx.users(), caller);
            if (!name)
                return std::unexpected(name.error());
            if (auto resolved = deps_.writer.resolve_all(tx, {.rule = id}, now, *name); !resolved)
                return resolved;
            const auto rule = tx.alerts().find_rule(id);
            if (!rule)
                return std::unexpected(rule.error());
            if (!*rule)
                return no_such_rule();
            if (auto removed = tx.alerts().remove_rule(id); !removed)
                return removed;
            if (auto recorded =
                    tx.audit().append(event_of_rule(caller, now, event_type::alert_rule_delete, **rule,
                                                    fmt::format("Alert rule {} deleted.", id)));
                !recorded)
                return pass(std::move(recorded));
            return tx.changes().publish(rule_changed{id});
        });
}

result<std::vector<rule_evaluation>> alert_service::apply(std::span<const rule_evaluation> evaluations) {
    std::vector<rule_evaluation> deferred;
    if (evaluations.empty())
        return deferred;
    auto stored = deps_.store.write([&](storage::transaction& tx) -> result<void> {
        for (const rule_evaluation& evaluation : evaluations)
            // The device or the rule of an evaluation may have been removed meanwhile.
            if (auto applied = apply_one(tx, evaluation, deferred);
                !applied && applied.error().code != errc::not_found)
                return applied;
        return {};
    });
    if (!stored)
        return pass(std::move(stored));
    return deferred;
}

result<void> alert_service::apply_one(storage::transaction& tx, const rule_evaluation& evaluation,
                                      std::vector<rule_evaluation>& deferred) {
    if (!evaluation.cleared) {
        if (evaluation.simulated && evaluation.device) {
            const auto row = tx.devices().find(*evaluation.device);
            if (!row)
                return std::unexpected(row.error());
            if (!*row || !(*row)->simulated) // the device signed in meanwhile
                return {};
        }
        auto rule = tx.alerts().find_rule(evaluation.rule);
        if (!rule)
            return pass(std::move(rule));
        // The rule may have changed since the evaluation: then nothing would resolve the alert.
        if (!*rule || !(*rule)->enabled ||
            (evaluation.evaluated_rule && !raises_same_alerts(**rule, *evaluation.evaluated_rule)))
            return {};
        return evaluation.late_until ? raise_late(tx, **rule, evaluation, deferred)
                                     : raise(tx, **rule, evaluation, deferred);
    }
    auto existing = tx.alerts().newest(evaluation.rule, evaluation.device, evaluation.subject, false);
    if (!existing)
        return pass(std::move(existing));
    if (!*existing || (*existing)->state == alert_state::resolved)
        return {};
    return deps_.writer.resolve(tx, std::move(**existing), evaluation.at, {});
}

result<void> alert_service::resolve_quiet_incidents() {
    const timestamp now = deps_.time.now();
    return deps_.store.write([&](storage::transaction& tx) {
        return deps_.writer.resolve_all(
            tx, {.kind = alert_kind::security, .quiet_since = now - settings_.incidents_end_after}, now, {});
    });
}

result<void> alert_service::raise(storage::transaction& tx, const alert_rule& rule,
                                  const rule_evaluation& evaluation, std::vector<rule_evaluation>& deferred) {
    auto newest = tx.alerts().newest(rule.id, evaluation.device, evaluation.subject, false);
    if (!newest)
        return pass(std::move(newest));
    // An alert on simulated readings and one on real readings are different alerts.
    if (*newest && (*newest)->simulated != evaluation.simulated) {
        if ((*newest)->state != alert_state::resolved)
            if (auto resolved = deps_.writer.resolve(tx, **newest, evaluation.at, {}); !resolved)
                return resolved;
        newest->reset();
    }
    const bool is_same =
        *newest && ((*newest)->state != alert_state::resolved ||
                    ((*newest)->resolved_by.empty() &&
                     evaluation.at - (*newest)->resolved_at.value_or(timestamp{}) < settings_.reopen_within));
    if (is_same)
        return raise_existing(tx, rule, std::move(**newest), evaluation);
    const auto allowed = take_allowance(tx, evaluation);
    if (!allowed)
        return std::unexpected(allowed.error());
    if (*allowed)
        return raise_new(tx, rule, evaluation);
    // The quarantine does not depend on the allowance: it stops the cause of the alerts.
    if (auto quarantined = quarantine_device(tx, rule, evaluation, std::nullopt); !quarantined)
        return pass(std::move(quarantined));
    return defer(tx, rule, evaluation, deferred);
}

result<void> alert_service::raise_late(storage::transaction& tx, const alert_rule& rule,
                                       const rule_evaluation& evaluation,
                                       std::vector<rule_evaluation>& deferred) {
    const timestamp until = *evaluation.late_until;
    const auto regular = tx.alerts().newest(rule.id, evaluation.device, evaluation.subject, false);
    if (!regular)
        return std::unexpected(regular.error());
    if (*regular && evaluation.at >= (*regular)->raised_at &&
        until <= (*regular)->resolved_at.value_or(timestamp::max()))
        return {}; // the regular alert covers it
    auto previous = tx.alerts().newest(rule.id, evaluation.device, evaluation.subject, true);
    if (!previous)
        return pass(std::move(previous));
    if (*previous && (*previous)->simulated == evaluation.simulated &&
        evaluation.at - (*previous)->resolved_at.value_or(until) < settings_.reopen_within &&
        (*previous)->raised_at - until < settings_.reopen_within) {
        alert extended = std::move(**previous);
        extended.count += evaluation.count;
        extended.raised_at = std::min(extended.raised_at, evaluation.at);
        extended.last_raised_at = std::max(extended.last_raised_at, evaluation.at);
        extended.resolved_at = std::max(extended.resolved_at.value_or(until), until);
        if (auto updated = tx.alerts().update(extended); !updated)
            return updated;
        return deps_.writer.notify(tx, extended.id, alert_change::updated);
    }
    const auto allowed = take_allowance(tx, evaluation);
    if (!allowed)
        return std::unexpected(allowed.error());
    return *allowed ? raise_new(tx, rule, evaluation) : defer(tx, rule, evaluation, deferred);
}

result<void> alert_service::defer(storage::transaction& tx, const alert_rule& rule,
                                  const rule_evaluation& evaluation, std::vector<rule_evaluation>& deferred) {
    deferred.push_back(evaluation);
    if (evaluation.deferred)
        return {};
    ++deferred_;
    return raise(
        tx, rule,
        {.rule = rule.id,
         .subject = std::string{further_alerts},
         .summary =
             "This rule raised many alerts at once. The server shows the rest as soon as its limit allows.",
         .at = evaluation.at},
        deferred);
}

result<bool> alert_service::quarantine_device(storage::transaction& tx, const alert_rule& rule,
                                              const rule_evaluation& evaluation,
                                              std::optional<alert_id> alert) {
    if (!rule.quarantine || !evaluation.device || evaluation.simulated || evaluation.late_until)
        return false;
    std::vector<event_target> reasons{target_of(target_type::alert_rule, rule.id)};
    if (alert)
        reasons.push_back(target_of(target_type::alert, *alert));
    return deps_.devices.quarantine(tx, *evaluation.device,
                                    {.author = block_author::rule,
                                     .owner_may_release = rule.owner_may_release,
                                     .name = rule.name,
                                     .reason = evaluation.summary,
                                     .at = deps_.time.now(),
                                     .alert = alert},
                                    fmt::format("quarantine by alert rule {} ({}).", rule.id, rule.name),
                                    std::move(reasons), caller_for_rule(rule.id));
}

result<void> alert_service::raise_existing(storage::transaction& tx, const alert_rule& rule, alert existing,
                                           const rule_evaluation& evaluation) {
    const auto blocked = quarantine_device(tx, rule, evaluation, existing.id);
    if (!blocked)
        return std::unexpected(blocked.error());
    if (existing.state == alert_state::resolved) {
        existing.state = alert_state::open;
        existing.resolved_at.reset();
        existing.acknowledged_at.reset();
        existing.acknowledged_by.clear();
        if (auto withdrawn = tx.outbox().withdraw(destination_kind::webhook, existing.id); !withdrawn)
            return withdrawn;
    }
    existing.count += evaluation.count;
    existing.last_raised_at = evaluation.at;
    existing.summary = evaluation.summary;
    existing.quarantined = existing.quarantined || *blocked;
    if (auto updated = tx.alerts().update(existing); !updated)
        return updated;
    return deps_.writer.notify(tx, existing.id, alert_change::updated);
}

result<void> alert_service::raise_new(storage::transaction& tx, const alert_rule& rule,
                                      const rule_evaluation& evaluation) {
    alert added{.rule = rule.id,
                .rule_name = rule.name,
                .kind = rule.kind(),
                .severity = rule.severity,
                .device = evaluation.device,
                .subject = evaluation.subject,
                .summary = evaluation.summary,
                .state = evaluation.late_until ? alert_state::resolved : alert_state::open,
                .count = evaluation.count,
                .late = evaluation.late_until.has_value(),
                .simulated = evaluation.simulated,
                .raised_at = evaluation.at,
                .last_raised_at = evaluation.at,
                .resolved_at = evaluation.late_until};
    auto id = tx.alerts().insert(added);
    if (!id)
        return pass(std::move(id));
    auto event = event_of(
        caller_for_rule(rule.id), deps_.time.now(), event_type::alert_raise, event_status::success,
        target_of(target_type::alert, *id),
        fmt::format("Alert {} by rule {}{}: {}", *id, rule.id,
                    evaluation.device ? fmt::format(" of device {}", evaluation.device->to_string()) : "",
                    evaluation.summary));
    event.simulated = evaluation.simulated;
    if (evaluation.device)
        add_target(event, target_of(target_type::device, *evaluation.device));
    add_target(event, target_of(target_type::alert_rule, rule.id));
    if (auto recorded = tx.audit().append(event); !recorded)
        return pass(std::move(recorded));
    const auto blocked = quarantine_device(tx, rule, evaluation, *id);
    if (!blocked)
        return std::unexpected(blocked.error());
    if (*blocked) {
        added.id = *id;
        added.quarantined = true;
        if (auto updated = tx.alerts().update(added); !updated)
            return updated;
    }
    return deps_.writer.notify(tx, *id, alert_change::raised);
}

/// Each rule and owner has an allowance of its own, so that nobody uses up another's.
result<bool> alert_service::take_allowance(storage::transaction& tx, const rule_evaluation& evaluation) {
    if (evaluation.subject == further_alerts)
        return true;
    user_id owner = 0;
    if (evaluation.device) {
        const auto row = tx.devices().find(*evaluation.device);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return fail(errc::not_found, "Device not found.");
        owner = (*row)->owner;
    }
    const steady_point now = deps_.time.steady_now();
    const auto level_of = [&](const allowance& bucket) {
        const std::chrono::duration<double> passed = now - bucket.at;
        return std::min(settings_.burst, bucket.remaining + passed / settings_.refill_interval);
    };
    if (allowances_.size() >= max_allowances)
        std::erase_if(allowances_,
                      [&](const auto& entry) { return level_of(entry.second) >= settings_.burst; });
    const auto [entry, is_new] = allowances_.try_emplace({evaluation.rule, owner, evaluation.simulated},
                                                         allowance{settings_.burst, now});
    allowance& bucket = entry->second;
    bucket = {.remaining = level_of(bucket), .at = now};
    if (bucket.remaining < 1)
        return false;
    bucket.remaining -= 1;
    return true;
}

} // namespace breakwater::services
