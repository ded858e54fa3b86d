#pragma once

#include "domain/security_event.hpp"
#include "identity/authorizer.hpp"

#include <optional>
#include <string>
#include <utility>

namespace breakwater::services {

/// Who makes a call, and from where. Services check permissions and write audit events with it.
struct caller {
    identity::principal principal{};
    call_origin origin{};

    [[nodiscard]] bool may(identity::action what, const identity::resource& target = {}) const noexcept {
        return identity::may(principal, what, target);
    }
};

/// An event with the actor and the origin of `caller`. `target` is empty where the event is about no single
/// object. The system is the actor even when it acts for a person.
[[nodiscard]] inline security_event event_of(const caller& caller, timestamp at, event_type type,
                                             event_status status, std::optional<event_target> target,
                                             std::string detail) {
    const bool is_person = caller.principal.is_person();
    return {.created_at = at,
            .actor = caller.principal.is_system() ? actor_type::system
                     : is_person                  ? actor_type::user
                                                  : actor_type::anonymous,
            .actor_id = is_person ? std::to_string(caller.principal.user) : std::string{},
            .type = type,
            .status = status,
            .target = std::move(target),
            .detail = std::move(detail),
            .origin = caller.origin};
}

} // namespace breakwater::services
