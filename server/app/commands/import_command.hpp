#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::app {

/// `by_name`: CSV where the file's name ends in .csv, else NDJSON.
enum class import_format : std::uint8_t { by_name, csv, ndjson };

struct import_options {
    std::string file; ///< `-` is standard input
    import_format format = import_format::by_name;
    // Of a CSV.
    std::vector<std::string> time_columns; ///< when it was measured; empty: `device_timestamp`
    std::string time_format;               ///< as `breakwater::time_format`; empty: its default
    std::string time_zone;                 ///< of times without an offset; empty: UTC
    std::optional<char> separator;         ///< none: what the header shows
    bool decimal_comma = false;
    std::uint64_t skipped_lines = 0; ///< before the header
    // Of either.
    std::string device;  ///< whose readings they are, where the lines don't say; empty: they do
    bool resume = false; ///< goes on behind what was imported of the file before
    bool again = false;  ///< whatever was imported of it before
    std::string rejects; ///< a new file for the lines that were refused; empty: none
};

/// Stores readings with the times they bring, as `export` wrote them or others like them: see
/// telemetry/import_line.hpp and import_table.hpp. A line that can't be taken is refused and told with its
/// number; the others are stored. A file is known again by the digest of its beginning (decision 0029): what
/// was imported of it before isn't imported twice, unless `again` says so. Needs the database alone. The
/// process's exit code: a failure where a line was refused.
int import_readings(const import_options& chosen);

} // namespace breakwater::app
