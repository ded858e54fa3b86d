#include "telemetry/token_buckets.hpp"

#include <algorithm>
#include <cmath>

namespace breakwater::telemetry {

double token_buckets::level_of(const bucket& of, steady_point now, const allowance& allowed) {
    const std::chrono::duration<double> passed = now - of.at;
    return std::min(static_cast<double>(allowed.burst),
                    of.level + std::max(passed.count(), 0.0) * allowed.rate);
}

token_buckets::outcome token_buckets::take(const device_id& device, std::size_t wanted, steady_point now,
                                           const allowance& allowed) {
    shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    bucket& its = home.buckets.try_emplace(device, bucket{static_cast<double>(allowed.burst), now, allowed})
                      .first->second;
    const double level = level_of(its, now, allowed);
    its.allowed = allowed;
    outcome out;
    out.granted = std::min(wanted, static_cast<std::size_t>(level));
    its.level = level - static_cast<double>(out.granted);
    its.at = std::max(its.at, now);
    if (out.granted > 0)
        mark(home, device, its);
    out.left = static_cast<std::size_t>(its.level);
    if (out.left == 0)
        out.retry_after =
            std::chrono::seconds{static_cast<std::int64_t>(std::ceil((1.0 - its.level) / allowed.rate))};
    return out;
}

std::size_t token_buckets::left(const device_id& device, steady_point now, const allowance& allowed) const {
    const shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    const auto found = home.buckets.find(device);
    return found == home.buckets.end() ? allowed.burst
                                       : static_cast<std::size_t>(level_of(found->second, now, allowed));
}

void token_buckets::give_back(const device_id& device, std::size_t tokens) {
    shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    const auto found = home.buckets.find(device);
    if (found == home.buckets.end())
        return;
    bucket& its = found->second;
    its.level = std::min(static_cast<double>(its.allowed.burst), its.level + static_cast<double>(tokens));
    mark(home, device, its);
}

void token_buckets::forget(const device_id& device) {
    shard& home = shard_of(device);
    const std::lock_guard lock{home.mutex};
    home.buckets.erase(device);
}

void token_buckets::mark(shard& home, const device_id& device, bucket& its) {
    if (!its.changed)
        home.changed.push_back(device);
    its.changed = true;
}

std::vector<token_buckets::device_level> token_buckets::take_changed(steady_point now) {
    std::vector<device_level> out;
    for (shard& home : shards_) {
        const std::lock_guard lock{home.mutex};
        for (const device_id& device : home.changed) {
            const auto found = home.buckets.find(device);
            if (found == home.buckets.end())
                continue; // forgotten meanwhile
            found->second.changed = false;
            out.push_back({device, level_of(found->second, now, found->second.allowed)});
        }
        home.changed.clear();
    }
    return out;
}

void token_buckets::restore(const device_level& known, steady_point at, const allowance& allowed) {
    shard& home = shard_of(known.device);
    const std::lock_guard lock{home.mutex};
    const double most = static_cast<double>(allowed.burst);
    home.buckets.insert_or_assign(known.device, bucket{std::clamp(known.tokens, 0.0, most), at, allowed});
}

void token_buckets::prune(steady_point now) {
    const std::lock_guard turn_lock{prune_mutex_};
    shard& home = shards_[next_to_prune_++ % shard_count];
    const std::lock_guard lock{home.mutex};
    std::erase_if(home.buckets, [&](const auto& entry) {
        const bucket& its = entry.second;
        return level_of(its, now, its.allowed) >= static_cast<double>(its.allowed.burst);
    });
}

std::size_t token_buckets::size() const {
    std::size_t total = 0;
    for (const shard& home : shards_) {
        const std::lock_guard lock{home.mutex};
        total += home.buckets.size();
    }
    return total;
}

} // namespace breakwater::telemetry
