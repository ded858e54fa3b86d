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

/// Detects the separator from the first line: whichever of `,`, `;` and tab occurs most often outside quotes;
/// `,` if none does.
[[nodiscard]] char separator_of(std::string_view header) noexcept;

/// Splits CSV (RFC 4180, UTF-8) into records. Lines end with LF, CRLF or CR. Skips empty lines and a byte
/// order mark at the start. Keeps one record in memory.
class csv_records {
public:
    static constexpr std::size_t max_record_size = std::size_t{2} << 20; ///< bytes

    struct record {
        std::vector<std::string> cells;
        std::string text;          ///< as in the file, without the last line ending
        std::uint64_t line = 0;    ///< on which it starts, counted from 1
        bool is_terminated = true; ///< has a line ending; false for a last line that may still grow
    };

    /// Without `separator`, it is detected from the first record (`separator_of`).
    explicit csv_records(std::istream& input, std::optional<char> separator = ',') noexcept
        : input_{input}, separator_{separator} {}

    /// Skips that many lines, whatever their content.
    void skip(std::uint64_t lines);
    /// Call after the stream was moved to a position with that many bytes and lines before it.
    void resume_at(std::uint64_t bytes, std::uint64_t lines) noexcept {
        bytes_ = bytes;
        lines_ = lines;
    }

    /// Reads the next record; false at the end. `malformed` if a quote is misplaced or never closed, or if
    /// the text is not UTF-8; `too_large` if a record exceeds `max_record_size`. After an error `out` has the
    /// record's line and text, and the next call continues after that record.
    result<bool> next(record& out);

    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; } ///< read so far
    [[nodiscard]] std::uint64_t lines() const noexcept { return lines_; } ///< read so far

private:
    /// Returns the line ending, as `read_bounded_line` does.
    std::optional<std::string_view> read_line(std::string& line);
    void skip_quoted_text();

    std::istream& input_;
    std::optional<char> separator_;
    std::uint64_t bytes_ = 0;
    std::uint64_t lines_ = 0;
};

} // namespace breakwater::telemetry
