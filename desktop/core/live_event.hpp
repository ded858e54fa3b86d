#pragma once

#include "core/types.hpp"

#include <variant>

namespace breakwater::desktop {

struct DeviceChanged {
    Device device; ///< contains only the members of the event
};
struct DeviceDeleted {
    QString id;
};
struct BackfillArrived {
    QString deviceId;
    QDateTime receivedAt;
};

using LiveEvent = std::variant<Reading, DeviceChanged, DeviceDeleted, BackfillArrived, SecurityEvent, Alert>;

} // namespace breakwater::desktop
