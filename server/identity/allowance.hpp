#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "identity/recent_map.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::identity {

struct allowance_options {
    unsigned burst = 60;                    ///< units available at once, ≥ 1
    std::chrono::milliseconds refill{1000}; ///< time to refill one unit; > 0
    std::size_t max_keys = 100'000;         ///< remembered keys
};

/// An allowance of `times` units at once, refilled evenly within a minute. REQUIRES: 1 ≤ `times` ≤ 60,000.
[[nodiscard]] allowance_options per_minute(std::int64_t times);

/// A token bucket for each key. Stores one time for each key: when its bucket will be full again (the
/// theoretical arrival time of the GCRA, ITU-T I.371). An unknown key has its whole allowance. A new key
/// beyond `max_keys` replaces the least recently used one. Every call takes constant time. Any thread may
/// call.
class allowance {
public:
    allowance(const clock& time, const allowance_options& options)
        : clock_{time}, options_{options}, spent_until_{options.max_keys} {}

    /// The wait until `units` are available, rounded up to a second; empty when they are available now. If
    /// `units` exceeds the burst, this is the wait until the whole burst is available. Takes no units.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view key, unsigned units = 1);
    /// Takes the units even when they are not available. The key then has a debt, and the refill repays it
    /// first.
    void take(std::string_view key, unsigned units = 1);
    /// Returns units that were taken.
    void give_back(std::string_view key, unsigned units = 1);
    [[nodiscard]] const allowance_options& options() const noexcept { return options_; }

private:
    const clock& clock_;
    const allowance_options options_;
    mutex mutex_;
    recent_map<std::string, steady_point>
        spent_until_ GUARDED_BY(mutex_); ///< when each key has its whole allowance again
};

/// The allowances of an address and of the networks around it (`client_networks`): a /56 has four times the
/// allowance of a /64, a /48 sixteen times. Any thread may call.
class network_allowance {
public:
    network_allowance(const clock& time, const allowance_options& narrowest);

    /// The longest wait among the networks of `address`; empty when all have the units now.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view address, unsigned units = 1);
    void take(std::string_view address, unsigned units = 1);
    void give_back(std::string_view address, unsigned units = 1);
    [[nodiscard]] const allowance_options& options() const noexcept { return levels_[0].options(); }

private:
    std::array<allowance, 3> levels_;
};

} // namespace breakwater::identity
