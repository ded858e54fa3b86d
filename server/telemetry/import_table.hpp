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

/// How a table from elsewhere differs from what `csv_export` writes.
struct table_style {
    /// The columns to take for `device_timestamp`, where they have other names: one, or one with the date and
    /// one with the time of day.
    std::vector<std::string> time_columns{"device_timestamp"};
    time_format times{};        ///< of these columns; `received_at` is what `parse_lenient_time` takes
    bool decimal_comma = false; ///< `-3,5` is a number
};

/// The columns of a CSV file with readings, as its first line names them: `received_at`, `device_timestamp`,
/// `device_id`, `simulated` and `message_id` as in `import_row`; `id` and `payload_size`, passed over; and
/// either `payload`, a JSON object, or a column for each of its fields, with `payload_rest` for what had no
/// column of its own (a row that needs it is refused). What `csv_export` wrote is read back, except that a
/// CSV doesn't tell a text from the number it spells, nor null from nothing. A table with `payload_size` is
/// one of ours: it may have no fields at all.
class import_table {
public:
    /// `invalid_input` with a sentence where the header doesn't make sense.
    static result<import_table> of(std::span<const std::string> header, table_style style = {});

    /// `invalid_input` or `malformed` with a sentence that says what is wrong with the row.
    [[nodiscard]] result<import_row> read(std::span<const std::string> cells) const;

private:
    /// Nothing where the cells of the time are empty.
    [[nodiscard]] result<std::optional<timestamp>> measured_at(std::span<const std::string> cells) const;
    [[nodiscard]] result<std::string> payload_of(std::span<const std::string> cells) const;

    std::size_t columns_ = 0;
    std::optional<std::size_t> device_;
    table_style style_;
    std::vector<std::size_t> measured_; ///< one for each of the style's, or none
    std::optional<std::size_t> arrived_;
    std::optional<std::size_t> message_;
    std::optional<std::size_t> simulated_;
    std::optional<std::size_t> payload_;
    std::optional<std::size_t> rest_;
    payload_tree fields_;
};

} // namespace breakwater::telemetry
