#pragma once

#include "base/ids.hpp"
#include "domain/security_event.hpp"

#include <optional>
#include <string>
#include <utility>

namespace breakwater::services {

/// Who asks, and from where. A use case takes it first, and decides and records by it.
struct caller {
    user_id user = 0; ///< 0: nobody signed in
    bool administrator = false;
    std::int64_t session_version = 0; ///< of the token that was shown; 0: no token let them in
    call_origin origin;
    /// A command at the server's own shell acts, be it for `user`: on record as the system.
    bool system = false;
};

/// An event with everything of `who` filled in; the use case adds what happened, and what it is about: none
/// where that is no single thing.
[[nodiscard]] inline security_event event_of(const caller& who, timestamp at, event_type type,
                                             event_status status, std::optional<event_target> target,
                                             std::string detail) {
    return {.created_at = at,
            .actor = who.system      ? actor_type::system
                     : who.user != 0 ? actor_type::user
                                     : actor_type::anonymous,
            .actor_id = who.user != 0 && !who.system ? std::to_string(who.user) : std::string{},
            .type = type,
            .status = status,
            .target = std::move(target),
            .detail = std::move(detail),
            .origin = who.origin};
}

} // namespace breakwater::services
