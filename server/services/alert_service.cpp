#include "services/alert_service.hpp"

#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace breakwater::services {

namespace {

/// The subject of the alert that stands for all that were too many.
constexpr std::string_view further = "further devices";
/// What is beyond stays, without its rule, until somebody resolves it.
constexpr std::size_t max_live_of_rule = 10'000;

std::unexpected<error> no_such_alert() {
    return fail(errc::not_found, "Alert not found.");
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
    if (what.device)
        return with_.devices.authorise(*what.device, who);
    if (who.administrator)
        return {};
    if (auto recorded = with_.audit.record_and_wait(
            event_of(who, with_.time.now(), event_type::admin_forbidden, event_status::denied,
                     fmt::format("Tried to reach alert {}.", what.id)));
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
    auto stored =
        changes_.write(type, fmt::format("Alert {}", id), who, [&](storage::transaction& tx) -> result<void> {
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
            if (auto recorded = tx.audit().append(event_of(
                    who, now, type, event_status::success,
                    fmt::format("Alert {} ({}) {}.", id, changed.rule_name, to_string(changed.state))));
                !recorded)
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
        return fail(errc::not_found, "Alert rule not found.");
    return std::move(**found);
}

result<alert_rule> alert_service::create_rule(alert_rule added, const caller& who) {
    if (auto meant = check(added); !meant)
        return pass(std::move(meant));
    added.created_at = added.updated_at = with_.time.now();
    auto stored = changes_.write(
        event_type::alert_rule_create, "New alert rule", who, [&](storage::transaction& tx) -> result<void> {
            auto id = tx.alerts().insert_rule(added);
            if (!id)
                return pass(std::move(id));
            added.id = *id;
            if (auto recorded = tx.audit().append(
                    event_of(who, added.created_at, event_type::alert_rule_create, event_status::success,
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
        event_type::alert_rule_update, fmt::format("Alert rule {}", changed.id), who,
        [&](storage::transaction& tx) -> result<void> {
            auto before = tx.alerts().find_rule(changed.id);
            if (!before)
                return pass(std::move(before));
            if (*before && !same_watch(**before, changed))
                if (auto ended = end_all_of(tx, changed.id, changed.updated_at); !ended)
                    return ended;
            if (auto updated = tx.alerts().update_rule(changed); !updated)
                return updated;
            if (auto recorded = tx.audit().append(
                    event_of(who, changed.updated_at, event_type::alert_rule_update, event_status::success,
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
    return changes_.write(event_type::alert_rule_delete, fmt::format("Alert rule {}", id), who,
                          [&](storage::transaction& tx) -> result<void> {
                              auto live =
                                  tx.alerts().list({.live = true, .rule = id, .limit = max_live_of_rule});
                              if (!live)
                                  return pass(std::move(live));
                              for (alert& each : *live)
                                  if (auto ended = end(tx, std::move(each), now); !ended)
                                      return ended;
                              if (auto removed = tx.alerts().remove_rule(id); !removed)
                                  return removed;
                              if (auto recorded = tx.audit().append(
                                      event_of(who, now, event_type::alert_rule_delete, event_status::success,
                                               fmt::format("Alert rule {} deleted.", id)));
                                  !recorded)
                                  return pass(std::move(recorded));
                              tx.after_commit([this] { told_.rules_changed(); });
                              return {};
                          });
}

result<void> alert_service::take(std::span<const alert_finding> found) {
    if (found.empty())
        return {};
    return with_.store.write([&](storage::transaction& tx) -> result<void> {
        for (const alert_finding& each : found)
            // A device or a rule that went meanwhile takes its findings along.
            if (auto taken = take_one(tx, each); !taken && taken.error().code != errc::not_found)
                return taken;
        return {};
    });
}

result<void> alert_service::take_one(storage::transaction& tx, const alert_finding& found) {
    if (!found.over) {
        auto rule = tx.alerts().find_rule(found.rule);
        if (!rule)
            return pass(std::move(rule));
        return *rule ? raise(tx, **rule, found) : result<void>{};
    }
    auto known = tx.alerts().newest(found.rule, found.device, found.subject);
    if (!known)
        return pass(std::move(known));
    if (!*known || (*known)->state == alert_state::resolved)
        return {};
    return end(tx, std::move(**known), found.at);
}

result<void> alert_service::end(storage::transaction& tx, alert over, timestamp at) {
    over.state = alert_state::resolved;
    over.resolved_at = at;
    if (auto updated = tx.alerts().update(over); !updated)
        return updated;
    return tell(tx, over.id, alert_change::resolved);
}

result<void> alert_service::end_all_of(storage::transaction& tx, rule_id rule, timestamp at) {
    auto live = tx.alerts().list({.live = true, .rule = rule, .limit = max_live_of_rule});
    if (!live)
        return pass(std::move(live));
    for (alert& each : *live)
        if (auto ended = end(tx, std::move(each), at); !ended)
            return ended;
    return {};
}

result<void> alert_service::raise(storage::transaction& tx, const alert_rule& rule,
                                  const alert_finding& found) {
    auto newest = tx.alerts().newest(rule.id, found.device, found.subject);
    if (!newest)
        return pass(std::move(newest));
    const bool same =
        *newest && ((*newest)->state != alert_state::resolved ||
                    ((*newest)->resolved_by.empty() &&
                     found.at - (*newest)->resolved_at.value_or(timestamp{}) < settings_.reopen_within));
    if (!same)
        return raise_new(tx, rule, found);
    alert& known = **newest;
    if (known.state == alert_state::resolved) {
        known.state = alert_state::open;
        known.resolved_at.reset();
        known.acknowledged_at.reset();
        known.acknowledged_by.clear();
    }
    known.count += found.count;
    known.last_raised_at = found.at;
    known.summary = found.summary;
    if (auto updated = tx.alerts().update(known); !updated)
        return updated;
    return tell(tx, known.id, alert_change::updated);
}

result<void> alert_service::raise_new(storage::transaction& tx, const alert_rule& rule,
                                      const alert_finding& found) {
    if (found.subject != further && !may_raise(rule.id)) {
        ++gathered_;
        return raise(tx, rule,
                     {.rule = rule.id,
                      .subject = std::string{further},
                      .summary = "More alerts of this rule came at once than can be told one by one.",
                      .count = 1,
                      .at = found.at});
    }
    alert added{.rule = rule.id,
                .rule_name = rule.name,
                .kind = rule.kind(),
                .severity = rule.severity,
                .device = found.device,
                .subject = found.subject,
                .summary = found.summary,
                .count = found.count,
                .raised_at = found.at,
                .last_raised_at = found.at};
    const caller who = watching(rule.id);
    if (rule.quarantine && found.device) {
        auto blocked = with_.devices.quarantine(
            tx, *found.device, fmt::format("quarantine by alert rule {} ({}).", rule.id, rule.name), who);
        if (!blocked)
            return pass(std::move(blocked));
        added.quarantined = *blocked;
    }
    auto id = tx.alerts().insert(added);
    if (!id)
        return pass(std::move(id));
    if (auto recorded = tx.audit().append(
            event_of(who, with_.time.now(), event_type::alert_raise, event_status::success,
                     fmt::format("Alert {} by rule {}{}: {}", *id, rule.id,
                                 found.device ? fmt::format(" of device {}", found.device->to_string()) : "",
                                 found.summary)));
        !recorded)
        return pass(std::move(recorded));
    return tell(tx, *id, alert_change::raised);
}

/// To webhooks, within the transaction, and to those who listen, once it is durable; as it stands now.
result<void> alert_service::tell(storage::transaction& tx, alert_id id, alert_change how) {
    auto now = tx.alerts().find(id);
    if (!now)
        return pass(std::move(now));
    if (!*now)
        return no_such_alert();
    // What comes back soon, and who looks after it, is no news for those outside.
    if (how != alert_change::updated) {
        const timestamp sent = with_.time.now();
        const std::string message =
            fmt::format(R"({{"type":"alert","change":"{}","sent_at":"{}","alert":{}}})", to_string(how),
                        format_rfc3339(sent), with_.as_json(**now));
        auto enqueued = tx.webhooks().enqueue((*now)->severity, message, sent);
        if (!enqueued)
            return pass(std::move(enqueued));
        if (enqueued->dead != 0)
            if (auto recorded = tx.audit().append(
                    {.created_at = sent,
                     .actor = actor_type::system,
                     .type = event_type::webhook_dead_letter,
                     .status = event_status::error,
                     .detail = fmt::format("Messages of alert {} given up: too many wait already.", id),
                     .count = enqueued->dead});
                !recorded)
                return pass(std::move(recorded));
    }
    tx.after_commit([this, how, what = std::move(**now)] {
        if (how == alert_change::raised)
            ++raised_;
        else if (how == alert_change::resolved)
            ++resolved_;
        told_.changed(what, how);
    });
    return {};
}

bool alert_service::may_raise(rule_id rule) {
    const steady_point now = with_.time.steady_now();
    const auto [entry, fresh] = allowances_.try_emplace(rule, allowance{settings_.burst, now});
    allowance& of_rule = entry->second;
    const std::chrono::duration<double> passed = now - of_rule.at;
    of_rule.left = std::min(settings_.burst, of_rule.left + passed / settings_.refill_interval);
    of_rule.at = now;
    if (of_rule.left < 1)
        return false;
    of_rule.left -= 1;
    return true;
}

} // namespace breakwater::services
