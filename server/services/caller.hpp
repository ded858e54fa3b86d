#pragma once

#include "base/ids.hpp"
#include "domain/security_event.hpp"

#include <optional>
#include <string>
#include <utility>

namespace breakwater::services {

/// Who makes a call, and from where. Services check permissions and write audit events with it.
struct caller {
    user_id user = 0; ///< 0: nobody signed in
    bool administrator = false;
    std::int64_t session_version = 0; ///< of the presented token; 0: the call carries no token
    call_origin origin;
    /// True for a command at the server's shell, also when it acts for `user`. The audit log then names the
    /// system as actor.
    bool system = false;
};

/// An event with the actor and the origin of `caller`. `target` is empty where the event is about no single
/// object.
[[nodiscard]] inline security_event event_of(const caller& caller, timestamp at, event_type type,
                                             event_status status, std::optional<event_target> target,
                                             std::string detail) {
    return {.created_at = at,
            .actor = caller.system      ? actor_type::system
                     : caller.user != 0 ? actor_type::user
                                        : actor_type::anonymous,
            .actor_id = caller.user != 0 && !caller.system ? std::to_string(caller.user) : std::string{},
            .type = type,
            .status = status,
            .target = std::move(target),
            .detail = std::move(detail),
            .origin = caller.origin};
}

} // namespace breakwater::services
