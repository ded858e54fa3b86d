#pragma once

#include "base/clock.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace breakwater::storage {

/// What a field said last.
struct latest_value {
    std::string value; ///< a JSON scalar, as it was spelled
    timestamp measured_at{};
};

/// By the fields' names.
using latest_fields = std::map<std::string, latest_value, std::less<>>;

/// What is known of how a device does.
struct latest_state {
    std::optional<timestamp> received_at{}; ///< as `reading_store::last_received`
    latest_fields fields{};
};

} // namespace breakwater::storage
