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

/// Appends a cell in the format of RFC 4180, quoted if necessary. NUL, which breaks many CSV readers, becomes
/// U+FFFD.
void append_csv_cell(std::string& out, std::string_view text);
/// Whether a spreadsheet would evaluate this text as a formula.
[[nodiscard]] bool starts_a_formula(std::string_view text) noexcept;
/// `append_csv_cell` for untrusted text: prefixes a single quote if a spreadsheet would evaluate the text as
/// a formula (OWASP, CSV Injection).
void append_csv_text(std::string& out, std::string_view text);

/// The column name for a payload field: the field's name, unless it is a column of the reading itself (`id`).
/// Those names, and names that consist of `payload.` and such a name, get the prefix `payload.`.
[[nodiscard]] std::string column_of_field(std::string_view name);
/// The inverse of `column_of_field`.
[[nodiscard]] std::string_view field_of_column(std::string_view column) noexcept;

/// The columns of a table of readings: six fixed columns, then one for each payload field in the order of
/// first appearance, named according to domain/field_name.hpp. An array with more values than names is one
/// column with JSON. Fields past `max_fields` share the last column, `payload_rest`, as JSON. Memory depends
/// on the number of columns, not of rows.
class csv_columns {
public:
    explicit csv_columns(std::size_t max_fields = 512) : max_fields_{max_fields} {}

    /// Adds a column for every new field of the payload, which is compact JSON.
    void add_fields(std::string_view payload);

    void append_header(std::string& out) const;
    /// Appends a row: strings without JSON quotes, null as an empty cell. Returns false and appends nothing
    /// if the payload has a field without a column and there is no `payload_rest`.
    [[nodiscard]] bool append_row(std::string& out, const reading& row);

    [[nodiscard]] std::size_t fields() const noexcept { return names_.size(); }

private:
    struct name_hash : std::hash<std::string_view> {
        using is_transparent = void;
    };

    std::size_t max_fields_;
    std::unordered_map<std::string, std::size_t, name_hash, std::equal_to<>> index_; ///< into `names_`
    std::vector<std::string> names_;
    bool has_rest_ = false;
    std::vector<std::pair<json_kind, std::string_view>> cells_; ///< of the current row
    std::string rest_;
};

} // namespace breakwater::telemetry
