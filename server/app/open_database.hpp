#pragma once

#include "app/config.hpp"
#include "base/clock.hpp"
#include "storage/database.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace breakwater::app {

struct database_options {
    /// Every write fails with `bad_state`, and a server may use the database at the same time. Otherwise no
    /// other process may write to it.
    bool read_only = false;
    const clock* time = nullptr; ///< null: the system clock. Must outlive the database
    /// Receives each security event that this process records, after its commit, in order, on the thread that
    /// writes. Must not block.
    std::function<void(const security_event&)> on_recorded{};
};

/// Opens the database at `url`; ignores DATABASE_URL in `settings`. The other settings of databases come from
/// `settings`. Errors: as `open` of the backends.
[[nodiscard]] result<std::unique_ptr<storage::database>>
open_database(const database_url& url, const config& settings, database_options options);

/// Loads a backup into the empty PostgreSQL database of `settings`. `bad_state` if `settings` has a SQLite
/// file: a backup of such a file is a database itself. Other errors: as `storage::postgres::restore_backup`.
[[nodiscard]] result<void> restore_database(const config& settings, const std::filesystem::path& backup);

} // namespace breakwater::app
