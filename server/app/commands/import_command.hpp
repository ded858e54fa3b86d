#pragma once

#include <cstdint>
#include <string>

namespace breakwater::app {

/// `by_name`: CSV where the file's name ends in .csv, else NDJSON.
enum class import_format : std::uint8_t { by_name, csv, ndjson };

struct import_options {
    std::string file; ///< `-` is standard input
    import_format format = import_format::by_name;
    std::string time_column = "device_timestamp"; ///< of a CSV: when it was measured
    std::string device;  ///< whose readings they are, where the lines don't say; empty: they do
    std::string rejects; ///< a new file for the lines that were refused; empty: none
};

/// Stores readings with the times they bring, as `export` wrote them or others like them: see
/// telemetry/import_line.hpp and import_table.hpp. A line that can't be taken is refused and told with its
/// number; the others are stored. Needs the database alone. The process's exit code: a failure where a line
/// was refused.
int import_readings(const import_options& chosen);

} // namespace breakwater::app
