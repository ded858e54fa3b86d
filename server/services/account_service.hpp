#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "identity/throttle.hpp"
#include "services/caller.hpp"
#include "services/user_service.hpp"
#include "storage/catalogue.hpp"

#include <string_view>
#include <vector>

namespace breakwater::services {

/// What people do with their own account. Members block. `change_password` hashes: run it on the hashing
/// pool. Any thread may call.
class account_service {
public:
    struct dependencies {
        storage::catalogue& store;
        user_service& users;
        breakwater::audit::recorder& audit;
        const clock& time;
    };
    account_service(const dependencies& deps, identity::throttle_options wrong_passwords)
        : deps_{deps},
          changes_{deps.store, deps.audit, deps.time},
          wrong_passwords_{deps.time, wrong_passwords} {}

    /// The caller's live sessions, the most recently renewed first.
    result<std::vector<storage::live_session>> sessions(const caller& caller);
    /// Ends one session. Its refresh tokens and live connections end at once; its access token stays valid
    /// until it expires. `not_found` when it is not a session of the caller.
    result<void> end_session(const uuid& session, const caller& caller);
    /// Changes the password and ends all sessions of the caller, including the current one. `forbidden` for a
    /// wrong current password, `rate_limited` after several; `invalid_input` when `check_new_password`
    /// refuses the new one.
    result<void> change_password(std::string_view current_password, std::string_view new_password,
                                 const caller& caller);

private:
    result<void> deny(const caller& caller, event_type type, std::string detail);

    dependencies deps_;
    change_writer changes_;
    identity::throttle wrong_passwords_;
};

} // namespace breakwater::services
