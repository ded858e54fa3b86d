#include "domain/change.hpp"

#include "base/overloaded.hpp"

#include <utility>

namespace breakwater {

namespace {

std::string key_of(const std::variant<category, device_id>& scope) {
    return std::visit(overloaded{[](category kind) { return std::string{info(kind).slug}; },
                                 [](const device_id& id) { return id.to_string(); }},
                      scope);
}

} // namespace

change_subject subject_of(const change& committed) {
    return std::visit(
        overloaded{
            [](const account_saved& item) { return change_subject{"user", std::to_string(item.account.id)}; },
            [](const account_removed& item) { return change_subject{"user", std::to_string(item.id)}; },
            [](const device_saved& item) {
                return change_subject{"device", item.state.id.to_string(), std::to_underlying(item.kind),
                                      item.state.owner};
            },
            [](const device_removed& item) {
                return change_subject{"device", item.id.to_string(),
                                      std::to_underlying(device_change::updated), item.owner};
            },
            [](const policy_saved& item) { return change_subject{"policy", key_of(item.scope)}; },
            [](const rule_changed& item) { return change_subject{"rule", std::to_string(item.id)}; },
            [](const alert_saved& item) {
                return change_subject{"alert", std::to_string(item.state.id), std::to_underlying(item.kind)};
            },
            [](const session_ended& item) { return change_subject{"session", item.session.to_string()}; },
            [](const message_queued& item) {
                return change_subject{"outbox", std::string{to_string(item.destination)}};
            }},
        committed);
}

} // namespace breakwater
