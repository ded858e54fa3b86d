#pragma once

#include "base/json_text.hpp"
#include "domain/reading.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::telemetry {

/// Appends a cell of RFC 4180: in quotes where it holds what would end it. NUL, which readers of CSV trip
/// over, becomes U+FFFD.
void append_csv_cell(std::string& out, std::string_view text);
/// Whether a spreadsheet would run this text as a formula.
[[nodiscard]] bool starts_a_formula(std::string_view text) noexcept;
/// The same as `append_csv_cell` for text that somebody else chose: where a spreadsheet would run it as a
/// formula, a single quote goes before it (OWASP, CSV Injection).
void append_csv_text(std::string& out, std::string_view text);

/// A field's column: that is called like it, unless that is a column of the reading itself (`id`). Then
/// `payload.` goes before it, and so before what would be called like that.
[[nodiscard]] std::string column_of_field(std::string_view name);
[[nodiscard]] std::string_view field_of_column(std::string_view column) noexcept;

/// The columns of readings as a table: six that each has, then one for each field of the payloads in the
/// order they are first seen, named as domain/field_name.hpp has it. An array that has more values than names
/// is one column, as JSON. Past `max_fields` columns the rest share the last one, `payload_rest`, as JSON.
/// Memory depends on the columns, not on the rows.
class csv_columns {
public:
    explicit csv_columns(std::size_t max_fields = 512) : max_fields_{max_fields} {}

    /// Makes sure that every field of the payload (compact JSON) has a column.
    void learn(std::string_view payload);

    void append_header(std::string& out) const;
    /// Strings without quotes, null as nothing. False, and nothing appended, where the payload has a field
    /// that was never learnt and no `payload_rest` takes it.
    [[nodiscard]] bool append_row(std::string& out, const reading& row);

    [[nodiscard]] std::size_t fields() const noexcept { return names_.size(); }

private:
    struct name_hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    std::size_t max_fields_;
    std::unordered_map<std::string, std::size_t, name_hash, std::equal_to<>> index_; ///< by name
    std::vector<std::string> names_;
    bool has_rest_ = false;
    std::vector<std::pair<json_kind, std::string_view>> cells_; ///< of the row being written
    std::string rest_;
};

} // namespace breakwater::telemetry
