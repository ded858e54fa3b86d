#pragma once

#include "base/json_text.hpp"

#include <functional>
#include <string_view>

namespace breakwater::telemetry {

/// A leaf of a payload: a scalar, or an empty object or array. The views are valid only during the call of
/// `visit`.
struct payload_field {
    std::string_view name; ///< according to domain/field_name.hpp
    json_kind kind;
    std::string_view value; ///< JSON text as in the payload
};

/// How to visit an array with more values than names (`max_array_values`).
enum class long_arrays : bool {
    first_values, ///< visits the values that have names and skips the rest
    whole,        ///< visits the array as one leaf, also if separate cells would lose information
};

/// Calls `visit` for each leaf in order. REQUIRES: `payload` is compact and was validated by `read_json`. For
/// any other text some fields may be missing; the call is still safe.
void for_each_field(std::string_view payload, const std::function<void(const payload_field&)>& visit,
                    long_arrays arrays = long_arrays::first_values);

} // namespace breakwater::telemetry
