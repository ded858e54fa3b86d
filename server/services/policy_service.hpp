#pragma once

#include "base/clock.hpp"
#include "domain/policy.hpp"
#include "registry/policy_registry.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "services/device_service.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace breakwater::services {

/// The configured settings, and the policy that results from them.
struct policy_view {
    reading_policy decided;
    effective_policy effective;
};

/// What devices may send, and how long readings are kept. Members block. Any thread may call.
class policy_service {
public:
    policy_service(storage::catalogue& store, const registry::policy_registry& policies,
                   device_service& devices, breakwater::audit::recorder& audit, const clock& time)
        : changes_{store, audit, time}, policies_{policies}, devices_{devices}, clock_{time} {}

    /// For callers who may see the device.
    result<policy_view> of(const device_id& device, category kind, const caller& caller);
    /// Replaces the configured settings. The route admits administrators only.
    result<void> put(const device_id& device, const reading_policy& policy, const caller& caller);
    result<void> put(category kind, const reading_policy& policy, const caller& caller);
    [[nodiscard]] policy_view of(category kind) const;
    /// As `registry::policy_registry::expected_interval`, for a device that the caller may see.
    [[nodiscard]] std::chrono::seconds expected_interval(const device& device) const {
        return policies_.expected_interval(device.id, device.category);
    }

private:
    /// Publishes the new policy, and those of `devices` whose expected interval it replaces.
    result<void> publish(storage::transaction& tx, const registry::policy_registry::scope& changed,
                         const reading_policy& policy, std::vector<device> devices);

    change_writer changes_;
    const registry::policy_registry& policies_;
    device_service& devices_;
    const clock& clock_;
};

} // namespace breakwater::services
