#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/category.hpp"
#include "domain/device.hpp"
#include "wire/schema/schema.hpp"

#include <string>

namespace breakwater::wire {

// JSON that commands print, where it differs from the API.

/// A row of `breakwater device list --json`.
struct listed_device {
    breakwater::device_id id;
    std::string name;
    breakwater::category category = breakwater::category::weather_station;
    device_status status = device_status::active;
    std::string owner; ///< e-mail address
    timestamp created_at{};
    timestamp updated_at{};
    bool simulated = false;
    bool never_heard = false;
    // Only of a blocked device:
    schema::omittable<std::string> blocked_by;
    schema::omittable<std::string> blocked_reason;
    schema::omittable<timestamp> blocked_at;
};

} // namespace breakwater::wire
