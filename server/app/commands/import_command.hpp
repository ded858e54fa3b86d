#pragma once

#include <string>

namespace breakwater::app {

struct import_options {
    std::string file;    ///< lines of JSON; `-` is standard input
    std::string device;  ///< whose readings they are, where the lines don't say; empty: they do
    std::string rejects; ///< a new file for the lines that were refused; empty: none
};

/// Stores readings with the times they bring, as `export --format ndjson` wrote them or others like them. A
/// line that can't be taken is refused and told with its number; the others are stored. Needs the database
/// alone. The process's exit code: a failure where a line was refused.
int import_readings(const import_options& chosen);

} // namespace breakwater::app
