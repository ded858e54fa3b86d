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
    std::filesystem::path file; ///< made, with its folder, where missing (mode 0600 / 0700)
    /// Connections for reading, made when first needed; a further reader waits for one. As many as there are
    /// threads that read, so that no class of work waits for another's.
    std::size_t readers = 24;
    std::size_t max_queued_writes = 8192;
    std::size_t max_group = 512;            ///< units of work in one commit
    std::size_t max_hot = 4'000'000;        ///< readings that wait to be compacted; past it: `overloaded`
    std::size_t min_free_bytes = 16U << 20; ///< `check` wants this much room on the disk
    /// Whether readings are compacted as they come in; else only `compact` does it. For tests.
    bool compacts_by_itself = true;
    /// For a command beside a running server: takes no lock, makes and changes nothing, and needs a database
    /// that has all migrations; every write is `bad_state`.
    bool read_only = false;

    const clock* time = nullptr; ///< null: the machine's; outlives the database

    /// Hears of every security event once it is durable, in order; on the writer's thread, which it must not
    /// hold up.
    std::function<void(const security_event&)> on_recorded{};

    std::string vfs{}; ///< the SQLite VFS to go through; empty: the system's. For tests of failing disks
};

/// Opens the file (WAL, synchronous=FULL, foreign keys on), applies the migrations it lacks, each in a
/// transaction of its own, and starts the writer. `storage_unavailable` with the reason where the file can't
/// be opened, is held by a server that runs already, comes from a newer version, or fails its check.
result<std::unique_ptr<database>> open(const options& chosen);

} // namespace breakwater::storage::sqlite
