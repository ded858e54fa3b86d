#include "storage/user_registry.hpp"

#include <mutex>

namespace breakwater::storage {

std::optional<user_state> user_registry::find(user_id id) const {
    const std::shared_lock lock{mutex_};
    const auto found = users_.find(id);
    if (found == users_.end())
        return std::nullopt;
    return found->second;
}

void user_registry::put(const user& current) {
    const std::lock_guard lock{mutex_};
    users_.insert_or_assign(current.id, user_state{current.role, current.session_version});
}

void user_registry::remove(user_id id) {
    const std::lock_guard lock{mutex_};
    users_.erase(id);
}

} // namespace breakwater::storage
