#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/user.hpp"
#include "registry/device_registry.hpp"
#include "registry/user_registry.hpp"
#include "services/alert_writer.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "storage/catalogue.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::services {

struct user_changes {
    std::optional<std::string> email; ///< normalised
    std::optional<std::string> password;
    std::optional<breakwater::role> role;
    std::optional<bool> disabled{};
};

/// Accounts, for administrators. The route, or shell access to the server, decides who may call. Refusals
/// because of the current state (`bad_state`), or because the caller's session ended while the call waited
/// (`unauthenticated`), are recorded. Members with a password parameter hash it: run them on the hashing
/// pool. Any thread may call.
class user_service {
public:
    struct dependencies {
        storage::catalogue& store;
        alert_writer& alerts;
        breakwater::audit::recorder& audit;
        const clock& time;
        random_source& random;
    };
    user_service(const dependencies& deps, int bcrypt_cost)
        : deps_{deps}, changes_{deps.store, deps.audit, deps.time}, bcrypt_cost_{bcrypt_cost} {}

    result<std::vector<user>> list();
    /// `bad_state` when the address is taken, `invalid_input` for a password that `check_new_password`
    /// refuses.
    result<user> create(std::string_view email, std::string_view password, role kind, const caller& caller);
    /// Creates the administrator with the demo password, which `check_new_password` refuses for all other
    /// accounts. For the first start of a local environment.
    result<user> create_demo_administrator(const caller& caller);
    /// A new password or role, or disabling the account, ends its sessions at once; its devices keep working.
    /// `not_found`; `bad_state` when the address is taken, when no enabled administrator would remain, and
    /// when callers disable their own account.
    result<user> update(user_id id, const user_changes& changes, const caller& caller);
    /// Signs the caller out everywhere: refresh tokens and access tokens end at once, live connections soon
    /// after.
    result<void> end_sessions(const caller& caller);
    /// Removes the account with all its devices and their readings. `not_found`; `bad_state` for the caller's
    /// own account and for the last administrator.
    result<void> remove(user_id id, const caller& caller);

private:
    result<user> add(std::string_view email, std::string_view password, role kind, const caller& caller);

    dependencies deps_;
    change_writer changes_;
    int bcrypt_cost_;
};

} // namespace breakwater::services
