#pragma once

#include "core/types.hpp"

#include <variant>

namespace breakwater::desktop {

struct DeviceChanged {
    Device device; ///< contains only the members of the event
};
using messages::LiveBackfill;
using messages::LiveDeviceRemoval;

using LiveEvent = std::variant<Reading, DeviceChanged, LiveDeviceRemoval, LiveBackfill, SecurityEvent, Alert>;

} // namespace breakwater::desktop
