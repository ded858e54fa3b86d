#include "telemetry/rate_limiter.hpp"

#include <algorithm>

namespace breakwater::telemetry {

std::optional<std::chrono::seconds> rate_limiter::admit(const device_id& device, steady_point now,
                                                        std::chrono::microseconds min_interval) {
    if (min_interval <= std::chrono::microseconds::zero())
        return std::nullopt;
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    slot& entry = part.slots[device];
    entry.interval = min_interval;
    if (entry.is_pending || (entry.last && now - *entry.last < min_interval)) {
        const auto remaining = (entry.is_pending ? entry.admitted : *entry.last) + min_interval - now;
        return std::max(std::chrono::ceil<std::chrono::seconds>(remaining), std::chrono::seconds{1});
    }
    entry.is_pending = true;
    entry.admitted = now;
    return std::nullopt;
}

void rate_limiter::commit(const device_id& device) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    const auto entry = part.slots.find(device);
    if (entry == part.slots.end())
        return; // not limited, or forgotten since
    entry->second.last = entry->second.admitted;
    entry->second.is_pending = false;
}

void rate_limiter::release(const device_id& device) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    if (const auto entry = part.slots.find(device); entry != part.slots.end())
        entry->second.is_pending = false;
}

void rate_limiter::forget(const device_id& device) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    part.slots.erase(device);
}

void rate_limiter::restore(const device_id& device, steady_point last,
                           std::chrono::microseconds min_interval) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    part.slots.insert_or_assign(device, slot{.last = last, .interval = min_interval});
}

void rate_limiter::prune(steady_point now) {
    const lock_guard prune_lock{prune_mutex_};
    shard& part = shards_[next_to_prune_++ % shard_count];
    const lock_guard lock{part.mutex};
    std::erase_if(part.slots, [&](const auto& item) {
        const slot& entry = item.second;
        return !entry.is_pending && (!entry.last || now - *entry.last >= entry.interval);
    });
}

std::size_t rate_limiter::size() const {
    std::size_t total = 0;
    for (const shard& part : shards_) {
        const lock_guard lock{part.mutex};
        total += part.slots.size();
    }
    return total;
}

} // namespace breakwater::telemetry
