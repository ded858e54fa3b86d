#pragma once

#include "base/clock.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace breakwater {

/// The last value of a field.
struct latest_value {
    std::string value; ///< a JSON scalar, spelled as received
    timestamp measured_at{};
};

/// Keyed by field name.
using latest_fields = std::map<std::string, latest_value, std::less<>>;

/// The last values of a device.
struct latest_state {
    std::optional<timestamp>
        received_at{}; ///< when the last counted reading arrived; nothing if there is none
    latest_fields fields{};
};

} // namespace breakwater
