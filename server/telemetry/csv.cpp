#include "telemetry/csv.hpp"

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
    case json_kind::number: out += value; break; // a number stays one, -3.5 too
    case json_kind::array:
    case json_kind::object: append_csv_cell(out, value); break;
    }
}

} // namespace

bool starts_a_formula(std::string_view text) noexcept {
    // The full-width forms are taken for formulas, too.
    constexpr std::array starts{"="sv,  "+"sv,      "-"sv,      "@"sv,      "\t"sv,    "\r"sv,
                                "\n"sv, "\uff1d"sv, "\uff0b"sv, "\uff0d"sv, "\uff20"sv};
    return std::ranges::any_of(starts, [text](std::string_view start) { return text.starts_with(start); });
}

void append_csv_cell(std::string& out, std::string_view text) {
    const bool in_quotes =
        text.find_first_of("\",;\r\n\t") != text.npos || text.starts_with(' ') || text.ends_with(' ');
    if (in_quotes)
        out += '"';
    while (!text.empty()) {
        const std::size_t plain = std::min(text.find_first_of("\"\0"sv), text.size());
        out += text.substr(0, plain);
        if (plain == text.size())
            break;
        out += text[plain] == '"' ? "\"\"" : "\ufffd";
        text.remove_prefix(plain + 1);
    }
    if (in_quotes)
        out += '"';
}

void append_csv_text(std::string& out, std::string_view text) {
    if (starts_a_formula(text))
        append_csv_cell(out, "'" + std::string{text});
    else
        append_csv_cell(out, text);
}

void csv_columns::learn(std::string_view payload) {
    for_each_field(payload, [this](const payload_field& field) {
        if (has_rest_ || index_.contains(field.path))
            return;
        if (names_.size() >= max_fields_)
            has_rest_ = true;
        else
            add(field.path);
    });
}

void csv_columns::add(std::string_view path) {
    if (taken_.empty()) {
        for (const std::string_view fixed : fixed_columns)
            taken_.emplace(fixed);
        taken_.emplace(rest_column);
    }
    std::string name = dotted_name(path);
    if (taken_.contains(name))
        name.insert(0, "payload.");
    const std::size_t length = name.size();
    for (int n = 2; !taken_.insert(name).second; ++n)
        name.replace(length, name.npos, "#" + std::to_string(n));
    index_.emplace(path, names_.size());
    names_.push_back(std::move(name));
}

void csv_columns::append_header(std::string& out) const {
    for (bool first = true; const std::string_view name : fixed_columns) {
        if (!std::exchange(first, false))
            out += ',';
        out += name;
    }
    for (const std::string& name : names_) {
        out += ',';
        append_csv_text(out, name);
    }
    if (has_rest_)
        (out += ',') += rest_column;
    out += "\r\n";
}

bool csv_columns::append_row(std::string& out, const reading& row) {
    cells_.assign(names_.size(), {json_kind::null, {}});
    rest_.clear();
    bool known = true;
    for_each_field(row.payload, [&](const payload_field& field) {
        if (const auto found = index_.find(field.path); found != index_.end()) {
            cells_[found->second] = {field.kind, field.value};
        } else if (has_rest_) {
            rest_ += rest_.empty() ? '{' : ',';
            append_json_string(rest_, dotted_name(field.path));
            (rest_ += ':') += field.value;
        } else {
            known = false;
        }
    });
    if (!known)
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
