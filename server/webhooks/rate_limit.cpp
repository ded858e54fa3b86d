#include "webhooks/rate_limit.hpp"

namespace breakwater::webhooks {

steady_point::duration rate_limit::wait_for(webhook_id id, steady_point now) {
    const auto found = sent_.find(id);
    if (found == sent_.end())
        return {};
    auto& times = found->second;
    while (!times.empty() && times.front() + window <= now)
        times.pop_front();
    return times.size() < messages ? steady_point::duration{} : times.front() + window - now;
}

void rate_limit::forget_idle(steady_point now) {
    std::erase_if(
        sent_, [now](const auto& each) { return each.second.empty() || each.second.back() + window <= now; });
}

} // namespace breakwater::webhooks
