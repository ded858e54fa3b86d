#include "telemetry/limits.hpp"

#include <algorithm>

namespace breakwater::telemetry {

std::optional<std::chrono::seconds> limits::admit(const device_id& device, steady_point now,
                                                  std::chrono::microseconds min_interval) {
    if (min_interval <= std::chrono::microseconds::zero())
        return std::nullopt;
    shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    turn& its = home.turns[device];
    its.interval = min_interval;
    if (its.under_way || (its.last && now - *its.last < min_interval)) {
        const auto left = (its.under_way ? its.admitted : *its.last) + min_interval - now;
        return std::max(std::chrono::ceil<std::chrono::seconds>(left), std::chrono::seconds{1});
    }
    its.under_way = true;
    its.admitted = now;
    return std::nullopt;
}

void limits::stored(const device_id& device) {
    shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    const auto found = home.turns.find(device);
    if (found == home.turns.end())
        return; // not limited, or forgotten meanwhile
    found->second.last = found->second.admitted;
    found->second.under_way = false;
}

void limits::release(const device_id& device) {
    shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    if (const auto found = home.turns.find(device); found != home.turns.end())
        found->second.under_way = false;
}

void limits::forget(const device_id& device) {
    shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    home.turns.erase(device);
}

void limits::restore(const device_id& device, steady_point last, std::chrono::microseconds min_interval) {
    shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    home.turns.insert_or_assign(device, turn{.last = last, .interval = min_interval});
}

void limits::prune(steady_point now) {
    const std::lock_guard turn_lock{prune_mutex_};
    shard& home = shards_[next_to_prune_++ % shard_count];
    const std::lock_guard lock{home.mutex};
    std::erase_if(home.turns, [&](const auto& entry) {
        const turn& its = entry.second;
        return !its.under_way && (!its.last || now - *its.last >= its.interval);
    });
}

std::size_t limits::size() const {
    std::size_t total = 0;
    for (const shard& home : shards_) {
        const std::lock_guard lock{home.mutex};
        total += home.turns.size();
    }
    return total;
}

} // namespace breakwater::telemetry
