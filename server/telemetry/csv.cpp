#include "telemetry/csv.hpp"

#include "base/byte_set.hpp"
#include "base/time.hpp"
#include "telemetry/payload_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace breakwater::telemetry {

namespace {

using std::string_view_literals::operator""sv;

constexpr std::array fixed_columns{"id"sv,          "device_id"sv, "device_timestamp"sv,
                                   "received_at"sv, "simulated"sv, "payload_size"sv};
constexpr std::string_view rest_column = "payload_rest";
constexpr std::string_view payload_prefix = "payload.";

void append_number(std::string& out, std::int64_t value) {
    std::array<char, 20> digits{};
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

void append_value(std::string& out, json_kind kind, std::string_view value) {
    switch (kind) {
    case json_kind::null: break;
    case json_kind::string:
        if (value.find('\\') == value.npos)
            append_csv_text(out, value.substr(1, value.size() - 2));
        else
            append_csv_text(out, unescape_json_string(value));
        break;
    case json_kind::boolean:
    case json_kind::number: out += value; break; // -3.5 is a number, not a formula
    case json_kind::array:
    case json_kind::object: append_csv_cell(out, value); break;
    }
}

/// Whether a field cannot use its own name as column name.
bool is_reserved(std::string_view name) noexcept {
    while (name.starts_with(payload_prefix))
        name.remove_prefix(payload_prefix.size());
    return name == "payload" || name == "message_id" || name == rest_column ||
           std::ranges::find(fixed_columns, name) != fixed_columns.end();
}

} // namespace

std::string column_of_field(std::string_view name) {
    return is_reserved(name) ? std::string{payload_prefix}.append(name) : std::string{name};
}

std::string_view field_of_column(std::string_view column) noexcept {
    if (column.starts_with(payload_prefix) && is_reserved(column.substr(payload_prefix.size())))
        column.remove_prefix(payload_prefix.size());
    return column;
}

bool starts_a_formula(std::string_view text) noexcept {
    // Spreadsheets also accept the full-width forms.
    constexpr std::array prefixes{"="sv,  "+"sv,      "-"sv,      "@"sv,      "\t"sv,    "\r"sv,
                                  "\n"sv, "\uff1d"sv, "\uff0b"sv, "\uff0d"sv, "\uff20"sv};
    return std::ranges::any_of(prefixes,
                               [text](std::string_view prefix) { return text.starts_with(prefix); });
}

void append_csv_cell(std::string& out, std::string_view text) {
    constexpr byte_set quoted_marks{"\",;\r\n\t"};
    constexpr byte_set replaced_marks{"\"\0"sv};
    const bool is_quoted =
        quoted_marks.find_in(text) != text.npos || text.starts_with(' ') || text.ends_with(' ');
    if (is_quoted)
        out += '"';
    while (!text.empty()) {
        const std::size_t length = std::min(replaced_marks.find_in(text), text.size());
        out += text.substr(0, length);
        if (length == text.size())
            break;
        out += text[length] == '"' ? "\"\"" : "\ufffd";
        text.remove_prefix(length + 1);
    }
    if (is_quoted)
        out += '"';
}

void append_csv_text(std::string& out, std::string_view text) {
    if (starts_a_formula(text))
        append_csv_cell(out, "'" + std::string{text});
    else
        append_csv_cell(out, text);
}

void csv_columns::add_fields(std::string_view payload) {
    const auto add = [this](const payload_field& field) {
        if (has_rest_ || index_.contains(field.name))
            return;
        if (names_.size() >= max_fields_) {
            has_rest_ = true;
        } else {
            index_.emplace(field.name, names_.size());
            names_.emplace_back(field.name);
        }
    };
    for_each_field(payload, add, long_arrays::whole);
}

void csv_columns::append_header(std::string& out) const {
    for (bool first = true; const std::string_view name : fixed_columns) {
        if (!std::exchange(first, false))
            out += ',';
        out += name;
    }
    for (const std::string& name : names_) {
        out += ',';
        append_csv_text(out, column_of_field(name));
    }
    if (has_rest_)
        (out += ',') += rest_column;
    out += "\r\n";
}

bool csv_columns::append_row(std::string& out, const reading& row) {
    cells_.assign(names_.size(), {json_kind::null, {}});
    rest_.clear();
    bool is_complete = true;
    const auto collect = [&](const payload_field& field) {
        if (const auto entry = index_.find(field.name); entry != index_.end()) {
            cells_[entry->second] = {field.kind, field.value};
        } else if (has_rest_) {
            rest_ += rest_.empty() ? '{' : ',';
            append_json_string(rest_, field.name);
            (rest_ += ':') += field.value;
        } else {
            is_complete = false;
        }
    };
    for_each_field(row.payload, collect, long_arrays::whole);
    if (!is_complete)
        return false;
    append_number(out, row.id);
    out += ',';
    row.device_id.append_to(out);
    out += ',';
    if (row.device_timestamp)
        append_rfc3339(out, *row.device_timestamp);
    out += ',';
    append_rfc3339(out, row.received_at);
    out += row.simulated ? ",true," : ",false,";
    append_number(out, static_cast<std::int64_t>(row.payload.size()));
    for (const auto& [kind, value] : cells_) {
        out += ',';
        append_value(out, kind, value);
    }
    if (has_rest_) {
        out += ',';
        if (!rest_.empty())
            append_csv_cell(out, rest_ += '}');
    }
    out += "\r\n";
    return true;
}

} // namespace breakwater::telemetry
