#pragma once

#include "storage/backup_source.hpp"
#include "storage/sqlite/connection.hpp"

#include <filesystem>

namespace breakwater::storage::sqlite {

/// Implements `backup_source::backup` with a connection of its own.
result<void> copy_database(const connection::settings& source, const std::filesystem::path& target,
                           backup_source::progress report);

} // namespace breakwater::storage::sqlite
