#pragma once

#include "storage/sqlite/connection.hpp"

#include <filesystem>
#include <memory>

namespace breakwater::storage::sqlite {

/// `invalid_input` if the file is not empty and its header is not SQLite's. Called first, so that no lock
/// file is created beside such a file, and because SQLite's own error says less.
result<void> refuse_other_files(const std::filesystem::path& file);

/// Opens a read-only connection to a database that has all migrations. Another process may write the database
/// meanwhile. `storage_unavailable` if the file can't be opened.
result<std::unique_ptr<connection>> open_reader(const connection::settings& options);

} // namespace breakwater::storage::sqlite
