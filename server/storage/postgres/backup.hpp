#pragma once

#include "storage/backup_source.hpp"
#include "storage/postgres/connection.hpp"

#include <filesystem>

namespace breakwater::storage::postgres {

/// As `backup_source::backup`. The file contains the rows of all tables, from one snapshot, as COPY writes
/// them in binary; it is independent of the encoding and of the version of the server.
result<void> copy_database(const connection::settings& source, const std::filesystem::path& target,
                           backup_source::progress report);

/// Loads a backup into a database without tables: creates the schema, then all rows in one transaction. Holds
/// the lock of a server meanwhile.
/// `not_found` if the file can't be opened; `bad_state` if the database is not empty; `malformed` if the file
/// is damaged, or comes from another version.
result<void> restore(const connection::settings& target, const std::filesystem::path& file);

} // namespace breakwater::storage::postgres
