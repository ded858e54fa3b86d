#include "identity/allowance.hpp"

#include "base/ip_address.hpp"

#include <algorithm>

namespace breakwater::identity {

allowance_options per_minute(std::int64_t times) {
    return {.burst = static_cast<unsigned>(times), .refill = std::chrono::milliseconds{60'000 / times}};
}

namespace {

/// The allowance of a wider network: it covers several of the next narrower networks, so that one of them
/// cannot use up all of it.
allowance_options wider(allowance_options options, unsigned factor) {
    options.burst *= factor;
    options.refill = std::max(options.refill / factor, std::chrono::milliseconds{1});
    return options;
}

} // namespace

std::optional<std::chrono::seconds> allowance::wait_for(std::string_view key, unsigned units) {
    const steady_point now = clock_.steady_now();
    const lock_guard lock{mutex_};
    const steady_point* const spent_until = spent_until_.find(std::string{key});
    if (spent_until == nullptr || *spent_until <= now)
        return std::nullopt;
    const auto room = options_.refill * (options_.burst - std::min(units, options_.burst));
    const auto excess = *spent_until - now - room;
    if (excess <= steady_point::duration::zero())
        return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(excess);
}

void allowance::take(std::string_view key, unsigned units) {
    const steady_point now = clock_.steady_now();
    const lock_guard lock{mutex_};
    const std::string name{key};
    const steady_point* const spent_until = spent_until_.find(name);
    const steady_point start = spent_until != nullptr ? std::max(*spent_until, now) : now;
    spent_until_.put(name, start + options_.refill * units);
}

void allowance::give_back(std::string_view key, unsigned units) {
    const steady_point now = clock_.steady_now();
    const lock_guard lock{mutex_};
    const std::string name{key};
    steady_point* const spent_until = spent_until_.find(name);
    if (spent_until == nullptr)
        return;
    *spent_until -= options_.refill * units;
    if (*spent_until <= now)
        spent_until_.erase(name);
}

network_allowance::network_allowance(const clock& time, const allowance_options& narrowest)
    : levels_{{{time, narrowest}, {time, wider(narrowest, 4)}, {time, wider(narrowest, 16)}}} {}

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

} // namespace breakwater::identity
