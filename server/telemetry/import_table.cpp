#include "telemetry/import_table.hpp"

#include "base/json_text.hpp"
#include "base/time.hpp"
#include "telemetry/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace breakwater::telemetry {

namespace {

constexpr std::size_t most_columns = 4096;
constexpr std::size_t deepest = 31; ///< names on the way to a field; the payload itself is one level more

result<std::optional<timestamp>> time_in(std::string_view cell, std::string_view column) {
    if (cell.empty())
        return std::nullopt;
    const auto at = parse_rfc3339(cell);
    if (!at)
        return fail(errc::invalid_input, fmt::format("{} must be an RFC 3339 date and time.", column));
    return at;
}

bool is_json(std::string_view text) {
    return read_json(text).has_value();
}

/// A cell's value as JSON: what spells a number, a boolean, null, an array or an object is that; all else is
/// text.
void append_value(std::string& out, std::string_view cell) {
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

result<import_table> import_table::of(std::span<const std::string> header, std::string_view time_column) {
    if (header.size() > most_columns)
        return fail(errc::invalid_input, fmt::format("There are more than {} columns.", most_columns));
    import_table made;
    made.columns_ = header.size();
    const std::pair<std::string_view, std::optional<std::size_t>*> known[]{
        {time_column, &made.measured_},  {"device_id", &made.device_},  {"received_at", &made.arrived_},
        {"simulated", &made.simulated_}, {"payload_rest", &made.rest_}, {"payload", &made.payload_},
    };
    constexpr std::string_view passed_over[]{"id", "payload_size"};
    for (std::size_t n = 0; n < header.size(); ++n) {
        std::string_view name = header[n];
        if (std::ranges::find(passed_over, name) != std::end(passed_over))
            continue;
        const auto found = std::ranges::find(known, name, [](const auto& each) { return each.first; });
        if (found != std::end(known)) {
            if (found->second->has_value())
                return fail(errc::invalid_input, fmt::format("There are two columns {:?}.", name));
            *found->second = n;
            continue;
        }
        // The export writes a field that is called like one of the columns above so.
        if (constexpr std::string_view prefix = "payload."; name.starts_with(prefix))
            if (const auto bare = name.substr(prefix.size());
                std::ranges::find(passed_over, bare) != std::end(passed_over) || bare == "device_timestamp" ||
                std::ranges::find(known, bare, [](const auto& each) { return each.first; }) !=
                    std::end(known))
                name = bare;
        if (name.starts_with('\'') && starts_a_formula(name.substr(1)))
            name.remove_prefix(1);
        if (auto added = made.add_field(name, n); !added)
            return pass(std::move(added));
    }
    if (made.payload_ && made.nodes_.size() > 1)
        return fail(errc::invalid_input,
                    "There may be a column payload or columns for its fields, not both.");
    if (!made.payload_ && made.nodes_.size() == 1)
        return fail(errc::invalid_input, "There must be a column payload or columns for its fields.");
    if (time_column != "device_timestamp" && !made.measured_)
        return fail(errc::invalid_input, fmt::format("There is no column {:?}.", time_column));
    return made;
}

result<void> import_table::add_field(std::string_view name, std::size_t column) {
    const auto refused = [&](std::string_view why) {
        return fail(errc::invalid_input, fmt::format("The column {:?} {}.", name, why));
    };
    if (name.empty())
        return fail(errc::invalid_input, fmt::format("Column {} has no name.", column + 1));
    std::size_t at = 0;
    for (std::size_t depth = 0, from = 0; from <= name.size(); ++depth) {
        if (depth == deepest)
            return refused("is nested too deeply");
        const std::size_t dot = std::min(name.find('.', from), name.size());
        std::string part;
        append_json_string(part, name.substr(from, dot - from));
        from = dot + 1;
        const auto& members = nodes_[at].members;
        const auto found =
            std::ranges::find_if(members, [&](std::size_t each) { return nodes_[each].name == part; });
        if (found != members.end()) {
            at = *found;
            continue;
        }
        nodes_.push_back({.name = std::move(part), .column = {}, .members = {}});
        nodes_[at].members.push_back(nodes_.size() - 1);
        at = nodes_.size() - 1;
    }
    if (nodes_[at].column)
        return refused("is there twice");
    nodes_[at].column = column;
    return {};
}

result<bool> import_table::append(std::string& out, const node& at,
                                  std::span<const std::string> cells) const {
    const bool is_field = at.column && !cells[*at.column].empty();
    if (is_field)
        append_value(out, cells[*at.column]);
    const std::size_t begin = out.size();
    bool any = false;
    for (const std::size_t each : at.members) {
        const std::size_t before = out.size();
        out += any ? ',' : '{';
        (out += nodes_[each].name) += ':';
        const auto there = append(out, nodes_[each], cells);
        if (!there)
            return there;
        any = any || *there;
        if (!*there)
            out.resize(before);
    }
    if (any && is_field)
        return fail(errc::invalid_input, fmt::format("{} is a value and has fields, too.", at.name));
    if (any)
        out += '}';
    else
        out.resize(begin);
    return any || is_field;
}

result<std::string> import_table::payload_of(std::span<const std::string> cells) const {
    std::string text;
    if (payload_)
        text = cells[*payload_];
    else if (const auto there = append(text, nodes_.front(), cells); !there)
        return std::unexpected(there.error());
    else if (!*there)
        text = "{}";
    return text;
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
    const auto measured = time_in(cell(measured_), "device_timestamp");
    if (!measured)
        return std::unexpected(measured.error());
    out.what.device_timestamp = *measured;
    const auto arrived = time_in(cell(arrived_), "received_at");
    if (!arrived)
        return std::unexpected(arrived.error());
    out.has_arrival = arrived->has_value();
    out.what.received_at = arrived->value_or(timestamp{});
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
