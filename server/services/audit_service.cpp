#include "services/audit_service.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::services {

namespace {

std::string_view sentence_of(event_type what) {
    switch (what) {
    case event_type::jwt_invalid: return "A token with a forged signature was presented.";
    case event_type::missing_authorization: return "A protected call came without a token.";
    case event_type::device_forbidden: return "A user tried to reach another user's device.";
    default: return "An incident was staged.";
    }
}

void hide_person(security_event& event) {
    event.actor_id.clear();
    event.origin.source_address.clear();
    event.origin.request_id.clear();
}

/// What the owner of a device may know of it: other devices and their people are none of the owner's
/// business.
void hide_others(security_event& event, const device_id& device, user_id owner) {
    const event_target about = target_of(target_type::device, device);
    const bool by_owner = event.actor == actor_type::user && event.actor_id == std::to_string(owner);
    const bool by_device = event.actor == actor_type::device && event.actor_id == about.id;
    const bool by_server = event.actor == actor_type::system;
    if (!by_owner && !by_device && !by_server && event.status != event_status::success) {
        // A row that counts may be about many things, whatever comes first: then how many of it were about
        // this one isn't known.
        if (target_count(event) > 1)
            event.count = 1;
        hide_person(event);
        event.target = about;
        event.other_targets.clear();
        event.unlisted_targets = 0;
        event.detail = "Somebody else was refused.";
        return;
    }
    const auto is_other_device = [&](const event_target& each) {
        return each.type == target_type::device && each != about;
    };
    const bool of_several = event.unlisted_targets > 0 || (event.target && is_other_device(*event.target)) ||
                            std::ranges::any_of(event.other_targets, is_other_device);
    // The alert, its rule, the policy: what it is about in the first place, and the device.
    std::vector<event_target> shown;
    for (event_target& each : event.other_targets)
        if (each.type == target_type::alert || each.type == target_type::alert_rule)
            shown.push_back(std::move(each));
    const bool first = event.target && event.target->type != target_type::device &&
                       event.target->type != target_type::user && event.target->type != target_type::session;
    if (first)
        shown.push_back(about);
    else
        event.target = about;
    event.other_targets = std::move(shown);
    event.unlisted_targets = 0;
    if (by_owner || by_device)
        return;
    if (of_several)
        event.detail = "It was done to several devices.";
    if (!by_server)
        hide_person(event);
}

} // namespace

result<std::vector<security_event>> audit_service::list(const storage::event_query& query) {
    return storage::ask(store_, [&](const storage::snapshot& view) { return view.audit().list(query); });
}

result<std::vector<security_event>> audit_service::of_device(const device_id& device,
                                                             storage::event_query query, const caller& who) {
    query.target_type = target_type::device;
    query.target_id = device.to_string();
    auto found = list(query);
    if (found && !who.administrator)
        for (security_event& each : *found)
            hide_others(each, device, who.user);
    return found;
}

result<security_event> audit_service::simulate(event_type what, std::string_view note, const caller& who) {
    security_event event =
        event_of(who, clock_.now(), what, event_status::denied, std::nullopt,
                 fmt::format("Simulated: {}{}{}", sentence_of(what), note.empty() ? "" : " ", note));
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
