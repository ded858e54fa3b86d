#include "services/user_service.hpp"

#include "crypto/password_hash.hpp"
#include "services/password_policy.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::services {

namespace {

std::unexpected<error> no_such_user() {
    return fail(errc::not_found, "User not found.");
}

/// An enabled administrator must remain, who can undo the change.
result<void> keep_an_administrator(const storage::user_store& users, user_id excluded) {
    const auto accounts = users.list();
    if (!accounts)
        return std::unexpected(accounts.error());
    const bool remains = std::ranges::any_of(*accounts, [excluded](const user& account) {
        return account.role == role::admin && !account.disabled_at && account.id != excluded;
    });
    if (!remains)
        return fail(errc::bad_state, "This is the last administrator. Create another administrator first.");
    return {};
}

} // namespace

result<std::vector<user>> user_service::list() {
    return storage::fetch(deps_.store, [](const storage::snapshot& view) { return view.users().list(); });
}

result<user> user_service::create(std::string_view email, std::string_view password, role kind,
                                  const caller& caller) {
    if (auto allowed = check_new_password(password); !allowed)
        return pass(std::move(allowed));
    return add(email, password, kind, caller);
}

result<user> user_service::create_demo_administrator(const caller& caller) {
    return add(demo_admin_email, demo_admin_password, role::admin, caller);
}

result<user> user_service::add(std::string_view email, std::string_view password, role kind,
                               const caller& caller) {
    auto hash = crypto::hash_password(password, bcrypt_cost_, deps_.random);
    if (!hash)
        return pass(std::move(hash));
    user added{.email = std::string{email},
               .role = kind,
               .password_hash = std::move(*hash),
               .created_at = deps_.time.now()};
    auto stored = changes_.write(
        event_type::user_create, email, std::nullopt, caller, [&](storage::transaction& tx) -> result<void> {
            const auto id = tx.users().insert(added);
            if (!id)
                return std::unexpected(id.error());
            added.id = *id;
            if (auto recorded = tx.audit().append(event_of(
                    caller, added.created_at, event_type::user_create, event_status::success,
                    target_of(target_type::user, added.id),
                    fmt::format("User {} ({}) created as {}.", added.id, added.email, to_string(kind))));
                !recorded)
                return pass(std::move(recorded));
            return tx.changes().publish(account_saved{added});
        });
    if (!stored)
        return pass(std::move(stored));
    return added;
}

result<user> user_service::update(user_id id, const user_changes& changes, const caller& caller) {
    std::string hash;
    if (changes.password) {
        if (auto allowed = check_new_password(*changes.password); !allowed)
            return pass(std::move(allowed));
        auto new_hash = crypto::hash_password(*changes.password, bcrypt_cost_, deps_.random);
        if (!new_hash)
            return pass(std::move(new_hash));
        hash = std::move(*new_hash);
    }
    user changed;
    auto stored = changes_.write(
        event_type::user_update, fmt::format("User {}", id), target_of(target_type::user, id), caller,
        [&](storage::transaction& tx) -> result<void> {
            auto row = tx.users().find(id);
            if (!row)
                return pass(std::move(row));
            if (!*row)
                return no_such_user();
            changed = std::move(**row);
            const bool has_new_role = changes.role && *changes.role != changed.role;
            const bool becomes_disabled = changes.disabled.value_or(false) && !changed.disabled_at;
            if (becomes_disabled && id == caller.principal.user)
                return fail(errc::bad_state,
                            "You can't disable your own account. Ask another administrator.");
            const bool is_administrator = changed.role == role::admin && !changed.disabled_at;
            if (is_administrator && (has_new_role || becomes_disabled))
                if (auto allowed = keep_an_administrator(tx.users(), id); !allowed)
                    return allowed;
            if (changes.email)
                changed.email = *changes.email;
            if (changes.role)
                changed.role = *changes.role;
            if (!hash.empty())
                changed.password_hash = hash;
            if (becomes_disabled)
                changed.disabled_at = deps_.time.now();
            else if (changes.disabled == false)
                changed.disabled_at.reset();
            const bool ends_sessions = has_new_role || becomes_disabled || !hash.empty();
            if (ends_sessions) {
                ++changed.session_version;
                if (auto revoked = tx.sessions().revoke_user(id); !revoked)
                    return revoked;
            }
            if (auto updated = tx.users().update(changed); !updated)
                return updated;
            if (auto recorded = tx.audit().append(event_of(
                    caller, deps_.time.now(), event_type::user_update, event_status::success,
                    target_of(target_type::user, id),
                    fmt::format("User {} updated: address {}, role {}{}{}{}.", id, changed.email,
                                to_string(changed.role), hash.empty() ? "" : ", new password",
                                changes.disabled ? changed.disabled_at ? ", disabled" : ", enabled" : "",
                                ends_sessions ? ", sessions ended" : "")));
                !recorded)
                return pass(std::move(recorded));
            return tx.changes().publish(account_saved{changed});
        });
    if (!stored)
        return pass(std::move(stored));
    return changed;
}

result<void> user_service::end_sessions(const caller& caller) {
    return changes_.write(
        event_type::logout, "All sessions", target_of(target_type::user, caller.principal.user), caller,
        [&](storage::transaction& tx) -> result<void> {
            auto row = tx.users().find(caller.principal.user);
            if (!row)
                return pass(std::move(row));
            if (!*row)
                return no_such_user();
            user& account = **row;
            ++account.session_version;
            if (auto revoked = tx.sessions().revoke_user(account.id); !revoked)
                return revoked;
            if (auto updated = tx.users().update(account); !updated)
                return updated;
            if (auto recorded = tx.audit().append(
                    event_of(caller, deps_.time.now(), event_type::logout, event_status::success,
                             target_of(target_type::user, caller.principal.user), "Signed out everywhere."));
                !recorded)
                return pass(std::move(recorded));
            return tx.changes().publish(account_saved{account});
        });
}

result<void> user_service::remove(user_id id, const caller& caller) {
    return changes_.write(
        event_type::user_delete, fmt::format("User {}", id), target_of(target_type::user, id), caller,
        [&](storage::transaction& tx) -> result<void> {
            if (id == caller.principal.user)
                return fail(errc::bad_state, "You can't delete your own account. Ask another administrator.");
            auto row = tx.users().find(id);
            if (!row)
                return pass(std::move(row));
            if (!*row)
                return no_such_user();
            if ((*row)->role == role::admin && !(*row)->disabled_at)
                if (auto allowed = keep_an_administrator(tx.users(), id); !allowed)
                    return allowed;
            const auto devices = tx.devices().list({.owner = id});
            if (!devices)
                return std::unexpected(devices.error());
            for (const breakwater::device& device : *devices) {
                if (auto prepared = deps_.alerts.prepare_device_removal(tx, device.id, caller); !prepared)
                    return prepared;
                auto recorded = tx.audit().append(event_of(
                    caller, deps_.time.now(), event_type::device_delete, event_status::success,
                    target_of(target_type::device, device.id),
                    fmt::format("Device {} deleted with its owner, user {}.", device.id.to_string(), id)));
                if (!recorded)
                    return pass(std::move(recorded));
            }
            if (auto removed = tx.users().remove(id); !removed)
                return removed;
            if (auto recorded = tx.audit().append(
                    event_of(caller, deps_.time.now(), event_type::user_delete, event_status::success,
                             target_of(target_type::user, id),
                             fmt::format("User {} ({}) deleted with all devices.", id, (*row)->email)));
                !recorded)
                return pass(std::move(recorded));
            if (auto published = tx.changes().publish(account_removed{id}); !published)
                return published;
            for (const breakwater::device& device : *devices)
                if (auto published = tx.changes().publish(device_removed{device.id, id}); !published)
                    return published;
            return {};
        });
}

} // namespace breakwater::services
