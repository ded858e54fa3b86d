#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/file_lock.hpp"

#include <memory>

namespace breakwater::storage::sqlite {

/// A connection that writes, and the lock of its file.
struct locked_database {
    file_lock lock;
    std::unique_ptr<connection> db; ///< destroyed before the lock
};

/// Creates the file (mode 0600) with its folder (0700) if missing, locks it, and opens it with an empty log.
/// Doesn't look at its tables. `storage_unavailable` if it can't be opened or another process has locked it;
/// `invalid_input` if it is not a SQLite file.
result<locked_database> open_writer(const connection::settings& options);

} // namespace breakwater::storage::sqlite
