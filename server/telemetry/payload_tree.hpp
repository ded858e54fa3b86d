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

/// Which column of a table is which value of a payload: puts rows together again that were taken apart.
class payload_tree {
public:
    /// A column that isn't called like a field (domain/field_name.hpp) is one of tables from elsewhere, and
    /// its name is a key as it stands: `Wind [m/s]`. `invalid_input` with a sentence where there is one of
    /// that name, or the name is beyond the bounds.
    result<void> add(std::string_view name, std::size_t column);
    [[nodiscard]] bool empty() const noexcept { return nodes_.size() == 1; }

    using append_value = std::function<void(std::string& out, std::string_view cell)>;
    /// Appends a row's payload as compact JSON. Empty cells are left out, and null before other elements.
    /// `invalid_input` where something is a value and has fields, too.
    result<void> append(std::string& out, std::span<const std::string> cells,
                        const append_value& value) const;

private:
    /// A value where it has a column, an object where it has members, an array where it has elements: of each
    /// row at most one of them.
    struct node {
        std::string token; ///< of a member: its name with its quotes; of an element: nothing
        std::size_t index = 0;
        std::optional<std::size_t> column{};
        std::vector<std::size_t> members{};
        std::vector<std::size_t> elements{}; ///< by their index
    };

    /// The node of that member or element of `parent`, made where there is none.
    std::size_t child(std::size_t parent, std::string token, std::optional<std::size_t> index);
    /// False where nothing is there.
    result<bool> append(std::string& out, const node& at, std::span<const std::string> cells,
                        const append_value& value) const;

    std::vector<node> nodes_{node{}}; ///< the first is the payload itself
};

} // namespace breakwater::telemetry
