#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace breakwater::app {

enum class export_format : std::uint8_t { csv, ndjson };

struct export_options {
    std::vector<std::string> devices; ///< ids
    bool all = false;                 ///< all devices instead
    std::string since;                ///< RFC 3339, inclusive; empty: from the first reading
    std::string until;                ///< RFC 3339; empty: now
    std::string after;                ///< DEVICE/RECEIVED_AT/ID of the last line of an interrupted export
    bool include_simulated = false;
    export_format format = export_format::csv;
    std::string output = "-"; ///< a file, or `-` for standard output
    bool force = false;       ///< overwrites an existing file
};

/// Writes readings by device, the oldest first, in constant memory. A server may be running. Returns the exit
/// code.
int export_readings(const export_options& options);

} // namespace breakwater::app
