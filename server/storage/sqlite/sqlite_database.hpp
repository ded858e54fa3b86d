#pragma once

#include "base/clock.hpp"
#include "storage/database.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace breakwater::storage::sqlite {

struct options {
    std::filesystem::path file; ///< created with its folder if missing (mode 0600 / 0700)
    /// Connections for reading, opened when first needed; further readers wait. As many as there are threads
    /// that read, so that no class of work waits for another.
    std::size_t readers = 24;
    std::size_t max_queued_writes = 8192;
    std::size_t max_group = 512;            ///< units of work in one commit
    std::size_t max_buffered = 4'000'000;   ///< uncompacted readings; above it `append` is `overloaded`
    std::size_t min_free_bytes = 16U << 20; ///< free disk space that `check` requires
    /// Compacts readings in the background as they arrive; otherwise only in `compact`. False for tests.
    bool background_compaction = true;
    /// For a command that runs beside a server: takes no lock and changes no file. The database must have all
    /// migrations; every write fails with `bad_state`.
    bool read_only = false;

    const clock* time = nullptr; ///< null: the system clock. Must outlive the database

    /// Receives each security event after its commit, in order, on the writer's thread. Must not block.
    std::function<void(const security_event&)> on_recorded{};

    std::string vfs{}; ///< SQLite VFS to use; empty: the default. For tests with failing disks
};

/// Opens the file (WAL, synchronous=FULL, foreign keys on), applies the missing migrations, each in a
/// transaction of its own, and starts the writer. `storage_unavailable` with the reason if the file can't be
/// opened, a running server has locked it, it comes from a newer version, or its migrations differ from ours.
/// `invalid_input` if it isn't a Breakwater database.
result<std::unique_ptr<database>> open(const options& settings);

} // namespace breakwater::storage::sqlite
