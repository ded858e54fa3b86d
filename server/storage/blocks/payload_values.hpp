#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace breakwater::storage::blocks {

/// Reads the fields of payloads, most of which have the shape of one before.
class payload_values {
public:
    /// Calls `visit` with the name and the value, as it is spelled, of each scalar in a compact payload that
    /// has a name. Of several with one name the first counts, as in `block::numbers`.
    void each(std::string_view payload,
              const std::function<void(const std::string&, std::string_view)>& visit);

private:
    [[nodiscard]] const std::vector<std::string>& names_of_shape();

    std::string shape_;
    std::vector<std::string_view> values_;
    std::unordered_map<std::string, std::vector<std::string>>
        known_; ///< names by slot; empty: none, or not the first
};

} // namespace breakwater::storage::blocks
