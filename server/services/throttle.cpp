#include "services/throttle.hpp"

#include <algorithm>

namespace breakwater::services {

std::optional<std::chrono::seconds> throttle::wait_for(std::string_view key) {
    const steady_point now = clock_.steady_now();
    const std::lock_guard lock{mutex_};
    const auto found = records_.find(std::string{key});
    if (found == records_.end() || found->second.blocked_until <= now)
        return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(found->second.blocked_until - now);
}

void throttle::failed(std::string_view key) {
    const steady_point now = clock_.steady_now();
    const std::lock_guard lock{mutex_};
    if (records_.size() >= options_.max_keys && !records_.contains(std::string{key}))
        make_room(now);
    record& kept = records_[std::string{key}];
    if (now - kept.last > options_.forgotten_after)
        kept.failures = 0;
    kept.last = now;
    ++kept.failures;
    if (kept.failures <= options_.free_failures)
        return;
    const unsigned doublings = std::min(kept.failures - options_.free_failures - 1, 20U);
    kept.blocked_until = now + std::min(options_.first_delay * (1U << doublings), options_.longest_delay);
}

void throttle::succeeded(std::string_view key) {
    const std::lock_guard lock{mutex_};
    records_.erase(std::string{key});
}

std::size_t throttle::size() const {
    const std::lock_guard lock{mutex_};
    return records_.size();
}

void throttle::make_room(steady_point now) {
    std::erase_if(records_,
                  [&](const auto& entry) { return now - entry.second.last > options_.forgotten_after; });
    if (records_.size() < options_.max_keys)
        return;
    // All of them fresh: an attack that varies its key. Those that wait for nothing go first; one scan frees
    // many, so the cost is spread over as many failures.
    std::erase_if(records_, [&](const auto& entry) { return entry.second.blocked_until <= now; });
    if (records_.size() >= options_.max_keys)
        records_.erase(records_.begin());
}

} // namespace breakwater::services
