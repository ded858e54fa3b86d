#include "identity/throttle.hpp"

#include "base/ip_address.hpp"

#include <algorithm>

namespace breakwater::identity {

namespace {

throttle_options wider(throttle_options options, unsigned factor) {
    options.free_failures *= factor;
    return options;
}

} // namespace

std::optional<std::chrono::seconds> throttle::wait_for(std::string_view key) {
    const steady_point now = clock_.steady_now();
    const lock_guard lock{mutex_};
    const auto position = records_.find(key);
    if (position == records_.end() || position->second->blocked_until <= now)
        return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(position->second->blocked_until - now);
}

void throttle::record_failure(std::string_view key) {
    const steady_point now = clock_.steady_now();
    const lock_guard lock{mutex_};
    forget_old(free_, now);
    forget_old(slowed_, now);
    auto position = records_.find(key);
    if (position == records_.end()) {
        if (records_.size() >= options_.max_keys)
            drop_oldest(free_.empty() ? slowed_ : free_);
        const auto added = free_.insert(free_.end(), record{.key = std::string{key}, .last = now});
        position = records_.emplace(added->key, added).first;
    }
    const order::iterator entry = position->second;
    order& old_list = entry->failures > options_.free_failures ? slowed_ : free_;
    if (now - entry->last > options_.forgotten_after)
        entry->failures = 0;
    entry->last = now;
    ++entry->failures;
    const bool is_slowed = entry->failures > options_.free_failures;
    order& new_list = is_slowed ? slowed_ : free_;
    new_list.splice(new_list.end(), old_list, entry);
    if (!is_slowed)
        return;
    const unsigned doublings = std::min(entry->failures - options_.free_failures - 1, 20U);
    entry->blocked_until = now + std::min(options_.first_delay * (1U << doublings), options_.longest_delay);
}

void throttle::record_success(std::string_view key) {
    const lock_guard lock{mutex_};
    const auto position = records_.find(key);
    if (position == records_.end())
        return;
    const order::iterator entry = position->second;
    records_.erase(position);
    (entry->failures > options_.free_failures ? slowed_ : free_).erase(entry);
}

std::size_t throttle::size() const {
    const lock_guard lock{mutex_};
    return records_.size();
}

void throttle::drop_oldest(order& list) {
    records_.erase(list.front().key);
    list.pop_front();
}

/// Forgets at most two keys for each failure, which adds at most one key: old keys are removed in time, and
/// no call pays for many.
void throttle::forget_old(order& list, steady_point now) {
    for (int i = 0; i < 2 && !list.empty() && now - list.front().last > options_.forgotten_after; ++i)
        drop_oldest(list);
}

network_throttle::network_throttle(const clock& time, const throttle_options& narrowest)
    : levels_{{{time, narrowest}, {time, wider(narrowest, 4)}, {time, wider(narrowest, 16)}}} {}

std::optional<std::chrono::seconds> network_throttle::wait_for(std::string_view address) {
    std::optional<std::chrono::seconds> longest;
    std::size_t level = 0;
    for (const std::string& network : client_networks(address))
        if (const auto wait = levels_[level++].wait_for(network))
            longest = std::max(longest.value_or(*wait), *wait);
    return longest;
}

void network_throttle::record_failure(std::string_view address) {
    std::size_t level = 0;
    for (const std::string& network : client_networks(address))
        levels_[level++].record_failure(network);
}

} // namespace breakwater::identity
