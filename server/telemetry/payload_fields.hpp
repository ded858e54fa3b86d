#pragma once

#include "base/json_text.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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
    whole,        ///< visits the array as one leaf, even if separate cells would lose information
};

/// Calls `visit` for each leaf in order. REQUIRES: `payload` is compact and was validated by `read_json`. For
/// any other text some fields may be missing; the call is still safe.
void for_each_field(std::string_view payload, const std::function<void(const payload_field&)>& visit,
                    long_arrays arrays = long_arrays::first_values);

/// The fields with given names. Thread-safe once it is built.
class field_selection {
public:
    field_selection() = default;
    /// Adds a field. Ignores a text that is not a field name: no field has it.
    void add(std::string_view name);

private:
    friend class payload_walk;
    /// A key on the way to selected fields. The root has no key.
    struct node {
        std::string key;
        std::vector<node> members; ///< sorted by key

        [[nodiscard]] const node* find(std::string_view member) const noexcept;
    };
    node root_;
};

/// As above, but skips whole members that cannot contain a selected field. Visits each selected field that
/// the payload has, and may visit others, such as all fields within an array.
void for_each_field(std::string_view payload, const field_selection& selection,
                    const std::function<void(const payload_field&)>& visit);

} // namespace breakwater::telemetry
