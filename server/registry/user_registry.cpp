#include "registry/user_registry.hpp"

namespace breakwater::registry {

std::optional<user_state> user_registry::find(user_id id) const {
    const shared_lock lock{mutex_};
    const auto entry = users_.find(id);
    if (entry == users_.end())
        return std::nullopt;
    return entry->second.state;
}

std::optional<user_id> user_registry::find_id(std::string_view email) const {
    const shared_lock lock{mutex_};
    const auto entry = by_email_.find(email);
    return entry == by_email_.end() ? std::nullopt : std::optional{entry->second};
}

void user_registry::put(const user& stored) {
    const lock_guard lock{mutex_};
    account& entry = users_[stored.id];
    by_email_.erase(entry.email);
    entry = {{stored.role, stored.session_version}, stored.email};
    by_email_[stored.email] = stored.id;
}

void user_registry::remove(user_id id) {
    const lock_guard lock{mutex_};
    const auto entry = users_.find(id);
    if (entry == users_.end())
        return;
    by_email_.erase(entry->second.email);
    users_.erase(entry);
}

void user_registry::follow(const change& committed) {
    if (const auto* saved = std::get_if<account_saved>(&committed))
        put(saved->account);
    else if (const auto* removed = std::get_if<account_removed>(&committed))
        remove(removed->id);
}

} // namespace breakwater::registry
