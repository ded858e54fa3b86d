#pragma once

#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "domain/category.hpp"
#include "domain/policy.hpp"
#include "storage/change_feed.hpp"

#include <array>
#include <chrono>
#include <unordered_map>
#include <variant>

namespace breakwater::registry {

/// Holds the policies of all categories and devices in memory, so that a reading needs no database look-up.
/// It is filled at the start, and then follows the change feed. Any thread may call.
class policy_registry final : public storage::change_follower {
public:
    using scope = std::variant<category, device_id>;

    explicit policy_registry(const effective_policy& defaults) : defaults_{defaults} {}

    /// The policy in force: the device's overrides its category's, which overrides the defaults.
    [[nodiscard]] effective_policy of(const device_id& device, category kind) const;
    [[nodiscard]] const effective_policy& defaults() const noexcept { return defaults_; }
    /// How often a device is expected to report: the longest interval of its category, or its minimum
    /// interval if that is longer.
    [[nodiscard]] std::chrono::seconds expected_interval(const device_id& device, category kind) const;
    /// The same, if `policy` were set for the device itself or for its category.
    [[nodiscard]] std::chrono::seconds expected_interval(const device_id& device, category kind,
                                                         const scope& changed,
                                                         const reading_policy& policy) const;
    /// The largest minimum interval that the policies set for any device.
    [[nodiscard]] std::chrono::microseconds longest_min_interval() const;
    /// The policy set for the category or device itself; empty if there is none.
    [[nodiscard]] reading_policy configured_for(category kind) const;
    [[nodiscard]] reading_policy configured_for(const device_id& device) const;

    void put(const scope& of, const reading_policy& policy);
    void follow(const change& committed) override;

private:
    const effective_policy defaults_;
    mutable shared_mutex mutex_;
    std::array<reading_policy, category_count> categories_ GUARDED_BY(mutex_);
    std::unordered_map<device_id, reading_policy> devices_ GUARDED_BY(mutex_);
};

} // namespace breakwater::registry
