#pragma once

#include "base/result.hpp"
#include "base/time_format.hpp"
#include "telemetry/import_line.hpp"
#include "telemetry/payload_tree.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace breakwater::telemetry {

/// How a table differs from the format that `csv_export` writes.
struct table_style {
    /// The names of the columns with the `device_timestamp`: one column, or two: date and time of day.
    std::vector<std::string> time_columns{"device_timestamp"};
    time_format times{};        ///< format of these columns; `parse_lenient_time` reads `received_at`
    bool decimal_comma = false; ///< `-3,5` is a number
};

/// Maps the columns of a CSV file to readings. The columns `received_at`, `device_timestamp`, `device_id`,
/// `simulated` and `message_id` are as in `import_row`. The columns `id` and `payload_size` are ignored. The
/// payload is either in the column `payload`, as a JSON object, or in one column for each payload field. Rows
/// with a value in `payload_rest` are refused. Reads what `csv_export` wrote, with two losses: CSV cannot
/// tell a string from the number with the same text, nor null from an absent field. A table with
/// `payload_size` comes from `csv_export` and may have no field columns.
class import_table {
public:
    /// `invalid_input` with a description if the header is not valid.
    static result<import_table> of(std::span<const std::string> header, table_style style = {});

    /// Parses a row. Fails with `invalid_input` or `malformed` and a description of the error.
    [[nodiscard]] result<import_row> read(std::span<const std::string> cells) const;

private:
    /// Nothing if all time cells are empty.
    [[nodiscard]] result<std::optional<timestamp>> measured_at(std::span<const std::string> cells) const;
    [[nodiscard]] result<std::string> payload_of(std::span<const std::string> cells) const;

    std::size_t column_count_ = 0;
    std::optional<std::size_t> device_column_;
    table_style style_;
    std::vector<std::size_t> time_columns_; ///< one for each of `table_style::time_columns`, or none
    std::optional<std::size_t> arrival_column_;
    std::optional<std::size_t> message_id_column_;
    std::optional<std::size_t> simulated_column_;
    std::optional<std::size_t> payload_column_;
    std::optional<std::size_t> rest_column_;
    payload_tree fields_;
};

} // namespace breakwater::telemetry
