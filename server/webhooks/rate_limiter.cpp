#include "webhooks/rate_limiter.hpp"

namespace breakwater::webhooks {

steady_point::duration rate_limiter::wait_for(webhook_id id, steady_point now) {
    const auto entry = sent_.find(id);
    if (entry == sent_.end())
        return {};
    auto& times = entry->second;
    while (!times.empty() && times.front() + window <= now)
        times.pop_front();
    return times.size() < messages ? steady_point::duration{} : times.front() + window - now;
}

void rate_limiter::forget_idle(steady_point now) {
    std::erase_if(
        sent_, [now](const auto& item) { return item.second.empty() || item.second.back() + window <= now; });
}

} // namespace breakwater::webhooks
