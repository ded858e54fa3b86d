#pragma once

#include "base/clock.hpp"
#include "services/caller.hpp"
#include "services/throttle.hpp"
#include "services/user_service.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace breakwater::services {

/// What a person does with their own account. Members block; `change_password` hashes and belongs on the
/// hashing pool. Any thread may call.
class account_service {
public:
    struct parts {
        storage::database& store;
        user_service& users;
        storage::audit_recorder& audit;
        const clock& time;
    };
    /// `session_ended` hears of a session after the commit, on the writer's thread: it must not block.
    account_service(const parts& with, throttle_options wrong_passwords,
                    std::function<void(const uuid& session)> session_ended)
        : with_{with},
          changes_{with.store, with.audit, with.time},
          wrong_passwords_{with.time, wrong_passwords},
          session_ended_{std::move(session_ended)} {}

    /// The caller's sign-ins that hold, the one renewed last first.
    result<std::vector<storage::live_session>> sessions(const caller& who);
    /// Ends one of them: its refresh tokens and live connections at once, its access token with its life.
    /// `not_found` where it is none of the caller's.
    result<void> end_session(const uuid& session, const caller& who);
    /// Ends all of the caller's sessions, the current one too. `forbidden` for a wrong current password,
    /// `rate_limited` after several; `invalid_input` where `check_new_password` refuses the new one.
    result<void> change_password(std::string_view current, std::string_view next, const caller& who);

private:
    result<void> deny(const caller& who, event_type type, std::string detail);

    parts with_;
    change_writer changes_;
    throttle wrong_passwords_;
    std::function<void(const uuid& session)> session_ended_;
};

} // namespace breakwater::services
