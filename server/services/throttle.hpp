#pragma once

#include "base/clock.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace breakwater::services {

struct throttle_options {
    unsigned free_failures = 5;          ///< that cost nothing yet
    std::chrono::seconds first_delay{1}; ///< after the first beyond them; doubled by each further one
    std::chrono::seconds longest_delay{900};
    std::chrono::seconds forgotten_after{3600}; ///< without a further failure
    std::size_t max_keys = 100'000;
};

/// Slows down guessing: failures of a key (an account, an address) are free at first, then each makes the
/// next attempt wait longer. Successes of honest clients cost nothing, so a fleet behind one address can come
/// back at once. Ask right before the secret is checked, on the pool that checks it: then no more attempts
/// can overtake the count than that pool has threads. What it remembers is bounded; past the bound the oldest
/// of those that wait for nothing goes first, so that nobody gets out of a wait by naming many keys. Every
/// call takes the same time however much is remembered. Any thread may call.
class throttle {
public:
    throttle(const clock& time, const throttle_options& chosen) : clock_{time}, options_{chosen} {}

    /// How long `key` must still wait, rounded up to a second; nothing where it need not.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view key);
    void failed(std::string_view key);
    void succeeded(std::string_view key);
    [[nodiscard]] const throttle_options& options() const noexcept { return options_; }
    /// Keys that are remembered.
    [[nodiscard]] std::size_t size() const;

private:
    struct record {
        std::string key;
        unsigned failures = 0;
        steady_point last;
        steady_point blocked_until;
    };
    /// In the order of their last failure, the oldest first.
    using order = std::list<record>;

    void drop_oldest(order& from);
    void forget_old(order& among, steady_point now);

    const clock& clock_;
    const throttle_options options_;
    mutable std::mutex mutex_;
    order free_;                                                    ///< within the free failures
    order slowed_;                                                  ///< beyond them
    std::unordered_map<std::string_view, order::iterator> records_; ///< the keys live in the lists
};

/// The failures of an address and of the networks around it (`client_networks`): a /56 has four times as many
/// free as a /64, a /48 sixteen times. Any thread may call.
class network_throttle {
public:
    network_throttle(const clock& time, const throttle_options& of_narrowest);

    /// The longest wait of its networks.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view address);
    void failed(std::string_view address);
    [[nodiscard]] const throttle_options& options() const noexcept { return levels_[0].options(); }

private:
    std::array<throttle, 3> levels_;
};

} // namespace breakwater::services
