#include "telemetry/import_table.hpp"

#include "base/json_text.hpp"
#include "base/time.hpp"
#include "telemetry/csv.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace breakwater::telemetry {

namespace {

constexpr std::size_t max_columns = 4096;

/// `-3.5` for the cell `-3,5`, with or without an exponent; nothing for any other text.
std::optional<std::string> with_decimal_point(std::string_view cell) {
    const std::size_t comma = cell.find(',');
    if (comma == cell.npos || comma == 0 || comma + 1 == cell.size())
        return std::nullopt;
    std::string number{cell};
    number[comma] = '.';
    const bool is_plain =
        number.find_first_not_of("0123456789.eE+-") == number.npos && std::ranges::count(number, '.') == 1;
    return is_plain && read_json(number) ? std::optional{std::move(number)} : std::nullopt;
}

bool is_json(std::string_view text) {
    return read_json(text).has_value();
}

/// Appends a cell as JSON: text that is a valid number, boolean, null, array or object as that value, any
/// other text as a string.
void append_value(std::string& out, std::string_view cell, bool decimal_comma) {
    if (const auto number = decimal_comma ? with_decimal_point(cell) : std::nullopt) {
        out += *number;
        return;
    }
    const char first = cell.front();
    const bool may_be_json = first == '{' || first == '[' || first == '-' || (first >= '0' && first <= '9') ||
                             cell == "true" || cell == "false" || cell == "null";
    if (may_be_json && is_json(cell)) {
        out += cell;
        return;
    }
    if (first == '\'' && starts_a_formula(cell.substr(1)))
        cell.remove_prefix(1); // added by `append_csv_text`
    append_json_string(out, cell);
}

} // namespace

result<import_table> import_table::of(std::span<const std::string> header, table_style style) {
    if (header.size() > max_columns)
        return fail(errc::invalid_input, fmt::format("There are more than {} columns.", max_columns));
    import_table table;
    table.column_count_ = header.size();
    std::optional<std::size_t> date;
    std::optional<std::size_t> time_of_day;
    std::vector<std::pair<std::string_view, std::optional<std::size_t>*>> columns{
        {"device_id", &table.device_column_},    {"received_at", &table.arrival_column_},
        {"simulated", &table.simulated_column_}, {"payload_rest", &table.rest_column_},
        {"payload", &table.payload_column_},     {"message_id", &table.message_id_column_},
        {style.time_columns[0], &date}};
    if (style.time_columns.size() > 1)
        columns.emplace_back(style.time_columns[1], &time_of_day);
    constexpr std::string_view ignored[]{"id", "payload_size"};
    const bool is_exported = std::ranges::find(header, "payload_size") != header.end();
    for (std::size_t n = 0; n < header.size(); ++n) {
        std::string_view name = header[n];
        if (std::ranges::find(ignored, name) != std::end(ignored))
            continue;
        const auto column = std::ranges::find(columns, name, [](const auto& entry) { return entry.first; });
        if (column != columns.end()) {
            if (column->second->has_value())
                return fail(errc::invalid_input, fmt::format("The column {:?} appears twice.", name));
            *column->second = n;
            continue;
        }
        if (name.starts_with('\'') && starts_a_formula(name.substr(1)))
            name.remove_prefix(1);
        if (name.empty())
            return fail(errc::invalid_input, fmt::format("Column {} has no name.", n + 1));
        if (auto added = table.fields_.add(field_of_column(name), n); !added)
            return pass(std::move(added));
    }
    if (table.payload_column_ && !table.fields_.empty())
        return fail(errc::invalid_input,
                    "Both a payload column and columns for its fields are present; keep one of them.");
    if (!table.payload_column_ && table.fields_.empty() && !is_exported)
        return fail(errc::invalid_input, "A payload column, or columns for its fields, is required.");
    if (!date && style.time_columns[0] != "device_timestamp")
        return fail(errc::invalid_input, fmt::format("There is no column {:?}.", style.time_columns[0]));
    if (!time_of_day && style.time_columns.size() > 1)
        return fail(errc::invalid_input, fmt::format("There is no column {:?}.", style.time_columns[1]));
    for (const auto& column : {date, time_of_day})
        if (column)
            table.time_columns_.push_back(*column);
    table.style_ = std::move(style);
    return table;
}

result<std::string> import_table::payload_of(std::span<const std::string> cells) const {
    std::string text;
    if (payload_column_)
        text = cells[*payload_column_];
    else if (auto appended = fields_.append(text, cells,
                                            [this](std::string& out, std::string_view cell) {
                                                append_value(out, cell, style_.decimal_comma);
                                            });
             !appended)
        return pass(std::move(appended));
    return text;
}

result<std::optional<timestamp>> import_table::measured_at(std::span<const std::string> cells) const {
    std::string text;
    for (const std::size_t column : time_columns_)
        if (!cells[column].empty())
            (text += text.empty() ? "" : " ") += cells[column];
    if (text.empty())
        return std::nullopt;
    if (std::ranges::any_of(time_columns_, [&](std::size_t column) { return cells[column].empty(); }))
        return fail(errc::invalid_input,
                    fmt::format("{}: one of them is empty.", fmt::join(style_.time_columns, " and ")));
    const auto at = style_.times.read(text);
    if (!at)
        return fail(errc::invalid_input, fmt::format("{:?} is not a time in the format expected in {}.", text,
                                                     fmt::join(style_.time_columns, " and ")));
    return at;
}

result<import_row> import_table::read(std::span<const std::string> cells) const {
    if (cells.size() != column_count_)
        return fail(errc::invalid_input,
                    fmt::format("The row has {} cells instead of {}.", cells.size(), column_count_));
    const auto cell = [&](const std::optional<std::size_t>& column) -> std::string_view {
        return column ? std::string_view{cells[*column]} : std::string_view{};
    };
    if (!cell(rest_column_).empty())
        return fail(errc::invalid_input,
                    "payload_rest can't be imported; an export as NDJSON has the whole payload.");
    const auto payload = payload_of(cells);
    if (!payload)
        return std::unexpected(payload.error());
    auto checked = read_json(*payload);
    if (!checked)
        return fail(errc::malformed, "The payload: " + checked.error().detail);
    if (checked->kind != json_kind::object)
        return fail(errc::invalid_input, "payload must be a JSON object.");
    if (checked->text.size() > max_import_payload)
        return fail(errc::invalid_input, fmt::format("payload has more than {} bytes.", max_import_payload));
    import_row out;
    out.reading.payload = std::move(checked->text);
    const auto measured = measured_at(cells);
    if (!measured)
        return std::unexpected(measured.error());
    out.reading.device_timestamp = *measured;
    if (const std::string_view arrived = cell(arrival_column_); !arrived.empty()) {
        const auto at = parse_lenient_time(arrived);
        if (!at)
            return fail(errc::invalid_input, "received_at must be an RFC 3339 date and time.");
        out.has_arrival = true;
        out.reading.received_at = *at;
    }
    out.reading.message_id = cell(message_id_column_);
    if (auto checked_id = check_message_id(out.reading.message_id); !checked_id)
        return pass(std::move(checked_id));
    const std::string_view simulated = cell(simulated_column_);
    if (!simulated.empty() && simulated != "true" && simulated != "false")
        return fail(errc::invalid_input, "simulated must be true or false.");
    out.reading.simulated = simulated == "true";
    if (const std::string_view device = cell(device_column_); !device.empty()) {
        const auto id = uuid::parse(device);
        if (!id)
            return fail(errc::invalid_input, "device_id must be a UUID.");
        out.reading.device_id = *id;
        out.has_device = true;
    }
    return out;
}

} // namespace breakwater::telemetry
