#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/user.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "services/device_observer.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"
#include "storage/device_registry.hpp"
#include "storage/user_registry.hpp"

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

/// Accounts, for administrators: who may call is decided by the route (or by having a shell on the server).
/// What is refused because of how things stand (`bad_state`), or because the caller's session ended while the
/// call waited (`unauthenticated`), is on record. Members that take a password hash it and belong on the
/// hashing pool. Any thread may call.
class user_service {
public:
    struct parts {
        storage::database& store;
        storage::user_registry& users;
        storage::device_registry& devices;
        storage::audit_recorder& audit;
        const clock& time;
        random_source& random;
    };
    user_service(const parts& with, int bcrypt_cost, device_observer observer)
        : with_{with},
          changes_{with.store, with.audit, with.time},
          bcrypt_cost_{bcrypt_cost},
          observer_{std::move(observer)} {}

    result<std::vector<user>> list();
    /// `bad_state` where the address is taken, `invalid_input` for a password that `check_new_password`
    /// refuses.
    result<user> create(std::string_view email, std::string_view password, role kind, const caller& who);
    /// With the demo password, which no other way gives anybody: for a local environment's first start.
    result<user> create_demo_administrator(const caller& who);
    /// A new password or role, or disabling it, ends the account's sessions at once; its devices go on.
    /// `not_found`; `bad_state` where the address is taken, where no administrator would be left who may sign
    /// in, and for who would disable himself.
    result<user> update(user_id id, const user_changes& changes, const caller& who);
    /// Signs the caller out everywhere: refresh tokens and access tokens end at once, live connections soon
    /// after.
    result<void> end_sessions(const caller& who);
    /// With all its devices and their readings. `not_found`; `bad_state` for oneself and for the last
    /// administrator.
    result<void> remove(user_id id, const caller& who);

private:
    result<user> add(std::string_view email, std::string_view password, role kind, const caller& who);

    parts with_;
    change_writer changes_;
    int bcrypt_cost_;
    device_observer observer_;
};

} // namespace breakwater::services
