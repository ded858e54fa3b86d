#pragma once

#include "base/result.hpp"
#include "domain/device.hpp"
#include "services/caller.hpp"
#include "storage/database.hpp"

#include <functional>

namespace breakwater::services {

/// What happens around a device's life, for those who follow it (simulator, limits, live clients, alerts).
/// Called on the writer's thread: must not block.
struct device_observer {
    /// Within the change that removes it, before it does; a failure is the change's.
    std::function<result<void>(storage::transaction&, const device_id&, const caller&)> deleting =
        [](storage::transaction&, const device_id&, const caller&) { return result<void>{}; };
    /// Within the change by which it is real from now on.
    std::function<result<void>(storage::transaction&, const device_id&)> becoming_real =
        [](storage::transaction&, const device_id&) { return result<void>{}; };
    // After the commit:

    std::function<void(const device&)> created = [](const device&) {};
    std::function<void(const device&)> updated = [](const device&) {};
    std::function<void(const device_id&, user_id owner)> deleted = [](const device_id&, user_id) {};
};

} // namespace breakwater::services
