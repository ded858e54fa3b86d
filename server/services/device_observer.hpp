#pragma once

#include "domain/device.hpp"

#include <functional>

namespace breakwater::services {

/// What happens around a device's life, for those who follow it (simulator, limits, live clients). Called
/// after the commit, on the writer's thread: must not block.
struct device_observer {
    std::function<void(const device&)> created = [](const device&) {};
    std::function<void(const device&)> updated = [](const device&) {};
    std::function<void(const device_id&, user_id owner)> deleted = [](const device_id&, user_id) {};
};

} // namespace breakwater::services
