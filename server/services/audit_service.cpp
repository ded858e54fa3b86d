#include "services/audit_service.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::services {

namespace {

std::string_view sentence_of(event_type type) {
    switch (type) {
    case event_type::jwt_invalid: return "A token with a forged signature was presented.";
    case event_type::missing_authorization: return "A request to a protected endpoint had no token.";
    case event_type::device_forbidden: return "A user tried to reach another user's device.";
    default: return "An incident was simulated.";
    }
}

void hide_person(security_event& event) {
    event.actor_id.clear();
    event.origin.source_address.clear();
    event.origin.request_id.clear();
}

/// Removes from an event what the device's owner may not see: other devices and other people.
void hide_others(security_event& event, const device_id& device, user_id owner) {
    const event_target device_target = target_of(target_type::device, device);
    const bool is_by_owner = event.actor == actor_type::user && event.actor_id == std::to_string(owner);
    const bool is_by_device = event.actor == actor_type::device && event.actor_id == device_target.id;
    const bool is_by_server = event.actor == actor_type::system;
    if (!is_by_owner && !is_by_device && !is_by_server && event.status != event_status::success) {
        // An event that stands for several denials may be about several devices. How many of them concern
        // this one is unknown.
        if (target_count(event) > 1)
            event.count = 1;
        hide_person(event);
        event.target = device_target;
        event.other_targets.clear();
        event.unlisted_targets = 0;
        event.detail = "Another client was refused.";
        return;
    }
    const auto is_other_device = [&](const event_target& target) {
        return target.type == target_type::device && target != device_target;
    };
    const bool concerns_several = event.unlisted_targets > 0 ||
                                  (event.target && is_other_device(*event.target)) ||
                                  std::ranges::any_of(event.other_targets, is_other_device);
    // Keeps the alert, its rule or the policy, and this device.
    std::vector<event_target> visible;
    for (event_target& target : event.other_targets)
        if (target.type == target_type::alert || target.type == target_type::alert_rule)
            visible.push_back(std::move(target));
    const bool has_other_subject = event.target && event.target->type != target_type::device &&
                                   event.target->type != target_type::user &&
                                   event.target->type != target_type::session;
    if (has_other_subject)
        visible.push_back(device_target);
    else
        event.target = device_target;
    event.other_targets = std::move(visible);
    event.unlisted_targets = 0;
    if (is_by_owner || is_by_device)
        return;
    if (concerns_several)
        event.detail = "The change affected several devices.";
    if (!is_by_server)
        hide_person(event);
}

} // namespace

result<std::vector<security_event>> audit_service::list(const storage::event_query& query) {
    return storage::fetch(store_, [&](const storage::snapshot& view) { return view.audit().list(query); });
}

result<std::vector<security_event>>
audit_service::of_device(const device_id& device, storage::event_query query, const caller& caller) {
    query.target_type = target_type::device;
    query.target_id = device.to_string();
    auto events = list(query);
    if (events && !caller.may(identity::action::read_audit_log))
        for (security_event& event : *events)
            hide_others(event, device, caller.principal.user);
    return events;
}

result<security_event> audit_service::simulate(event_type type, std::string_view note, const caller& caller) {
    security_event event =
        event_of(caller, clock_.now(), type, event_status::denied, std::nullopt,
                 fmt::format("Simulated: {}{}{}", sentence_of(type), note.empty() ? "" : " ", note));
    event.simulated = true;
    auto stored = store_.write([&](storage::transaction& tx) -> result<void> {
        const auto id = tx.audit().append(event);
        if (!id)
            return std::unexpected(id.error());
        event.id = *id;
        return {};
    });
    if (!stored)
        return pass(std::move(stored));
    return event;
}

} // namespace breakwater::services
