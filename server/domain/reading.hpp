#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <optional>
#include <string>

namespace breakwater {

/// What a device said once.
struct reading {
    reading_id id = 0; ///< given by the store
    breakwater::device_id device_id;
    std::optional<timestamp> device_timestamp{}; ///< the device's own clock, unchecked
    timestamp received_at{};
    std::string payload{}; ///< a JSON object, compact, spelled as it came
    bool simulated = false;
};

} // namespace breakwater
