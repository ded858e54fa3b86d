#pragma once

#include <filesystem>

namespace breakwater::app {

/// Copies a consistent state of the database into a new file, beside a running server. The process's exit
/// code.
int back_up(const std::filesystem::path& to);

} // namespace breakwater::app
