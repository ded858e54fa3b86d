#include "storage/device_registry.hpp"

namespace breakwater::storage {

std::optional<device_state> device_registry::find(const device_id& id) const {
    const shard& home = shard_of(id);
    const std::shared_lock lock{home.mutex};
    const auto found = home.devices.find(id);
    if (found == home.devices.end())
        return std::nullopt;
    return found->second;
}

void device_registry::put(const device& current) {
    shard& home = shard_of(current.id);
    const std::lock_guard lock{home.mutex};
    home.devices.insert_or_assign(current.id,
                                  device_state{current.owner, current.category, current.status,
                                               current.token_version, current.simulated, current.is_real()});
}

void device_registry::remove(const device_id& id) {
    shard& home = shard_of(id);
    const std::lock_guard lock{home.mutex};
    home.devices.erase(id);
}

std::vector<device_id> device_registry::remove_owned_by(user_id owner) {
    std::vector<device_id> removed;
    for (shard& home : shards_) {
        const std::lock_guard lock{home.mutex};
        std::erase_if(home.devices, [&](const auto& entry) {
            if (entry.second.owner != owner)
                return false;
            removed.push_back(entry.first);
            return true;
        });
    }
    return removed;
}

std::size_t device_registry::size() const {
    std::size_t total = 0;
    for (const shard& home : shards_) {
        const std::shared_lock lock{home.mutex};
        total += home.devices.size();
    }
    return total;
}

void device_registry::for_each(
    const std::function<void(const device_id&, const device_state&)>& visit) const {
    for (const shard& home : shards_) {
        const std::shared_lock lock{home.mutex};
        for (const auto& [id, state] : home.devices)
            visit(id, state);
    }
}

} // namespace breakwater::storage
