#pragma once

#include "base/clock.hpp"
#include "domain/policy.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "services/device_service.hpp"
#include "storage/policy_registry.hpp"

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace breakwater::services {

/// What was decided, and what follows from it.
struct policy_view {
    reading_policy decided;
    effective_policy effective;
};

/// What devices may send and for how long it is kept. Members block. Any thread may call.
class policy_service {
public:
    /// Hears, after the commit, of each device that is to speak more or less often than before. Called on the
    /// writer's thread: must not block.
    using observer = std::function<void(const device&)>;

    policy_service(storage::database& store, storage::policy_registry& policies, device_service& devices,
                   storage::audit_recorder& audit, const clock& time, observer interval_changed)
        : changes_{store, audit, time},
          policies_{policies},
          devices_{devices},
          clock_{time},
          interval_changed_{std::move(interval_changed)} {}

    /// For whoever may see the device.
    result<policy_view> of(const device_id& device, category kind, const caller& who);
    /// For administrators, as whom the route lets nobody else in: what is decided replaces what was.
    result<void> put(const device_id& device, const reading_policy& decided, const caller& who);
    result<void> put(category kind, const reading_policy& decided, const caller& who);
    [[nodiscard]] policy_view of(category kind) const;
    /// As `storage::policy_registry::expected_interval`, of a device that the caller was shown.
    [[nodiscard]] std::chrono::seconds expected_interval(const device& of) const {
        return policies_.expected_interval(of.id, of.category);
    }

private:
    /// After the commit: `change`, and who is told of it among `concerned`.
    template <class Change>
    void apply(const std::vector<device>& concerned, const Change& change);

    change_writer changes_;
    storage::policy_registry& policies_;
    device_service& devices_;
    const clock& clock_;
    observer interval_changed_;
};

} // namespace breakwater::services
