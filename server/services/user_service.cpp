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

/// Somebody must be able to undo what was done.
result<void> keep_an_administrator(const storage::user_store& users, user_id without) {
    const auto all = users.list();
    if (!all)
        return std::unexpected(all.error());
    const bool other = std::ranges::any_of(*all, [without](const user& known) {
        return known.role == role::admin && !known.disabled_at && known.id != without;
    });
    if (!other)
        return fail(errc::bad_state, "This is the last administrator; make another one first.");
    return {};
}

} // namespace

result<std::vector<user>> user_service::list() {
    return storage::ask(with_.store, [](const storage::snapshot& view) { return view.users().list(); });
}

result<user> user_service::create(std::string_view email, std::string_view password, role kind,
                                  const caller& who) {
    if (auto allowed = check_new_password(password); !allowed)
        return pass(std::move(allowed));
    return add(email, password, kind, who);
}

result<user> user_service::create_demo_administrator(const caller& who) {
    return add(demo_admin_email, demo_admin_password, role::admin, who);
}

result<user> user_service::add(std::string_view email, std::string_view password, role kind,
                               const caller& who) {
    auto hash = crypto::hash_password(password, bcrypt_cost_, with_.random);
    if (!hash)
        return pass(std::move(hash));
    user added{.email = std::string{email},
               .role = kind,
               .password_hash = std::move(*hash),
               .created_at = with_.time.now()};
    auto stored = changes_.write(
        event_type::user_create, email, std::nullopt, who, [&](storage::transaction& tx) -> result<void> {
            const auto id = tx.users().insert(added);
            if (!id)
                return std::unexpected(id.error());
            added.id = *id;
            if (auto recorded = tx.audit().append(event_of(
                    who, added.created_at, event_type::user_create, event_status::success,
                    target_of(target_type::user, added.id),
                    fmt::format("User {} ({}) created as {}.", added.id, added.email, to_string(kind))));
                !recorded)
                return pass(std::move(recorded));
            tx.after_commit([this, added] { with_.users.put(added); });
            return {};
        });
    if (!stored)
        return pass(std::move(stored));
    return added;
}

result<user> user_service::update(user_id id, const user_changes& changes, const caller& who) {
    std::string hash;
    if (changes.password) {
        if (auto allowed = check_new_password(*changes.password); !allowed)
            return pass(std::move(allowed));
        auto made = crypto::hash_password(*changes.password, bcrypt_cost_, with_.random);
        if (!made)
            return pass(std::move(made));
        hash = std::move(*made);
    }
    user changed;
    auto stored = changes_.write(
        event_type::user_update, fmt::format("User {}", id), target_of(target_type::user, id), who,
        [&](storage::transaction& tx) -> result<void> {
            auto row = tx.users().find(id);
            if (!row)
                return pass(std::move(row));
            if (!*row)
                return no_such_user();
            changed = std::move(**row);
            const bool new_role = changes.role && *changes.role != changed.role;
            const bool disables = changes.disabled.value_or(false) && !changed.disabled_at;
            if (disables && id == who.user)
                return fail(errc::bad_state, "You can't disable your own account.");
            const bool administers = changed.role == role::admin && !changed.disabled_at;
            if (administers && (new_role || disables))
                if (auto kept = keep_an_administrator(tx.users(), id); !kept)
                    return kept;
            if (changes.email)
                changed.email = *changes.email;
            if (changes.role)
                changed.role = *changes.role;
            if (!hash.empty())
                changed.password_hash = hash;
            if (disables)
                changed.disabled_at = with_.time.now();
            else if (changes.disabled == false)
                changed.disabled_at.reset();
            const bool ends_sessions = new_role || disables || !hash.empty();
            if (ends_sessions) {
                ++changed.session_version;
                if (auto revoked = tx.sessions().revoke_user(id); !revoked)
                    return revoked;
            }
            if (auto updated = tx.users().update(changed); !updated)
                return updated;
            if (auto recorded = tx.audit().append(event_of(
                    who, with_.time.now(), event_type::user_update, event_status::success,
                    target_of(target_type::user, id),
                    fmt::format("User {} updated: address {}, role {}{}{}{}.", id, changed.email,
                                to_string(changed.role), hash.empty() ? "" : ", new password",
                                changes.disabled ? changed.disabled_at ? ", disabled" : ", enabled" : "",
                                ends_sessions ? ", sessions ended" : "")));
                !recorded)
                return pass(std::move(recorded));
            tx.after_commit([this, changed] { with_.users.put(changed); });
            return {};
        });
    if (!stored)
        return pass(std::move(stored));
    return changed;
}

result<void> user_service::end_sessions(const caller& who) {
    return changes_.write(event_type::logout, "All sessions", target_of(target_type::user, who.user), who,
                          [&](storage::transaction& tx) -> result<void> {
                              auto row = tx.users().find(who.user);
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
                              if (auto recorded = tx.audit().append(event_of(
                                      who, with_.time.now(), event_type::logout, event_status::success,
                                      target_of(target_type::user, who.user), "Signed out everywhere."));
                                  !recorded)
                                  return pass(std::move(recorded));
                              tx.after_commit([this, account] { with_.users.put(account); });
                              return {};
                          });
}

result<void> user_service::remove(user_id id, const caller& who) {
    return changes_.write(
        event_type::user_delete, fmt::format("User {}", id), target_of(target_type::user, id), who,
        [&](storage::transaction& tx) -> result<void> {
            if (id == who.user)
                return fail(errc::bad_state, "You can't delete your own account.");
            auto row = tx.users().find(id);
            if (!row)
                return pass(std::move(row));
            if (!*row)
                return no_such_user();
            if ((*row)->role == role::admin && !(*row)->disabled_at)
                if (auto kept = keep_an_administrator(tx.users(), id); !kept)
                    return kept;
            const auto devices = tx.devices().list({.owner = id});
            if (!devices)
                return std::unexpected(devices.error());
            for (const device& each : *devices) {
                if (auto told = observer_.deleting(tx, each.id, who); !told)
                    return told;
                auto recorded = tx.audit().append(event_of(
                    who, with_.time.now(), event_type::device_delete, event_status::success,
                    target_of(target_type::device, each.id),
                    fmt::format("Device {} deleted with its owner, user {}.", each.id.to_string(), id)));
                if (!recorded)
                    return pass(std::move(recorded));
            }
            if (auto removed = tx.users().remove(id); !removed)
                return removed;
            if (auto recorded = tx.audit().append(
                    event_of(who, with_.time.now(), event_type::user_delete, event_status::success,
                             target_of(target_type::user, id),
                             fmt::format("User {} ({}) deleted with all devices.", id, (*row)->email)));
                !recorded)
                return pass(std::move(recorded));
            tx.after_commit([this, id] {
                with_.users.remove(id);
                for (const device_id& gone : with_.devices.remove_owned_by(id))
                    observer_.deleted(gone, id);
            });
            return {};
        });
}

} // namespace breakwater::services
