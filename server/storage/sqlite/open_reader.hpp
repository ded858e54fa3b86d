#pragma once

#include "storage/sqlite/connection.hpp"

#include <filesystem>
#include <memory>

namespace breakwater::storage::sqlite {

/// Before anything is made beside it, or SQLite gets to say less: `invalid_input` where the header of a file
/// that isn't empty is not SQLite's.
result<void> refuse_other_files(const std::filesystem::path& file);

/// A connection that may only read, to a database that has all migrations, beside whoever writes it.
/// `storage_unavailable` where the file can't be opened.
result<std::unique_ptr<connection>> open_reader(const connection::settings& chosen);

} // namespace breakwater::storage::sqlite
