#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/database.hpp"
#include "storage/postgres/node.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace breakwater::storage::postgres {

struct options {
    /// `postgresql://…`, or another connection string of libpq. It may name several hosts: all connections go
    /// to the first that can be written, never to a standby. What it sets about keepalives and timeouts of
    /// TCP replaces the server's defaults.
    ///
    /// Connections to another machine are encrypted (`sslmode=require`), unless the URL sets `sslmode`
    /// itself. `require` doesn't verify who the server is: for this, set `sslmode=verify-full` and
    /// `sslrootcert`.
    std::string url;
    /// Connections for reading, opened when first needed; further readers wait. Up to five more serve the
    /// writer, the compactor, `check`, the beats of this node, and the changes of other nodes.
    std::size_t readers = 16;
    std::size_t max_queued_writes = 8192;
    std::size_t max_group = 512;          ///< units of work in one commit
    std::size_t max_buffered = 4'000'000; ///< uncompacted readings; above it `append` is `overloaded`
    /// Size of the disk that the operator gave to the database; 0: unknown. PostgreSQL doesn't say how much
    /// of it is free.
    std::uint64_t disk_bytes = 0;
    std::size_t min_free_bytes = 16U << 20; ///< free disk space that `check` requires, if `disk_bytes` is set
    /// Compacts readings in the background as they arrive; otherwise only in `compact`. False for tests.
    bool background_compaction = true;
    /// For a command that runs beside servers: writes nothing, and is no node. The database must have all
    /// migrations; every write fails with `bad_state`.
    bool read_only = false;
    /// Fails with `storage_unavailable` while another server uses the database. So a server whose former
    /// process was killed takes all devices over at once.
    bool alone = false;

    std::chrono::milliseconds connect_timeout{2000};     ///< for each host; at least 2 s
    std::chrono::milliseconds statement_timeout{30'000}; ///< for each statement
    /// How long a commit whose connection was lost may wait for its outcome. Later it fails, although it may
    /// have taken place.
    std::chrono::milliseconds doubt_timeout{2000};

    node_details node{};
    std::chrono::milliseconds beat_interval{500}; ///< between two signs of life that other nodes see
    /// A node removes another one whose sign of life stood still during so many of its own beats, and takes
    /// over its devices.
    int beats_until_dead = 6;

    /// Without news of other nodes' changes for so long, `is_stale` is true.
    std::chrono::milliseconds max_change_age{2000};

    const clock* time = nullptr; ///< null: the system clock. Must outlive the database

    /// Receives each security event after its commit, in order, on the writer's thread. Must not block.
    std::function<void(const security_event&)> on_recorded{};
};

/// Connects, applies the missing migrations, each in a transaction of its own, and joins the nodes that use
/// the database. `storage_unavailable` with the reason if the database can't be reached, it comes from a
/// newer version, its migrations differ from ours, or `alone` forbids it. With `read_only` nothing is
/// migrated: `storage_unavailable` if a migration is missing. `overloaded` if 255 nodes use it.
/// `invalid_input` if the URL is wrong, or the database has tables of another program; neither the error nor
/// the log quotes the URL or the password. `random` names this process; used only in this call.
result<std::unique_ptr<database>> open(const options& settings, random_source& random);

/// Loads a backup into the database, which must have no tables: `bad_state` otherwise. `not_found` if the
/// file can't be opened; `malformed` if it is damaged, or comes from another version.
result<void> restore_backup(const options& target, const std::filesystem::path& backup);

} // namespace breakwater::storage::postgres
