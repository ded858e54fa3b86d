#pragma once

#include "app/config.hpp"
#include "base/clock.hpp"
#include "storage/database.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace breakwater::app {

struct database_options {
    /// Nothing can be changed, and a server may be running.
    bool read_only = false;
    const clock* time = nullptr; ///< null: the system clock. Must outlive the database
    /// Receives each security event after its commit, in order. Must not block.
    std::function<void(const security_event&)> on_recorded{};
};

/// Opens the database at `url`, which may be another one than that of `settings`. `settings` has what is
/// configured about databases otherwise. Errors: as `open` of the backends.
[[nodiscard]] result<std::unique_ptr<storage::database>>
open_database(const database_url& url, const config& settings, database_options options);

/// Loads a backup into the empty database of `settings`. `bad_state` if it isn't empty, or is in a SQLite
/// file: a backup of such a file is a database itself. Other errors: as `storage::postgres::restore_backup`.
[[nodiscard]] result<void> restore_database(const config& settings, const std::filesystem::path& backup);

} // namespace breakwater::app
