#include "registry/policy_registry.hpp"

#include <algorithm>

namespace breakwater::registry {

namespace {

std::chrono::seconds interval_of(category kind, const effective_policy& policy) {
    return std::max(info(kind).max_interval, std::chrono::ceil<std::chrono::seconds>(policy.min_interval));
}

} // namespace

effective_policy policy_registry::of(const device_id& device, category kind) const {
    const shared_lock lock{mutex_};
    const effective_policy category_policy =
        defaults_.overridden_by(categories_[static_cast<std::size_t>(kind)]);
    if (devices_.empty())
        return category_policy;
    const auto entry = devices_.find(device);
    return entry == devices_.end() ? category_policy : category_policy.overridden_by(entry->second);
}

std::chrono::seconds policy_registry::expected_interval(const device_id& device, category kind) const {
    return interval_of(kind, of(device, kind));
}

std::chrono::seconds policy_registry::expected_interval(const device_id& device, category kind,
                                                        const scope& changed,
                                                        const reading_policy& policy) const {
    const bool is_of_category = std::holds_alternative<category>(changed);
    const effective_policy category_policy =
        defaults_.overridden_by(is_of_category ? policy : configured_for(kind));
    return interval_of(kind, category_policy.overridden_by(is_of_category ? configured_for(device) : policy));
}

std::chrono::microseconds policy_registry::longest_min_interval() const {
    const shared_lock lock{mutex_};
    auto longest = defaults_.min_interval;
    for (const reading_policy& policy : categories_)
        longest = std::max(longest, policy.min_interval.value_or(longest));
    for (const auto& [device, policy] : devices_)
        longest = std::max(longest, policy.min_interval.value_or(longest));
    return longest;
}

reading_policy policy_registry::configured_for(category kind) const {
    const shared_lock lock{mutex_};
    return categories_[static_cast<std::size_t>(kind)];
}

reading_policy policy_registry::configured_for(const device_id& device) const {
    const shared_lock lock{mutex_};
    const auto entry = devices_.find(device);
    return entry == devices_.end() ? reading_policy{} : entry->second;
}

void policy_registry::put(const scope& of, const reading_policy& policy) {
    const lock_guard lock{mutex_};
    if (const auto* kind = std::get_if<category>(&of))
        categories_[static_cast<std::size_t>(*kind)] = policy;
    else if (policy.empty())
        devices_.erase(std::get<device_id>(of));
    else
        devices_[std::get<device_id>(of)] = policy;
}

void policy_registry::follow(const change& committed) {
    if (const auto* saved = std::get_if<policy_saved>(&committed)) {
        put(saved->scope, saved->policy);
    } else if (const auto* removed = std::get_if<device_removed>(&committed)) {
        const lock_guard lock{mutex_};
        devices_.erase(removed->id);
    }
}

} // namespace breakwater::registry
