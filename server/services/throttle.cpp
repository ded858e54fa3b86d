#include "services/throttle.hpp"

#include "base/ip_address.hpp"

#include <algorithm>

namespace breakwater::services {

namespace {

throttle_options wider(throttle_options of, unsigned times) {
    of.free_failures *= times;
    return of;
}

} // namespace

std::optional<std::chrono::seconds> throttle::wait_for(std::string_view key) {
    const steady_point now = clock_.steady_now();
    const std::lock_guard lock{mutex_};
    const auto found = records_.find(key);
    if (found == records_.end() || found->second->blocked_until <= now)
        return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(found->second->blocked_until - now);
}

void throttle::failed(std::string_view key) {
    const steady_point now = clock_.steady_now();
    const std::lock_guard lock{mutex_};
    forget_old(free_, now);
    forget_old(slowed_, now);
    auto found = records_.find(key);
    if (found == records_.end()) {
        if (records_.size() >= options_.max_keys)
            drop_oldest(free_.empty() ? slowed_ : free_);
        const auto added = free_.insert(free_.end(), record{.key = std::string{key}, .last = now});
        found = records_.emplace(added->key, added).first;
    }
    const order::iterator kept = found->second;
    order& was_in = kept->failures > options_.free_failures ? slowed_ : free_;
    if (now - kept->last > options_.forgotten_after)
        kept->failures = 0;
    kept->last = now;
    ++kept->failures;
    const bool slowed = kept->failures > options_.free_failures;
    order& belongs_in = slowed ? slowed_ : free_;
    belongs_in.splice(belongs_in.end(), was_in, kept);
    if (!slowed)
        return;
    const unsigned doublings = std::min(kept->failures - options_.free_failures - 1, 20U);
    kept->blocked_until = now + std::min(options_.first_delay * (1U << doublings), options_.longest_delay);
}

void throttle::succeeded(std::string_view key) {
    const std::lock_guard lock{mutex_};
    const auto found = records_.find(key);
    if (found == records_.end())
        return;
    const order::iterator kept = found->second;
    records_.erase(found);
    (kept->failures > options_.free_failures ? slowed_ : free_).erase(kept);
}

std::size_t throttle::size() const {
    const std::lock_guard lock{mutex_};
    return records_.size();
}

void throttle::drop_oldest(order& from) {
    records_.erase(from.front().key);
    from.pop_front();
}

/// Two for each failure, which adds one at most: so all that is old goes in time, and no call pays for many.
void throttle::forget_old(order& among, steady_point now) {
    for (int i = 0; i < 2 && !among.empty() && now - among.front().last > options_.forgotten_after; ++i)
        drop_oldest(among);
}

network_throttle::network_throttle(const clock& time, const throttle_options& of_narrowest)
    : levels_{{{time, of_narrowest}, {time, wider(of_narrowest, 4)}, {time, wider(of_narrowest, 16)}}} {}

std::optional<std::chrono::seconds> network_throttle::wait_for(std::string_view address) {
    std::optional<std::chrono::seconds> longest;
    std::size_t level = 0;
    for (const std::string& network : client_networks(address))
        if (const auto wait = levels_[level++].wait_for(network))
            longest = std::max(longest.value_or(*wait), *wait);
    return longest;
}

void network_throttle::failed(std::string_view address) {
    std::size_t level = 0;
    for (const std::string& network : client_networks(address))
        levels_[level++].failed(network);
}

} // namespace breakwater::services
