#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace breakwater::storage::blocks {

/// Reads the fields of payloads. Fast if most payloads have the same shape as an earlier one.
class payload_values {
public:
    /// Calls `visit` with the name and the value of each named scalar in a compact payload. The value is
    /// spelled as in the payload. Of scalars with the same name only the first is visited, as in
    /// `block::numbers`.
    void for_each(std::string_view payload,
                  const std::function<void(const std::string&, std::string_view)>& visit);

private:
    [[nodiscard]] const std::vector<std::string>& names_of_shape();

    std::string shape_;
    std::vector<std::string_view> values_;
    /// Field names of each slot, by shape. A name is empty if the slot has none or is not the first with it.
    std::unordered_map<std::string, std::vector<std::string>> names_by_shape_;
};

} // namespace breakwater::storage::blocks
