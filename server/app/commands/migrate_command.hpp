#pragma once

#include <string>

namespace breakwater::app {

struct migrate_options {
    std::string from;           ///< URL of the database to copy
    std::string to;             ///< URL of an empty database, or of one with an interrupted migration
    bool leave_damaged = false; ///< copies everything but readings that can't be read
};

/// Copies everything from one database to another, and compares both. No server may run on them. Can be
/// interrupted and started again. Returns the exit code.
int migrate(const migrate_options& options);

} // namespace breakwater::app
