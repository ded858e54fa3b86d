#pragma once

#include "base/result.hpp"
#include "telemetry/import_line.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::telemetry {

/// The columns of a CSV file with readings, as its first line names them: `received_at`, `device_timestamp`,
/// `device_id` and `simulated` as in `import_row`; `id` and `payload_size`, passed over; and either
/// `payload`, a JSON object, or a column for each of its fields, named by the names on its way joined by
/// dots, with `payload_rest` for what had no column of its own (a row that needs it is refused). What
/// `csv_export` wrote is read back, except that a CSV doesn't tell a text from the number it spells, null
/// from nothing, nor a dot in a name from one between names.
class import_table {
public:
    /// `time_column` is the one to take for `device_timestamp`, where it has another name. `invalid_input`
    /// with a sentence where the header doesn't make sense.
    static result<import_table> of(std::span<const std::string> header, std::string_view time_column);

    /// `invalid_input` or `malformed` with a sentence that says what is wrong with the row.
    [[nodiscard]] result<import_row> read(std::span<const std::string> cells) const;

private:
    /// A name of the payload's tree: a field where it has a column, an object where it has members.
    struct node {
        std::string name; ///< a JSON string with its quotes
        std::optional<std::size_t> column;
        std::vector<std::size_t> members;
    };

    result<void> add_field(std::string_view name, std::size_t column);
    /// Appends the node's value; false where nothing is there. `invalid_input` where it is both a field and
    /// an object.
    result<bool> append(std::string& out, const node& at, std::span<const std::string> cells) const;
    [[nodiscard]] result<std::string> payload_of(std::span<const std::string> cells) const;

    std::size_t columns_ = 0;
    std::optional<std::size_t> device_;
    std::optional<std::size_t> measured_;
    std::optional<std::size_t> arrived_;
    std::optional<std::size_t> simulated_;
    std::optional<std::size_t> payload_;
    std::optional<std::size_t> rest_;
    std::vector<node> nodes_{node{}}; ///< the first is the payload itself
};

} // namespace breakwater::telemetry
