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

constexpr std::size_t most_columns = 4096;

/// `-3.5` where the cell is `-3,5`, with or without an exponent; nothing where it is anything else.
std::optional<std::string> with_decimal_point(std::string_view cell) {
    const std::size_t comma = cell.find(',');
    if (comma == cell.npos || comma == 0 || comma + 1 == cell.size())
        return std::nullopt;
    std::string number{cell};
    number[comma] = '.';
    const bool plain =
        number.find_first_not_of("0123456789.eE+-") == number.npos && std::ranges::count(number, '.') == 1;
    return plain && read_json(number) ? std::optional{std::move(number)} : std::nullopt;
}

bool is_json(std::string_view text) {
    return read_json(text).has_value();
}

/// A cell's value as JSON: what spells a number, a boolean, null, an array or an object is that; all else is
/// text.
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
        cell.remove_prefix(1); // the export put it there
    append_json_string(out, cell);
}

} // namespace

result<import_table> import_table::of(std::span<const std::string> header, table_style style) {
    if (header.size() > most_columns)
        return fail(errc::invalid_input, fmt::format("There are more than {} columns.", most_columns));
    import_table made;
    made.columns_ = header.size();
    std::optional<std::size_t> date;
    std::optional<std::size_t> time_of_day;
    std::vector<std::pair<std::string_view, std::optional<std::size_t>*>> known{
        {"device_id", &made.device_},  {"received_at", &made.arrived_}, {"simulated", &made.simulated_},
        {"payload_rest", &made.rest_}, {"payload", &made.payload_},     {"message_id", &made.message_},
        {style.time_columns[0], &date}};
    if (style.time_columns.size() > 1)
        known.emplace_back(style.time_columns[1], &time_of_day);
    constexpr std::string_view passed_over[]{"id", "payload_size"};
    const bool is_ours = std::ranges::find(header, "payload_size") != header.end();
    for (std::size_t n = 0; n < header.size(); ++n) {
        std::string_view name = header[n];
        if (std::ranges::find(passed_over, name) != std::end(passed_over))
            continue;
        const auto found = std::ranges::find(known, name, [](const auto& each) { return each.first; });
        if (found != known.end()) {
            if (found->second->has_value())
                return fail(errc::invalid_input, fmt::format("There are two columns {:?}.", name));
            *found->second = n;
            continue;
        }
        if (name.starts_with('\'') && starts_a_formula(name.substr(1)))
            name.remove_prefix(1);
        if (name.empty())
            return fail(errc::invalid_input, fmt::format("Column {} has no name.", n + 1));
        if (auto added = made.fields_.add(field_of_column(name), n); !added)
            return pass(std::move(added));
    }
    if (made.payload_ && !made.fields_.empty())
        return fail(errc::invalid_input,
                    "There may be a column payload or columns for its fields, not both.");
    if (!made.payload_ && made.fields_.empty() && !is_ours)
        return fail(errc::invalid_input, "There must be a column payload or columns for its fields.");
    if (!date && style.time_columns[0] != "device_timestamp")
        return fail(errc::invalid_input, fmt::format("There is no column {:?}.", style.time_columns[0]));
    if (!time_of_day && style.time_columns.size() > 1)
        return fail(errc::invalid_input, fmt::format("There is no column {:?}.", style.time_columns[1]));
    for (const auto& column : {date, time_of_day})
        if (column)
            made.measured_.push_back(*column);
    made.style_ = std::move(style);
    return made;
}

result<std::string> import_table::payload_of(std::span<const std::string> cells) const {
    std::string text;
    if (payload_)
        text = cells[*payload_];
    else if (auto there = fields_.append(text, cells,
                                         [this](std::string& out, std::string_view cell) {
                                             append_value(out, cell, style_.decimal_comma);
                                         });
             !there)
        return pass(std::move(there));
    return text;
}

result<std::optional<timestamp>> import_table::measured_at(std::span<const std::string> cells) const {
    std::string text;
    for (const std::size_t column : measured_)
        if (!cells[column].empty())
            (text += text.empty() ? "" : " ") += cells[column];
    if (text.empty())
        return std::nullopt;
    if (std::ranges::any_of(measured_, [&](std::size_t column) { return cells[column].empty(); }))
        return fail(errc::invalid_input,
                    fmt::format("Of {} one is empty.", fmt::join(style_.time_columns, " and ")));
    const auto at = style_.times.read(text);
    if (!at)
        return fail(errc::invalid_input, fmt::format("{:?} is no time of the kind expected in {}.", text,
                                                     fmt::join(style_.time_columns, " and ")));
    return at;
}

result<import_row> import_table::read(std::span<const std::string> cells) const {
    if (cells.size() != columns_)
        return fail(errc::invalid_input,
                    fmt::format("There are {} columns instead of {}.", cells.size(), columns_));
    const auto cell = [&](const std::optional<std::size_t>& column) -> std::string_view {
        return column ? std::string_view{cells[*column]} : std::string_view{};
    };
    if (!cell(rest_).empty())
        return fail(errc::invalid_input,
                    "payload_rest can't be read back; an export as NDJSON has all of the payload.");
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
    out.what.payload = std::move(checked->text);
    const auto measured = measured_at(cells);
    if (!measured)
        return std::unexpected(measured.error());
    out.what.device_timestamp = *measured;
    if (const std::string_view arrived = cell(arrived_); !arrived.empty()) {
        const auto at = parse_lenient_time(arrived);
        if (!at)
            return fail(errc::invalid_input, "received_at must be an RFC 3339 date and time.");
        out.has_arrival = true;
        out.what.received_at = *at;
    }
    out.what.message_id = cell(message_);
    if (auto checked_id = check_message_id(out.what.message_id); !checked_id)
        return pass(std::move(checked_id));
    const std::string_view simulated = cell(simulated_);
    if (!simulated.empty() && simulated != "true" && simulated != "false")
        return fail(errc::invalid_input, "simulated must be true or false.");
    out.what.simulated = simulated == "true";
    if (const std::string_view device = cell(device_); !device.empty()) {
        const auto id = uuid::parse(device);
        if (!id)
            return fail(errc::invalid_input, "device_id must be a UUID.");
        out.what.device_id = *id;
        out.has_device = true;
    }
    return out;
}

} // namespace breakwater::telemetry
