#include "services/alert_writer.hpp"

#include "wire/webhook_messages.hpp"

#include <fmt/format.h>

#include <utility>

namespace breakwater::services {

namespace {

/// In one transaction. Further alerts stay open until a person resolves them, or until the next call.
constexpr std::size_t resolved_at_once = 10'000;

} // namespace

security_event event_of_rule(const caller& caller, timestamp at, event_type type, const alert_rule& rule,
                             std::string detail) {
    auto event = event_of(caller, at, type, event_status::success,
                          target_of(target_type::alert_rule, rule.id), std::move(detail));
    if (rule.device)
        add_target(event, target_of(target_type::device, *rule.device));
    return event;
}

result<std::string> acting_name(const storage::user_store& users, const caller& caller) {
    if (caller.principal.is_system())
        return std::string{"the server's shell"};
    auto account = users.find(caller.principal.user);
    if (!account)
        return pass(std::move(account));
    if (!*account)
        return fail(errc::unauthenticated, "This account was deleted.");
    return std::move((*account)->email);
}

result<void> alert_writer::resolve(storage::transaction& tx, alert ended, timestamp at,
                                   std::string_view resolved_by) {
    ended.state = alert_state::resolved;
    ended.resolved_at = at;
    ended.resolved_by = resolved_by;
    if (auto updated = tx.alerts().update(ended); !updated)
        return updated;
    return notify(tx, ended.id, alert_change::resolved);
}

result<void> alert_writer::resolve_all(storage::transaction& tx, const storage::alert_query& query,
                                       timestamp at, std::string_view resolved_by) {
    storage::alert_query live_query = query;
    live_query.live = true;
    live_query.limit = resolved_at_once;
    auto alerts = tx.alerts().list(live_query);
    if (!alerts)
        return pass(std::move(alerts));
    for (alert& entry : *alerts)
        if (auto resolved = resolve(tx, std::move(entry), at, resolved_by); !resolved)
            return resolved;
    return {};
}

result<void> alert_writer::resolve_simulated(storage::transaction& tx, const device_id& device) {
    return resolve_all(tx, {.device = device, .simulated = true}, time_.now(), {});
}

result<void> alert_writer::prepare_device_removal(storage::transaction& tx, const device_id& device,
                                                  const caller& caller) {
    const timestamp now = time_.now();
    const auto name = acting_name(tx.users(), caller);
    if (!name)
        return std::unexpected(name.error());
    if (auto resolved = resolve_all(tx, {.device = device}, now, *name); !resolved)
        return resolved;
    const auto rules = tx.alerts().rules();
    if (!rules)
        return std::unexpected(rules.error());
    for (const alert_rule& rule : *rules) {
        if (rule.device != device)
            continue;
        if (auto recorded = tx.audit().append(event_of_rule(
                caller, now, event_type::alert_rule_delete, rule,
                fmt::format("Alert rule {} deleted with device {}.", rule.id, device.to_string())));
            !recorded)
            return pass(std::move(recorded));
        if (auto published = tx.changes().publish(rule_changed{rule.id}); !published)
            return published;
    }
    return {};
}

result<void> alert_writer::notify(storage::transaction& tx, alert_id id, alert_change change) {
    auto stored = tx.alerts().find(id);
    if (!stored)
        return pass(std::move(stored));
    if (!*stored)
        return fail(errc::not_found, "Alert not found.");
    // Webhooks do not receive updates: a reopened alert whose resolution was not sent yet, or an
    // acknowledgement.
    if (change != alert_change::updated)
        if (auto queued = notify_webhooks(tx, **stored, change); !queued)
            return queued;
    tx.after_commit([this, change, late = (*stored)->late] {
        if (change == alert_change::raised)
            ++raised_;
        if (change == alert_change::resolved || (change == alert_change::raised && late))
            ++resolved_;
    });
    return tx.changes().publish(alert_saved{std::move(**stored), change});
}

result<void> alert_writer::notify_webhooks(storage::transaction& tx, const alert& alert,
                                           alert_change change) {
    const timestamp sent = time_.now();
    const std::string message = wire::schema::to_json(
        wire::alert_message{.change = change, .sent_at = sent, .alert = wire::to_dto(alert)});
    std::optional<storage::message_hold> hold;
    if (change == alert_change::resolved && alert.resolved_by.empty())
        hold = {.withdrawal_key = alert.id, .until = alert.resolved_at.value_or(sent) + reopen_within_};
    const auto webhooks = tx.webhooks().list();
    if (!webhooks)
        return std::unexpected(webhooks.error());
    std::int64_t dead = 0;
    bool is_any_queued = false;
    for (const webhook& receiver : *webhooks) {
        if (!receiver.enabled || alert.severity < receiver.min_severity)
            continue;
        auto enqueued = tx.outbox().enqueue(destination_of(receiver.id), message, sent, hold);
        if (!enqueued)
            return pass(std::move(enqueued));
        dead += enqueued->is_dead ? 1 : 0;
        is_any_queued = is_any_queued || !enqueued->is_dead;
    }
    if (is_any_queued)
        if (auto published = tx.changes().publish(message_queued{destination_kind::webhook}); !published)
            return published;
    if (dead == 0)
        return {};
    auto recorded = tx.audit().append(
        {.created_at = sent,
         .actor = actor_type::system,
         .type = event_type::webhook_dead_letter,
         .status = event_status::error,
         .target = target_of(target_type::alert, alert.id),
         .detail =
             fmt::format("The messages of alert {} were given up: too many messages are queued.", alert.id),
         .count = dead});
    return recorded ? result<void>{} : pass(std::move(recorded));
}

} // namespace breakwater::services
