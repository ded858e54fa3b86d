#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "domain/invitation.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "storage/catalogue.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::services {

struct new_invitation {
    invitation stored;
    std::string token; ///< 32 random bytes in base64url; returned only once
};

/// Invitations to create an account. The routes admit administrators only. Members block. Any thread may
/// call.
class invitation_service {
public:
    struct dependencies {
        storage::catalogue& store;
        breakwater::audit::recorder& audit;
        const clock& time;
        random_source& random;
    };
    explicit invitation_service(const dependencies& deps)
        : deps_{deps}, changes_{deps.store, deps.audit, deps.time} {}

    /// The open invitations, newest first.
    result<std::vector<invitation>> list();
    /// `email` is normalised, or empty for any address; `life` is at most `max_invitation_life`. `bad_state`
    /// when there are `max_open_invitations` already.
    result<new_invitation> create(std::string_view email, role kind, std::chrono::hours life,
                                  const caller& caller);
    /// Withdraws the invitation: its link stops working. `not_found`.
    result<void> remove(invitation_id id, const caller& caller);

private:
    dependencies deps_;
    change_writer changes_;
};

} // namespace breakwater::services
