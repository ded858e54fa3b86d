#include "storage/policy_registry.hpp"

#include <algorithm>
#include <mutex>

namespace breakwater::storage {

effective_policy policy_registry::of(const device_id& device, category kind) const {
    const std::shared_lock lock{mutex_};
    const effective_policy of_category = defaults_.with(categories_[static_cast<std::size_t>(kind)]);
    if (devices_.empty())
        return of_category;
    const auto found = devices_.find(device);
    return found == devices_.end() ? of_category : of_category.with(found->second);
}

std::chrono::seconds policy_registry::expected_interval(const device_id& device, category kind) const {
    return std::max(info(kind).max_interval,
                    std::chrono::ceil<std::chrono::seconds>(of(device, kind).min_interval));
}

std::chrono::microseconds policy_registry::longest_min_interval() const {
    const std::shared_lock lock{mutex_};
    auto longest = defaults_.min_interval;
    for (const reading_policy& each : categories_)
        longest = std::max(longest, each.min_interval.value_or(longest));
    for (const auto& [device, its] : devices_)
        longest = std::max(longest, its.min_interval.value_or(longest));
    return longest;
}

reading_policy policy_registry::decided_for(category kind) const {
    const std::shared_lock lock{mutex_};
    return categories_[static_cast<std::size_t>(kind)];
}

reading_policy policy_registry::decided_for(const device_id& device) const {
    const std::shared_lock lock{mutex_};
    const auto found = devices_.find(device);
    return found == devices_.end() ? reading_policy{} : found->second;
}

void policy_registry::put(category of, const reading_policy& decided) {
    const std::lock_guard lock{mutex_};
    categories_[static_cast<std::size_t>(of)] = decided;
}

void policy_registry::put(const device_id& of, const reading_policy& decided) {
    const std::lock_guard lock{mutex_};
    if (decided.empty())
        devices_.erase(of);
    else
        devices_[of] = decided;
}

void policy_registry::remove(const device_id& device) {
    const std::lock_guard lock{mutex_};
    devices_.erase(device);
}

} // namespace breakwater::storage
