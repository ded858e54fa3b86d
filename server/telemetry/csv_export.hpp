#pragma once

#include "base/result.hpp"
#include "telemetry/csv.hpp"
#include "telemetry/reading_range.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace breakwater::telemetry {

/// Readings as CSV (RFC 4180, UTF-8, one header line), made piece by piece in memory that doesn't grow with
/// the range. A CSV names its columns first, so the range is read twice: once for the names, once for the
/// rows. What is stored in between is left out. One thread at a time.
class csv_export {
public:
    explicit csv_export(page_source source, std::size_t max_fields = 512)
        : source_{std::move(source)}, columns_{max_fields} {}
    csv_export(const csv_export&) = delete;
    csv_export& operator=(const csv_export&) = delete;

    /// Rows that one call looks through at most while it collects the columns.
    static constexpr std::size_t rows_learnt_at_once = 10'000;

    /// Appends the next piece, about 64 KiB, to `out`; false, with nothing appended, at the end. While the
    /// columns of a long range are collected the pieces are empty, so that no call takes long. Fails with the
    /// source's errors. Blocks as long as the source does.
    result<bool> next(std::string& out);
    /// Rows written so far.
    [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }

private:
    /// True once every row was looked at.
    result<bool> learn_columns();

    const page_source source_;
    csv_columns columns_;
    bool learnt_ = false;
    reading_range range_{source_}; ///< of the first pass, then of the second
    reading_id newest_ = 0;        ///< what has a higher id was stored after the columns were known
    std::int64_t rows_ = 0;
};

} // namespace breakwater::telemetry
