#include "services/alert_service.hpp"

#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace breakwater::services {

namespace {

/// Of one transaction; what is beyond stays until somebody resolves it, or until the next time.
constexpr std::size_t ended_at_once = 10'000;
constexpr std::size_t most_allowances = 10'000;

std::unexpected<error> no_such_alert() {
    return fail(errc::not_found, "Alert not found.");
}

std::unexpected<error> no_such_rule() {
    return fail(errc::not_found, "Alert rule not found.");
}

/// About the rule, and the device that it is for.
security_event event_of_rule(const caller& who, timestamp at, event_type type, const alert_rule& rule,
                             std::string detail) {
    auto event = event_of(who, at, type, event_status::success, target_of(target_type::alert_rule, rule.id),
                          std::move(detail));
    if (rule.device)
        add_target(event, target_of(target_type::device, *rule.device));
    return event;
}

caller watching(rule_id rule) {
    return {.administrator = true, .origin = {.route = fmt::format("alert rule {}", rule)}, .system = true};
}

/// Who acts, as an alert shows it.
result<std::string> name_of(const storage::user_store& users, const caller& who) {
    if (who.system)
        return std::string{"the server's shell"};
    auto found = users.find(who.user);
    if (!found)
        return pass(std::move(found));
    if (!*found)
        return fail(errc::unauthenticated, "The account no longer exists.");
    return std::move((*found)->email);
}

} // namespace

alert_service::alert_service(const parts& with, const alert_settings& chosen, observer told)
    : with_{with}, settings_{chosen}, told_{std::move(told)}, changes_{with.store, with.audit, with.time} {}

result<void> alert_service::authorise(const alert& what, const caller& who) {
    if (what.device && !what.device_gone)
        return with_.devices.authorise(*what.device, who);
    if (who.administrator)
        return {};
    if (what.device_gone) // to its owner it is gone, like the device
        return no_such_alert();
    if (auto recorded = with_.audit.record_and_wait(event_of(
            who, with_.time.now(), event_type::admin_forbidden, event_status::denied,
            target_of(target_type::alert, what.id), fmt::format("Tried to reach alert {}.", what.id)));
        !recorded)
        return recorded;
    return fail(errc::forbidden, "This alert is for administrators.");
}

result<std::vector<alert>> alert_service::list(storage::alert_query query, const caller& who) {
    query.owner = who.administrator ? std::nullopt : std::optional{who.user};
    return storage::ask(with_.store,
                        [&](const storage::snapshot& view) { return view.alerts().list(query); });
}

result<storage::alert_summary> alert_service::summary(const caller& who) {
    return storage::ask(with_.store, [&](const storage::snapshot& view) {
        return view.alerts().summary(who.administrator ? std::nullopt : std::optional{who.user});
    });
}

result<alert> alert_service::get(alert_id id, const caller& who) {
    auto found =
        storage::ask(with_.store, [&](const storage::snapshot& view) { return view.alerts().find(id); });
    if (!found)
        return pass(std::move(found));
    if (!*found)
        return no_such_alert();
    if (auto allowed = authorise(**found, who); !allowed)
        return pass(std::move(allowed));
    return std::move(**found);
}

result<alert> alert_service::acknowledge(alert_id id, std::string_view note, const caller& who) {
    return settle(id, event_type::alert_acknowledge, note, who);
}

result<alert> alert_service::resolve(alert_id id, std::string_view note, const caller& who) {
    return settle(id, event_type::alert_resolve, note, who);
}

result<alert> alert_service::settle(alert_id id, event_type type, std::string_view note, const caller& who) {
    if (auto seen = get(id, who); !seen)
        return seen;
    const bool resolves = type == event_type::alert_resolve;
    const timestamp now = with_.time.now();
    alert changed;
    auto stored = changes_.write(
        type, fmt::format("Alert {}", id), target_of(target_type::alert, id), who,
        [&](storage::transaction& tx) -> result<void> {
            auto found = tx.alerts().find(id);
            if (!found)
                return pass(std::move(found));
            if (!*found)
                return no_such_alert();
            changed = std::move(**found);
            if (changed.state == alert_state::resolved)
                return fail(errc::bad_state, "The alert is resolved already.");
            if (!resolves && changed.state != alert_state::open)
                return fail(errc::bad_state, "The alert is acknowledged already.");
            auto name = name_of(tx.users(), who);
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
                event_of(who, now, type, event_status::success, target_of(target_type::alert, id),
                         fmt::format("Alert {} ({}) {}.", id, changed.rule_name, to_string(changed.state)));
            if (changed.device)
                add_target(event, target_of(target_type::device, *changed.device));
            if (changed.rule)
                add_target(event, target_of(target_type::alert_rule, *changed.rule));
            if (auto recorded = tx.audit().append(event); !recorded)
                return pass(std::move(recorded));
            return tell(tx, id, resolves ? alert_change::resolved : alert_change::updated);
        });
    if (!stored)
        return pass(std::move(stored));
    return changed;
}

result<std::vector<alert_rule>> alert_service::rules() {
    return storage::ask(with_.store, [](const storage::snapshot& view) { return view.alerts().rules(); });
}

result<alert_rule> alert_service::rule(rule_id id) {
    auto found =
        storage::ask(with_.store, [&](const storage::snapshot& view) { return view.alerts().find_rule(id); });
    if (!found)
        return pass(std::move(found));
    if (!*found)
        return no_such_rule();
    return std::move(**found);
}

result<alert_rule> alert_service::create_rule(alert_rule added, const caller& who) {
    if (auto meant = check(added); !meant)
        return pass(std::move(meant));
    added.created_at = added.updated_at = with_.time.now();
    auto stored =
        changes_.write(event_type::alert_rule_create, "New alert rule", std::nullopt, who,
                       [&](storage::transaction& tx) -> result<void> {
                           auto id = tx.alerts().insert_rule(added);
                           if (!id)
                               return pass(std::move(id));
                           added.id = *id;
                           if (auto recorded = tx.audit().append(event_of_rule(
                                   who, added.created_at, event_type::alert_rule_create, added,
                                   fmt::format("Alert rule {} created: {:?}.", added.id, added.name)));
                               !recorded)
                               return pass(std::move(recorded));
                           tx.after_commit([this] { told_.rules_changed(); });
                           return {};
                       });
    if (!stored)
        return pass(std::move(stored));
    return added;
}

result<alert_rule> alert_service::update_rule(alert_rule changed, const caller& who) {
    if (auto meant = check(changed); !meant)
        return pass(std::move(meant));
    changed.updated_at = with_.time.now();
    auto stored = changes_.write(
        event_type::alert_rule_update, fmt::format("Alert rule {}", changed.id),
        target_of(target_type::alert_rule, changed.id), who, [&](storage::transaction& tx) -> result<void> {
            auto before = tx.alerts().find_rule(changed.id);
            if (!before)
                return pass(std::move(before));
            if (*before && !same_watch(**before, changed)) {
                const auto name = name_of(tx.users(), who);
                if (!name)
                    return std::unexpected(name.error());
                if (auto ended = end_all(tx, {.rule = changed.id}, changed.updated_at, *name); !ended)
                    return ended;
            }
            if (auto updated = tx.alerts().update_rule(changed); !updated)
                return updated;
            if (auto recorded = tx.audit().append(
                    event_of_rule(who, changed.updated_at, event_type::alert_rule_update, changed,
                                  fmt::format("Alert rule {} updated: {:?}, {}{}.", changed.id, changed.name,
                                              changed.enabled ? "enabled" : "disabled",
                                              changed.quarantine ? ", quarantines" : "")));
                !recorded)
                return pass(std::move(recorded));
            tx.after_commit([this] { told_.rules_changed(); });
            return {};
        });
    if (!stored)
        return pass(std::move(stored));
    return rule(changed.id);
}

result<void> alert_service::remove_rule(rule_id id, const caller& who) {
    const timestamp now = with_.time.now();
    return changes_.write(
        event_type::alert_rule_delete, fmt::format("Alert rule {}", id),
        target_of(target_type::alert_rule, id), who, [&](storage::transaction& tx) -> result<void> {
            const auto name = name_of(tx.users(), who);
            if (!name)
                return std::unexpected(name.error());
            if (auto ended = end_all(tx, {.rule = id}, now, *name); !ended)
                return ended;
            const auto rule = tx.alerts().find_rule(id);
            if (!rule)
                return std::unexpected(rule.error());
            if (!*rule)
                return no_such_rule();
            if (auto removed = tx.alerts().remove_rule(id); !removed)
                return removed;
            if (auto recorded =
                    tx.audit().append(event_of_rule(who, now, event_type::alert_rule_delete, **rule,
                                                    fmt::format("Alert rule {} deleted.", id)));
                !recorded)
                return pass(std::move(recorded));
            tx.after_commit([this] { told_.rules_changed(); });
            return {};
        });
}

result<std::vector<alert_finding>> alert_service::take(std::span<const alert_finding> found) {
    std::vector<alert_finding> too_many;
    if (found.empty())
        return too_many;
    auto stored = with_.store.write([&](storage::transaction& tx) -> result<void> {
        for (const alert_finding& each : found)
            // A device or a rule that went meanwhile takes its findings along.
            if (auto taken = take_one(tx, each, too_many); !taken && taken.error().code != errc::not_found)
                return taken;
        return {};
    });
    if (!stored)
        return pass(std::move(stored));
    return too_many;
}

result<void> alert_service::take_one(storage::transaction& tx, const alert_finding& found,
                                     std::vector<alert_finding>& too_many) {
    if (!found.over) {
        if (found.simulated && found.device) {
            const auto row = tx.devices().find(*found.device);
            if (!row)
                return std::unexpected(row.error());
            if (!*row || !(*row)->simulated) // it has come to life meanwhile
                return {};
        }
        auto rule = tx.alerts().find_rule(found.rule);
        if (!rule)
            return pass(std::move(rule));
        // It may be another by now than the one that was watched: then nobody would say when it is over.
        if (!*rule || !(*rule)->enabled || (found.watched && !same_watch(**rule, *found.watched)))
            return {};
        return found.late_until ? raise_late(tx, **rule, found, too_many)
                                : raise(tx, **rule, found, too_many);
    }
    auto known = tx.alerts().newest(found.rule, found.device, found.subject, false);
    if (!known)
        return pass(std::move(known));
    if (!*known || (*known)->state == alert_state::resolved)
        return {};
    return end(tx, std::move(**known), found.at, {});
}

result<void> alert_service::end(storage::transaction& tx, alert over, timestamp at, std::string_view by) {
    over.state = alert_state::resolved;
    over.resolved_at = at;
    over.resolved_by = by;
    if (auto updated = tx.alerts().update(over); !updated)
        return updated;
    return tell(tx, over.id, alert_change::resolved);
}

result<void> alert_service::end_all(storage::transaction& tx, const storage::alert_query& which, timestamp at,
                                    std::string_view by) {
    storage::alert_query live = which;
    live.live = true;
    live.limit = ended_at_once;
    auto found = tx.alerts().list(live);
    if (!found)
        return pass(std::move(found));
    for (alert& each : *found)
        if (auto ended = end(tx, std::move(each), at, by); !ended)
            return ended;
    return {};
}

result<void> alert_service::end_quiet_incidents() {
    const timestamp now = with_.time.now();
    return with_.store.write([&](storage::transaction& tx) {
        return end_all(tx, {.kind = alert_kind::security, .quiet_since = now - settings_.incidents_end_after},
                       now, {});
    });
}

result<void> alert_service::end_simulated(storage::transaction& tx, const device_id& device) {
    return end_all(tx, {.device = device, .simulated = true}, with_.time.now(), {});
}

result<void> alert_service::end_of_device(storage::transaction& tx, const device_id& device,
                                          const caller& who) {
    const timestamp now = with_.time.now();
    const auto name = name_of(tx.users(), who);
    if (!name)
        return std::unexpected(name.error());
    if (auto ended = end_all(tx, {.device = device}, now, *name); !ended)
        return ended;
    const auto rules = tx.alerts().rules();
    if (!rules)
        return std::unexpected(rules.error());
    bool any = false;
    for (const alert_rule& each : *rules) {
        if (each.device != device)
            continue;
        any = true;
        if (auto recorded = tx.audit().append(event_of_rule(
                who, now, event_type::alert_rule_delete, each,
                fmt::format("Alert rule {} deleted with device {}.", each.id, device.to_string())));
            !recorded)
            return pass(std::move(recorded));
    }
    if (any)
        tx.after_commit([this] { told_.rules_changed(); });
    return {};
}

result<void> alert_service::raise(storage::transaction& tx, const alert_rule& rule,
                                  const alert_finding& found, std::vector<alert_finding>& too_many) {
    auto newest = tx.alerts().newest(rule.id, found.device, found.subject, false);
    if (!newest)
        return pass(std::move(newest));
    // What was made up is neither the same as what was measured, nor does it come back as such.
    if (*newest && (*newest)->simulated != found.simulated) {
        if ((*newest)->state != alert_state::resolved)
            if (auto ended = end(tx, **newest, found.at, {}); !ended)
                return ended;
        newest->reset();
    }
    const bool same =
        *newest && ((*newest)->state != alert_state::resolved ||
                    ((*newest)->resolved_by.empty() &&
                     found.at - (*newest)->resolved_at.value_or(timestamp{}) < settings_.reopen_within));
    if (same)
        return raise_again(tx, rule, std::move(**newest), found);
    const auto allowed = may_raise(tx, found);
    if (!allowed)
        return std::unexpected(allowed.error());
    if (*allowed)
        return raise_new(tx, rule, found);
    // However many alerts there are: it is what stops them.
    if (auto contained = contain(tx, rule, found, std::nullopt); !contained)
        return pass(std::move(contained));
    return put_off(tx, rule, found, too_many);
}

result<void> alert_service::raise_late(storage::transaction& tx, const alert_rule& rule,
                                       const alert_finding& found, std::vector<alert_finding>& too_many) {
    const timestamp until = *found.late_until;
    const auto regular = tx.alerts().newest(rule.id, found.device, found.subject, false);
    if (!regular)
        return std::unexpected(regular.error());
    if (*regular && found.at >= (*regular)->raised_at &&
        until <= (*regular)->resolved_at.value_or(timestamp::max()))
        return {}; // it was told already
    auto before = tx.alerts().newest(rule.id, found.device, found.subject, true);
    if (!before)
        return pass(std::move(before));
    if (*before && (*before)->simulated == found.simulated &&
        found.at - (*before)->resolved_at.value_or(until) < settings_.reopen_within &&
        (*before)->raised_at - until < settings_.reopen_within) {
        alert known = std::move(**before);
        known.count += found.count;
        known.raised_at = std::min(known.raised_at, found.at);
        known.last_raised_at = std::max(known.last_raised_at, found.at);
        known.resolved_at = std::max(known.resolved_at.value_or(until), until);
        if (auto updated = tx.alerts().update(known); !updated)
            return updated;
        return tell(tx, known.id, alert_change::updated);
    }
    const auto allowed = may_raise(tx, found);
    if (!allowed)
        return std::unexpected(allowed.error());
    return *allowed ? raise_new(tx, rule, found) : put_off(tx, rule, found, too_many);
}

result<void> alert_service::put_off(storage::transaction& tx, const alert_rule& rule,
                                    const alert_finding& found, std::vector<alert_finding>& too_many) {
    too_many.push_back(found);
    if (found.put_off)
        return {};
    ++put_off_;
    return raise(tx, rule,
                 {.rule = rule.id,
                  .subject = std::string{further_alerts},
                  .summary = "More alerts of this rule came at once than can be told one by one.",
                  .at = found.at},
                 too_many);
}

result<bool> alert_service::contain(storage::transaction& tx, const alert_rule& rule,
                                    const alert_finding& found, std::optional<alert_id> alert) {
    if (!rule.quarantine || !found.device || found.simulated || found.late_until)
        return false;
    std::vector<event_target> reasons{target_of(target_type::alert_rule, rule.id)};
    if (alert)
        reasons.push_back(target_of(target_type::alert, *alert));
    return with_.devices.quarantine(tx, *found.device,
                                    {.author = block_author::rule,
                                     .owner_may_release = rule.owner_may_release,
                                     .name = rule.name,
                                     .reason = found.summary,
                                     .at = with_.time.now(),
                                     .alert = alert},
                                    fmt::format("quarantine by alert rule {} ({}).", rule.id, rule.name),
                                    std::move(reasons), watching(rule.id));
}

result<void> alert_service::raise_again(storage::transaction& tx, const alert_rule& rule, alert known,
                                        const alert_finding& found) {
    const auto blocked = contain(tx, rule, found, known.id);
    if (!blocked)
        return std::unexpected(blocked.error());
    if (known.state == alert_state::resolved) {
        known.state = alert_state::open;
        known.resolved_at.reset();
        known.acknowledged_at.reset();
        known.acknowledged_by.clear();
        if (auto withdrawn = tx.webhooks().withdraw(known.id); !withdrawn)
            return withdrawn;
    }
    known.count += found.count;
    known.last_raised_at = found.at;
    known.summary = found.summary;
    known.quarantined = known.quarantined || *blocked;
    if (auto updated = tx.alerts().update(known); !updated)
        return updated;
    return tell(tx, known.id, alert_change::updated);
}

result<void> alert_service::raise_new(storage::transaction& tx, const alert_rule& rule,
                                      const alert_finding& found) {
    alert added{.rule = rule.id,
                .rule_name = rule.name,
                .kind = rule.kind(),
                .severity = rule.severity,
                .device = found.device,
                .subject = found.subject,
                .summary = found.summary,
                .state = found.late_until ? alert_state::resolved : alert_state::open,
                .count = found.count,
                .late = found.late_until.has_value(),
                .simulated = found.simulated,
                .raised_at = found.at,
                .last_raised_at = found.at,
                .resolved_at = found.late_until};
    auto id = tx.alerts().insert(added);
    if (!id)
        return pass(std::move(id));
    auto event =
        event_of(watching(rule.id), with_.time.now(), event_type::alert_raise, event_status::success,
                 target_of(target_type::alert, *id),
                 fmt::format("Alert {} by rule {}{}: {}", *id, rule.id,
                             found.device ? fmt::format(" of device {}", found.device->to_string()) : "",
                             found.summary));
    event.simulated = found.simulated;
    if (found.device)
        add_target(event, target_of(target_type::device, *found.device));
    add_target(event, target_of(target_type::alert_rule, rule.id));
    if (auto recorded = tx.audit().append(event); !recorded)
        return pass(std::move(recorded));
    const auto blocked = contain(tx, rule, found, *id);
    if (!blocked)
        return std::unexpected(blocked.error());
    if (*blocked) {
        added.id = *id;
        added.quarantined = true;
        if (auto updated = tx.alerts().update(added); !updated)
            return updated;
    }
    return tell(tx, *id, alert_change::raised);
}

/// To webhooks, within the transaction, and to those who listen, once it is durable; as it stands now.
result<void> alert_service::tell(storage::transaction& tx, alert_id id, alert_change how) {
    auto now = tx.alerts().find(id);
    if (!now)
        return pass(std::move(now));
    if (!*now)
        return no_such_alert();
    // That it came back before anybody heard that it was gone, and who looks after it, is no news outside.
    if (how != alert_change::updated)
        if (auto told = tell_webhooks(tx, **now, how); !told)
            return told;
    tx.after_commit([this, how, what = std::move(**now)] {
        if (how == alert_change::raised)
            ++raised_;
        if (how == alert_change::resolved || (how == alert_change::raised && what.late))
            ++resolved_;
        told_.changed(what, how);
    });
    return {};
}

result<void> alert_service::tell_webhooks(storage::transaction& tx, const alert& what, alert_change how) {
    const timestamp sent = with_.time.now();
    const std::string message = fmt::format(R"({{"type":"alert","change":"{}","sent_at":"{}","alert":{}}})",
                                            to_string(how), format_rfc3339(sent), with_.as_json(what));
    std::optional<storage::held_back> hold;
    if (how == alert_change::resolved && what.resolved_by.empty())
        hold = {.about = what.id, .until = what.resolved_at.value_or(sent) + settings_.reopen_within};
    auto enqueued = tx.webhooks().enqueue(what.severity, message, sent, hold);
    if (!enqueued)
        return pass(std::move(enqueued));
    if (enqueued->dead == 0)
        return {};
    auto recorded = tx.audit().append(
        {.created_at = sent,
         .actor = actor_type::system,
         .type = event_type::webhook_dead_letter,
         .status = event_status::error,
         .target = target_of(target_type::alert, what.id),
         .detail = fmt::format("Messages of alert {} given up: too many wait already.", what.id),
         .count = enqueued->dead});
    return recorded ? result<void>{} : pass(std::move(recorded));
}

/// An allowance for each rule and owner, so that nobody uses up another's.
result<bool> alert_service::may_raise(storage::transaction& tx, const alert_finding& found) {
    if (found.subject == further_alerts)
        return true;
    user_id owner = 0;
    if (found.device) {
        const auto row = tx.devices().find(*found.device);
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return fail(errc::not_found, "Device not found.");
        owner = (*row)->owner;
    }
    const steady_point now = with_.time.steady_now();
    const auto filled = [&](const allowance& of) {
        const std::chrono::duration<double> passed = now - of.at;
        return std::min(settings_.burst, of.left + passed / settings_.refill_interval);
    };
    if (allowances_.size() >= most_allowances)
        std::erase_if(allowances_, [&](const auto& each) { return filled(each.second) >= settings_.burst; });
    const auto [entry, fresh] =
        allowances_.try_emplace({found.rule, owner, found.simulated}, allowance{settings_.burst, now});
    allowance& its = entry->second;
    its = {.left = filled(its), .at = now};
    if (its.left < 1)
        return false;
    its.left -= 1;
    return true;
}

} // namespace breakwater::services
