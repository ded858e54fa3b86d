#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::telemetry {

/// What separates the cells of a CSV with this first line: of `,`, `;` and a tab the one that stands most
/// often outside quotes; `,` where none does.
[[nodiscard]] char separator_of(std::string_view header) noexcept;

/// Takes CSV (RFC 4180, UTF-8) apart into its records. Lines end with LF, CRLF or CR; an empty one is no
/// record; a byte order mark at the beginning is passed over. Memory: one record.
class csv_records {
public:
    static constexpr std::size_t longest_record = std::size_t{2} << 20; ///< bytes

    struct record {
        std::vector<std::string> cells;
        std::string text;       ///< as it stands there, without the end of its last line
        std::uint64_t line = 0; ///< on which it begins, counted from 1
        bool ended = true; ///< its last line has an end; false at the end of a file that goes on elsewhere
    };

    /// `separator`: between cells; none: what the first record shows (`separator_of`).
    explicit csv_records(std::istream& from, std::optional<char> separator = ',') noexcept
        : from_{from}, separator_{separator} {}

    /// Passes over so many lines, whatever they hold.
    void skip(std::uint64_t lines);
    /// The stream was moved on to a place that has so many bytes and lines before it.
    void go_on_at(std::uint64_t bytes, std::uint64_t lines) noexcept {
        bytes_ = bytes;
        lines_ = lines;
    }

    /// The next one; false at the end. `malformed` where a quote is out of place or never closed, or where it
    /// isn't UTF-8, `too_large` where a record has no end within bounds: `into` has its line and text then,
    /// and the next call goes on behind it.
    result<bool> next(record& into);

    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; } ///< read so far
    [[nodiscard]] std::uint64_t lines() const noexcept { return lines_; } ///< the same

private:
    /// The line's end, as `read_bounded_line`.
    std::optional<std::string_view> read_line(std::string& line);
    void pass_over_quote();

    std::istream& from_;
    std::optional<char> separator_;
    std::uint64_t bytes_ = 0;
    std::uint64_t lines_ = 0;
};

} // namespace breakwater::telemetry
