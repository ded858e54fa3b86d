#include "telemetry/refusal_tally.hpp"

#include <algorithm>
#include <numeric>

namespace breakwater::telemetry {

namespace {

std::uint64_t sum_of(const std::pair<device_id, refusal_counts>& entry) {
    return std::accumulate(entry.second.begin(), entry.second.end(), std::uint64_t{0});
}

} // namespace

std::string_view to_string(refusal reason) noexcept {
    switch (reason) {
    case refusal::too_large: return "too_large";
    case refusal::too_soon: return "too_soon";
    case refusal::backfill_limited: return "backfill_limited";
    case refusal::malformed: return "malformed";
    case refusal::blocked: return "blocked";
    case refusal::overloaded: break;
    }
    return "overloaded";
}

void refusal_tally::add(const device_id& device, refusal reason, std::uint64_t count) {
    if (count == 0)
        return;
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    part.devices[device][static_cast<std::size_t>(reason)] += count;
}

refusal_counts refusal_tally::of(const device_id& device) const {
    const shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    const auto entry = part.devices.find(device);
    return entry == part.devices.end() ? refusal_counts{} : entry->second;
}

std::vector<std::pair<device_id, refusal_counts>> refusal_tally::worst(std::size_t limit) const {
    std::vector<std::pair<device_id, refusal_counts>> all;
    for (const shard& part : shards_) {
        const lock_guard lock{part.mutex};
        all.insert(all.end(), part.devices.begin(), part.devices.end());
    }
    const auto count = static_cast<std::ptrdiff_t>(std::min(limit, all.size()));
    std::ranges::partial_sort(all, all.begin() + count, std::ranges::greater{}, sum_of);
    all.resize(static_cast<std::size_t>(count));
    return all;
}

void refusal_tally::forget(const device_id& device) {
    shard& part = shard_of(device);
    const lock_guard lock{part.mutex};
    part.devices.erase(device);
}

} // namespace breakwater::telemetry
