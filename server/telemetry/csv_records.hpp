#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace breakwater::telemetry {

/// Takes CSV (RFC 4180) apart into its records. Lines end with LF or CRLF; an empty one is no record; a byte
/// order mark at the beginning is passed over. Memory: one record.
class csv_records {
public:
    static constexpr std::size_t longest_record = std::size_t{2} << 20; ///< bytes

    struct record {
        std::vector<std::string> cells;
        std::string text;       ///< as it stands there, without the end of its last line
        std::uint64_t line = 0; ///< on which it begins, counted from 1
    };

    explicit csv_records(std::istream& from) noexcept : from_{from} {}

    /// The next one; false at the end. `malformed` where a quote is out of place or never closed, `too_large`
    /// where a record has no end within bounds: `into` has its line and text then, and the next call goes on
    /// behind it.
    result<bool> next(record& into);

    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; } ///< read so far

private:
    bool read_line(std::string& line);

    std::istream& from_;
    std::uint64_t bytes_ = 0;
    std::uint64_t lines_ = 0;
};

} // namespace breakwater::telemetry
