#pragma once

#include "base/json_text.hpp"

#include <functional>
#include <string_view>

namespace breakwater::telemetry {

/// A leaf of a payload: anything but an object or an array that holds something. Views into what is being
/// walked, for the call only.
struct payload_field {
    std::string_view name; ///< as domain/field_name.hpp has it
    json_kind kind;
    std::string_view value; ///< as it stands in the payload
};

/// What to do with an array that has more values than names.
enum class long_arrays : bool {
    first_values, ///< those that have names are visited, the rest is left out
    whole,        ///< it is visited as one leaf
};

/// Calls `visit` for each leaf in order. REQUIRES: `payload` is compact and was checked by `read_json`; of
/// any other text some fields are left out, and nothing worse happens.
void for_each_field(std::string_view payload, const std::function<void(const payload_field&)>& visit,
                    long_arrays arrays = long_arrays::first_values);

} // namespace breakwater::telemetry
