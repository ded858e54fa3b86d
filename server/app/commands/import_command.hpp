#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::app {

/// `by_name`: CSV if the file name ends in .csv, else NDJSON.
enum class import_format : std::uint8_t { by_name, csv, ndjson };

struct import_options {
    std::string file; ///< `-` is standard input
    import_format format = import_format::by_name;
    // For CSV only.
    std::vector<std::string> time_columns; ///< columns of the time of measurement; empty: `device_timestamp`
    std::string time_format;               ///< see `breakwater::time_format`; empty: its default
    std::string time_zone;                 ///< for times without an offset; empty: UTC
    std::optional<char> separator;         ///< empty: detected in the header
    bool decimal_comma = false;
    std::uint64_t skipped_lines = 0; ///< lines before the header
    // For both formats.
    std::string device;  ///< device of the lines that name none; empty: every line must name one
    bool resume = false; ///< continues after the part of the file that was imported before
    bool again = false;  ///< imports the whole file, even if it was imported before
    std::string rejects; ///< a new file for the refused lines; empty: none
};

/// Stores readings with their original times, in the formats of `export` and similar ones: see
/// telemetry/import_line.hpp and import_table.hpp. Invalid lines are refused and reported with their numbers;
/// the others are stored. The digest of the imported beginning identifies a file (decision 0029): without
/// `again`, no part is imported twice. Needs the server stopped. Returns the exit code: `exit_failure` if a
/// line was refused.
int import_readings(const import_options& options);

} // namespace breakwater::app
