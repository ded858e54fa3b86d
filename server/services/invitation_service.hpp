#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "domain/invitation.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::services {

struct new_invitation {
    invitation stored;
    std::string token; ///< 32 random bytes in base64url, shown this once
};

/// Invitations to make an account, for administrators, as whom the route lets nobody else in. Members block.
/// Any thread may call.
class invitation_service {
public:
    struct parts {
        storage::database& store;
        storage::audit_recorder& audit;
        const clock& time;
        random_source& random;
    };
    explicit invitation_service(const parts& with)
        : with_{with}, changes_{with.store, with.audit, with.time} {}

    /// Those that wait to be used, newest first.
    result<std::vector<invitation>> list();
    /// `email` is normalised, or empty for anybody; `life` is at most `max_invitation_life`. `bad_state` past
    /// `max_open_invitations`.
    result<new_invitation> create(std::string_view email, role kind, std::chrono::hours life,
                                  const caller& who);
    /// Its link no longer works. `not_found`.
    result<void> remove(invitation_id id, const caller& who);

private:
    parts with_;
    change_writer changes_;
};

} // namespace breakwater::services
