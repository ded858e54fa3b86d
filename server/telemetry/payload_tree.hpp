#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::telemetry {

/// Maps the columns of a table to the values of a payload, and builds the payload of a row from its cells.
class payload_tree {
public:
    /// Adds a column. A name that is not a valid field name (domain/field_name.hpp), such as `Wind [m/s]`, is
    /// used as a key of the payload. `invalid_input` with a description if the column exists already or its
    /// name exceeds the limits.
    result<void> add(std::string_view name, std::size_t column);
    [[nodiscard]] bool empty() const noexcept { return nodes_.size() == 1; }

    using append_value = std::function<void(std::string& out, std::string_view cell)>;
    /// Appends a row's payload as compact JSON. Empty cells are left out; before later elements of an array
    /// they become null. `invalid_input` if a member has both a value and fields.
    result<void> append(std::string& out, std::span<const std::string> cells,
                        const append_value& value) const;

private:
    /// A value if it has a column, an object if it has members, an array if it has elements. A row may use
    /// only one of the three.
    struct node {
        std::string token; ///< of a member: its name as JSON string; of an element: empty
        std::size_t index = 0;
        std::optional<std::size_t> column{};
        std::vector<std::size_t> members{};
        std::vector<std::size_t> elements{}; ///< sorted by index
    };

    /// The node of that member or element of `parent`. Creates it if necessary.
    std::size_t child(std::size_t parent, std::string token, std::optional<std::size_t> index);
    /// Returns false if all cells of the node are empty.
    result<bool> append(std::string& out, const node& at, std::span<const std::string> cells,
                        const append_value& value) const;

    std::vector<node> nodes_{node{}}; ///< the first node is the payload itself
};

} // namespace breakwater::telemetry
