#include "services/allowance.hpp"

#include "base/ip_address.hpp"

#include <algorithm>

namespace breakwater::services {

allowance_options per_minute(std::int64_t times) {
    return {.burst = static_cast<unsigned>(times), .refill = std::chrono::milliseconds{60'000 / times}};
}

namespace {

/// Of networks of more and more clients: every network has room for several of the next narrower ones, and
/// one of those can't use up all of it.
allowance_options wider(allowance_options of, unsigned times) {
    of.burst *= times;
    of.refill = std::max(of.refill / times, std::chrono::milliseconds{1});
    return of;
}

} // namespace

std::optional<std::chrono::seconds> allowance::wait_for(std::string_view key, unsigned units) {
    const steady_point now = clock_.steady_now();
    const std::lock_guard lock{mutex_};
    const steady_point* const known = spent_until_.find(std::string{key});
    if (known == nullptr || *known <= now)
        return std::nullopt;
    const auto room = options_.refill * (options_.burst - std::min(units, options_.burst));
    const auto over = *known - now - room;
    if (over <= steady_point::duration::zero())
        return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(over);
}

void allowance::take(std::string_view key, unsigned units) {
    const steady_point now = clock_.steady_now();
    const std::lock_guard lock{mutex_};
    const std::string name{key};
    const steady_point* const known = spent_until_.find(name);
    const steady_point from = known != nullptr ? std::max(*known, now) : now;
    spent_until_.put(name, from + options_.refill * units);
}

void allowance::give_back(std::string_view key, unsigned units) {
    const steady_point now = clock_.steady_now();
    const std::lock_guard lock{mutex_};
    const std::string name{key};
    steady_point* const known = spent_until_.find(name);
    if (known == nullptr)
        return;
    *known -= options_.refill * units;
    if (*known <= now)
        spent_until_.erase(name);
}

network_allowance::network_allowance(const clock& time, const allowance_options& of_narrowest)
    : levels_{{{time, of_narrowest}, {time, wider(of_narrowest, 4)}, {time, wider(of_narrowest, 16)}}} {}

std::optional<std::chrono::seconds> network_allowance::wait_for(std::string_view address, unsigned units) {
    std::optional<std::chrono::seconds> longest;
    std::size_t level = 0;
    for (const std::string& network : client_networks(address))
        if (const auto wait = levels_[level++].wait_for(network, units))
            longest = std::max(longest.value_or(*wait), *wait);
    return longest;
}

void network_allowance::take(std::string_view address, unsigned units) {
    std::size_t level = 0;
    for (const std::string& network : client_networks(address))
        levels_[level++].take(network, units);
}

void network_allowance::give_back(std::string_view address, unsigned units) {
    std::size_t level = 0;
    for (const std::string& network : client_networks(address))
        levels_[level++].give_back(network, units);
}

} // namespace breakwater::services
