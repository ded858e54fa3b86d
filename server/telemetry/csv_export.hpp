#pragma once

#include "base/result.hpp"
#include "telemetry/csv.hpp"
#include "telemetry/reading_range.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace breakwater::telemetry {

/// Exports readings as CSV (RFC 4180, UTF-8, one header line) piece by piece, in memory that does not grow
/// with the range. The header lists all columns, so the range is read twice: once for the columns, once for
/// the rows. Readings stored after the first pass are left out. One thread at a time.
class csv_export {
public:
    explicit csv_export(page_source source, std::size_t max_fields = 512)
        : source_{std::move(source)}, columns_{max_fields} {}
    csv_export(const csv_export&) = delete;
    csv_export& operator=(const csv_export&) = delete;

    /// Maximum number of rows that one call scans for columns.
    static constexpr std::size_t max_rows_scanned = 10'000;

    /// Appends the next piece, about 64 KiB, to `out`. At the end, returns false and appends nothing. While
    /// the export collects the columns of a long range, pieces are empty (true, nothing appended), so that no
    /// call takes long. Fails with the source's errors. Blocks as long as the source does.
    result<bool> next(std::string& out);
    /// Rows written so far.
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

private:
    /// Returns true once every row was scanned.
    result<bool> collect_columns();

    const page_source source_;
    csv_columns columns_;
    bool has_columns_ = false;
    reading_range range_{source_}; ///< of the first pass, then of the second pass
    reading_id newest_ = 0;        ///< highest id of the first pass; higher ids were stored later
    std::int64_t rows_ = 0;
};

} // namespace breakwater::telemetry
