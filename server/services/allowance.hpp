#pragma once

#include "base/clock.hpp"
#include "services/recent_map.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::services {

struct allowance_options {
    unsigned burst = 60;                    ///< units at once, ≥ 1
    std::chrono::milliseconds refill{1000}; ///< one more unit each; > 0
    std::size_t max_keys = 100'000;
};

/// A minute's worth at once, then evenly. REQUIRES: 1 ≤ `times` ≤ 60,000.
[[nodiscard]] allowance_options per_minute(std::int64_t times);

/// So much work at once and so much as time goes by, for each key (a token bucket, kept as the theoretical
/// arrival time of ITU-T I.371's GCRA). A key that isn't remembered has its whole allowance; past the bound
/// the one that asked longest ago is forgotten. Every call takes the same time. Any thread may call.
class allowance {
public:
    allowance(const clock& time, const allowance_options& chosen)
        : clock_{time}, options_{chosen}, spent_until_{chosen.max_keys} {}

    /// How long until `units` are there, rounded up to a second; nothing where they are. More than the burst
    /// never are: such a wait is as for the whole burst. Takes nothing.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view key, unsigned units = 1);
    /// Takes them, whether they were there or not: what is owed is paid back first.
    void take(std::string_view key, unsigned units = 1);
    void give_back(std::string_view key, unsigned units = 1);
    [[nodiscard]] const allowance_options& options() const noexcept { return options_; }

private:
    const clock& clock_;
    const allowance_options options_;
    std::mutex mutex_;
    recent_map<std::string, steady_point> spent_until_; ///< when the key has its whole allowance again
};

/// An allowance of an address and of the networks around it (`client_networks`): a /56 has four times that of
/// a /64, a /48 sixteen times. Any thread may call.
class network_allowance {
public:
    network_allowance(const clock& time, const allowance_options& of_narrowest);

    /// The longest wait of its networks.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view address, unsigned units = 1);
    void take(std::string_view address, unsigned units = 1);
    void give_back(std::string_view address, unsigned units = 1);
    [[nodiscard]] const allowance_options& options() const noexcept { return levels_[0].options(); }

private:
    std::array<allowance, 3> levels_;
};

} // namespace breakwater::services
