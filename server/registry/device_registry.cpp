#include "registry/device_registry.hpp"

namespace breakwater::registry {

std::optional<device_state> device_registry::find(const device_id& id) const {
    const shard& target = shard_of(id);
    const shared_lock lock{target.mutex};
    const auto entry = target.devices.find(id);
    if (entry == target.devices.end())
        return std::nullopt;
    return entry->second;
}

void device_registry::put(const device& stored) {
    shard& target = shard_of(stored.id);
    const lock_guard lock{target.mutex};
    target.devices.insert_or_assign(stored.id,
                                    device_state{stored.owner, stored.category, stored.status,
                                                 stored.token_version, stored.simulated, stored.is_real()});
}

void device_registry::remove(const device_id& id) {
    shard& target = shard_of(id);
    const lock_guard lock{target.mutex};
    target.devices.erase(id);
}

void device_registry::follow(const change& committed) {
    if (const auto* saved = std::get_if<device_saved>(&committed))
        put(saved->state);
    else if (const auto* removed = std::get_if<device_removed>(&committed))
        remove(removed->id);
}

std::size_t device_registry::size() const {
    std::size_t total = 0;
    for (const shard& target : shards_) {
        const shared_lock lock{target.mutex};
        total += target.devices.size();
    }
    return total;
}

void device_registry::for_each(
    const std::function<void(const device_id&, const device_state&)>& visit) const {
    for (const shard& target : shards_) {
        const shared_lock lock{target.mutex};
        for (const auto& [id, state] : target.devices)
            visit(id, state);
    }
}

} // namespace breakwater::registry
