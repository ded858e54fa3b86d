#pragma once

#include "storage/backup_source.hpp"
#include "storage/postgres/connection.hpp"

#include <filesystem>

namespace breakwater::storage::postgres {

/// As `backup_source::backup`. The file contains the rows of all tables, from one snapshot, as COPY writes
/// them in binary; it is independent of the encoding and of the version of the server.
result<void> copy_database(const connection::settings& source, const std::filesystem::path& target,
                           backup_source::progress report);

/// Loads a backup into a database without tables: creates the schema, then loads all rows in one transaction,
/// during which no server can join. Errors, and what a failure leaves behind: as `restore_backup`.
result<void> restore(const connection::settings& target, const std::filesystem::path& file);

} // namespace breakwater::storage::postgres
