#include "storage/user_registry.hpp"

#include <mutex>

namespace breakwater::storage {

std::optional<user_state> user_registry::find(user_id id) const {
    const std::shared_lock lock{mutex_};
    const auto found = users_.find(id);
    if (found == users_.end())
        return std::nullopt;
    return found->second.state;
}

std::optional<user_id> user_registry::find_id(std::string_view email) const {
    const std::shared_lock lock{mutex_};
    const auto found = by_email_.find(email);
    return found == by_email_.end() ? std::nullopt : std::optional{found->second};
}

void user_registry::put(const user& current) {
    const std::lock_guard lock{mutex_};
    account& its = users_[current.id];
    by_email_.erase(its.email);
    its = {{current.role, current.session_version}, current.email};
    by_email_[current.email] = current.id;
}

void user_registry::remove(user_id id) {
    const std::lock_guard lock{mutex_};
    const auto found = users_.find(id);
    if (found == users_.end())
        return;
    by_email_.erase(found->second.email);
    users_.erase(found);
}

} // namespace breakwater::storage
