#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace breakwater::app {

enum class export_format : std::uint8_t { csv, ndjson };

struct export_options {
    std::vector<std::string> devices; ///< ids
    bool all = false;                 ///< every device instead
    std::string since;                ///< RFC 3339, inclusive; empty: from the first reading on
    std::string until;                ///< the same; empty: to now
    std::string after; ///< DEVICE/RECEIVED_AT/ID of the last line of an export that was cut off
    bool include_simulated = false;
    export_format format = export_format::csv;
    std::string output = "-"; ///< a file, or `-` for standard output
    bool force = false;       ///< overwrites it
};

/// Writes readings, device after device and oldest first, in constant memory. Goes beside a running server.
/// The process's exit code.
int export_readings(const export_options& chosen);

} // namespace breakwater::app
