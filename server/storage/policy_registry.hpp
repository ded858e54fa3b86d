#pragma once

#include "base/ids.hpp"
#include "domain/category.hpp"
#include "domain/policy.hpp"

#include <array>
#include <chrono>
#include <shared_mutex>
#include <unordered_map>

namespace breakwater::storage {

/// What holds for every device, in memory, so that a reading needs no look-up. Filled at start; changed only
/// from `transaction::after_commit`. Any thread may call.
class policy_registry {
public:
    explicit policy_registry(const effective_policy& defaults) : defaults_{defaults} {}

    [[nodiscard]] effective_policy of(const device_id& device, category kind) const;
    [[nodiscard]] const effective_policy& defaults() const noexcept { return defaults_; }
    /// How often a device is to speak: the longest interval of its category or, where that is longer, the
    /// least one that it may keep.
    [[nodiscard]] std::chrono::seconds expected_interval(const device_id& device, category kind) const;
    [[nodiscard]] reading_policy decided_for(category kind) const;
    /// Of any device, as far as policies go.
    [[nodiscard]] std::chrono::microseconds longest_min_interval() const;
    [[nodiscard]] reading_policy decided_for(const device_id& device) const;

    void put(category of, const reading_policy& decided);
    void put(const device_id& of, const reading_policy& decided);
    /// Of a device that is gone.
    void remove(const device_id& device);

private:
    const effective_policy defaults_;
    mutable std::shared_mutex mutex_;
    std::array<reading_policy, category_count> categories_;
    std::unordered_map<device_id, reading_policy> devices_;
};

} // namespace breakwater::storage
