#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace breakwater::identity {

struct throttle_options {
    unsigned free_failures = 5; ///< failures without a delay
    /// The wait after the first failure beyond the free ones. It doubles with each further failure.
    std::chrono::seconds first_delay{1};
    std::chrono::seconds longest_delay{900};
    std::chrono::seconds forgotten_after{3600}; ///< time after the last failure
    std::size_t max_keys = 100'000;             ///< remembered keys
};

/// Slows down guessing. The first failures of a key (an account, an address) are free. After each further
/// failure, `wait_for` returns a longer wait. Successes add no wait, so a fleet behind one address can
/// reconnect at once. Call `wait_for` right before the secret is checked, on the pool that checks it.
/// Attempts that run at the same time do not see each other's failures, and there are at most as many of them
/// as that pool has threads.
///
/// A new key beyond `max_keys` replaces another one. The throttle forgets keys within their free failures
/// first, then slowed keys; of each kind, the one whose last failure is the oldest. So an attacker can't end
/// the wait of a key by naming many new keys. Every call takes constant time. Any thread may call.
class throttle {
public:
    throttle(const clock& time, const throttle_options& options) : clock_{time}, options_{options} {}

    /// The remaining wait of `key`, rounded up to a second; empty when there is none.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view key);
    void record_failure(std::string_view key);
    /// Forgets the failures of `key`.
    void record_success(std::string_view key);
    [[nodiscard]] const throttle_options& options() const noexcept { return options_; }
    /// The number of remembered keys.
    [[nodiscard]] std::size_t size() const;

private:
    struct record {
        std::string key;
        unsigned failures = 0;
        steady_point last;
        steady_point blocked_until;
    };
    /// Keys in the order of their last failures, the oldest first.
    using order = std::list<record>;

    void drop_oldest(order& list) REQUIRES(mutex_);
    void forget_old(order& list, steady_point now) REQUIRES(mutex_);

    const clock& clock_;
    const throttle_options options_;
    mutable mutex mutex_;
    order free_ GUARDED_BY(mutex_);   ///< keys with no more than the free failures
    order slowed_ GUARDED_BY(mutex_); ///< keys with more failures, including those whose wait is over
    std::unordered_map<std::string_view, order::iterator>
        records_ GUARDED_BY(mutex_); ///< the lists own the keys
};

/// Throttles an address and the networks around it (`client_networks`): a /56 has four times the free
/// failures of a /64, a /48 sixteen times. A success clears no failures here. Any thread may call.
class network_throttle {
public:
    network_throttle(const clock& time, const throttle_options& narrowest);

    /// The longest wait among the networks of `address`; empty when none must wait.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view address);
    void record_failure(std::string_view address);
    [[nodiscard]] const throttle_options& options() const noexcept { return levels_[0].options(); }

private:
    std::array<throttle, 3> levels_;
};

} // namespace breakwater::identity
