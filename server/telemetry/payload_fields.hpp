#pragma once

#include "base/json_text.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace breakwater::telemetry {

/// A leaf of a payload: anything but an object that has members. Views into what is being walked, for the
/// call only.
struct payload_field {
    /// The names on the way, each as a JSON string: `"metrics""temperature_c"`. Unlike names joined by dots
    /// it can't mean two fields (`{"a.b":1,"a":{"b":2}}`).
    std::string_view path;
    json_kind kind;
    std::string_view value; ///< as it stands in the payload
};

/// Calls `visit` for each leaf in order. REQUIRES: `payload` is compact and was checked by `read_json`; of
/// any other text some fields are left out, and nothing worse happens.
void for_each_field(std::string_view payload, const std::function<void(const payload_field&)>& visit);

} // namespace breakwater::telemetry
