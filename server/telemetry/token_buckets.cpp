#include "telemetry/token_buckets.hpp"

#include <algorithm>
#include <cmath>

namespace breakwater::telemetry {

double token_buckets::level_of(const bucket& entry, steady_point now, const allowance& limits) {
    const std::chrono::duration<double> passed = now - entry.at;
    return std::min(static_cast<double>(limits.burst),
                    entry.level + std::max(passed.count(), 0.0) * limits.rate);
}

token_buckets::outcome token_buckets::take(const device_id& device, std::size_t count, steady_point now,
                                           const allowance& limits) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    bucket& entry = part.buckets.try_emplace(device, bucket{static_cast<double>(limits.burst), now, limits})
                        .first->second;
    const double level = level_of(entry, now, limits);
    entry.limits = limits;
    outcome out;
    out.granted = std::min(count, static_cast<std::size_t>(level));
    entry.level = level - static_cast<double>(out.granted);
    entry.at = std::max(entry.at, now);
    if (out.granted > 0)
        mark_changed(part, device, entry);
    out.remaining = static_cast<std::size_t>(entry.level);
    if (out.remaining == 0)
        out.retry_after =
            std::chrono::seconds{static_cast<std::int64_t>(std::ceil((1.0 - entry.level) / limits.rate))};
    return out;
}

std::size_t token_buckets::remaining(const device_id& device, steady_point now,
                                     const allowance& limits) const {
    const shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    const auto position = part.buckets.find(device);
    if (position == part.buckets.end())
        return limits.burst;
    return static_cast<std::size_t>(level_of(position->second, now, limits));
}

void token_buckets::refund(const device_id& device, std::size_t tokens) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    const auto position = part.buckets.find(device);
    if (position == part.buckets.end())
        return;
    bucket& entry = position->second;
    entry.level =
        std::min(static_cast<double>(entry.limits.burst), entry.level + static_cast<double>(tokens));
    mark_changed(part, device, entry);
}

void token_buckets::forget(const device_id& device) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    part.buckets.erase(device);
}

void token_buckets::mark_changed(shard& part, const device_id& device, bucket& entry) {
    if (!entry.changed)
        part.changed.push_back(device);
    entry.changed = true;
}

std::vector<token_buckets::device_level> token_buckets::take_changed(steady_point now) {
    std::vector<device_level> out;
    for (shard& part : shards_) {
        const lock_guard lock{part.mutex};
        for (const device_id& device : part.changed) {
            const auto position = part.buckets.find(device);
            if (position == part.buckets.end())
                continue; // forgotten since
            position->second.changed = false;
            out.push_back({device, level_of(position->second, now, position->second.limits)});
        }
        part.changed.clear();
    }
    return out;
}

void token_buckets::restore(const device_level& level, steady_point at, const allowance& limits) {
    shard& part = shard_of(level.device);
    const lock_guard lock{part.mutex};
    const double burst = static_cast<double>(limits.burst);
    part.buckets.insert_or_assign(level.device, bucket{std::clamp(level.tokens, 0.0, burst), at, limits});
}

std::optional<double> token_buckets::extract(const device_id& device, steady_point now) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    const auto position = part.buckets.find(device);
    if (position == part.buckets.end())
        return std::nullopt;
    const double level = level_of(position->second, now, position->second.limits);
    part.buckets.erase(position);
    return level;
}

void token_buckets::prune(steady_point now) {
    const lock_guard prune_lock{prune_mutex_};
    shard& part = shards_[next_to_prune_++ % shard_count];
    const lock_guard lock{part.mutex};
    std::erase_if(part.buckets, [&](const auto& item) {
        const bucket& entry = item.second;
        return level_of(entry, now, entry.limits) >= static_cast<double>(entry.limits.burst);
    });
}

std::size_t token_buckets::size() const {
    std::size_t total = 0;
    for (const shard& part : shards_) {
        const lock_guard lock{part.mutex};
        total += part.buckets.size();
    }
    return total;
}

} // namespace breakwater::telemetry
