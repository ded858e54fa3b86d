#pragma once

#include <filesystem>

namespace breakwater::app {

/// Copies a consistent state of the database into a new file; a server may be running. Returns the exit code.
int back_up(const std::filesystem::path& target);

/// Loads a backup into the empty PostgreSQL database of the configuration. Returns the exit code.
int restore(const std::filesystem::path& backup);

} // namespace breakwater::app
