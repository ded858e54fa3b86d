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
    /// `postgresql://…`, or another connection string of libpq. It may name several hosts: each connection
    /// goes to the first that accepts writes, never to a standby. Values that the string sets for TCP
    /// (keepalives, timeouts) replace ours.
    ///
    /// Connections to another machine are encrypted (`sslmode=require`), unless the string sets `sslmode`.
    /// `require` doesn't verify who the server is: for this, set `sslmode=verify-full` and `sslrootcert`.
    std::string url;
    /// Connections for reading, opened when first needed. Further readers wait. There are up to six more
    /// connections: of the writer, the compactor, the membership, the change reader and the ownership of
    /// devices, and if `disk_bytes` is set, one of `check`. `backup` opens another one.
    std::size_t readers = 16;
    std::size_t max_queued_writes = 8192;
    std::size_t max_group = 512;          ///< units of work in one commit
    std::size_t max_buffered = 4'000'000; ///< uncompacted readings; above it `append` is `overloaded`
    /// How large the database may become; 0: unknown. PostgreSQL doesn't say how much of its disk is free.
    std::uint64_t disk_bytes = 0;
    std::size_t min_free_bytes = 16U << 20; ///< `check` requires that so much of `disk_bytes` is left
    /// Compacts readings in the background as they arrive; otherwise only in `compact`. False for tests.
    bool background_compaction = true;
    /// For a command that runs beside servers: it is no node, and every write fails with `bad_state`.
    bool read_only = false;
    /// No other server may use the database at the same time: `open` waits up to two seconds for one that
    /// runs, and then fails with `storage_unavailable`. So all nodes in the database have ended, and `open`
    /// removes them. This server can then take over all devices. Ignored in read-only mode.
    bool alone = false;

    std::chrono::milliseconds connect_timeout{2000};     ///< for each host; at least 2 s
    std::chrono::milliseconds statement_timeout{30'000}; ///< for each statement
    /// How long the writer tries to find out the outcome of a commit whose connection was lost. After that
    /// its units of work fail, although the commit may have taken place. The last attempt may take longer.
    std::chrono::milliseconds doubt_timeout{2000};

    node_details node{};
    std::chrono::milliseconds beat_interval{500}; ///< between two beats: signs of life that other nodes see
    /// This node removes another node that shows no beat during so many beats of this node. Any node can then
    /// take over its devices.
    int beats_until_dead = 6;

    /// How long `acquire` waits until the owner of a device has given it up.
    std::chrono::milliseconds max_handover{2000};

    /// `is_stale` is true if the last successful look for changes of other nodes is older.
    std::chrono::milliseconds max_change_age{2000};

    const clock* time = nullptr; ///< null: the system clock. Must outlive the database

    /// Receives each security event after its commit, in order, on the writer's thread. Must not block.
    std::function<void(const security_event&)> on_recorded{};
};

/// Connects, applies the missing migrations, each in a transaction of its own, and joins the nodes that use
/// the database. In read-only mode it only connects, and checks that no migration is missing. Blocks.
///
/// `storage_unavailable`, with the reason:
/// - the database can't be reached, or PostgreSQL is older than 15;
/// - the database comes from a newer version, or its migrations differ from ours;
/// - in read-only mode: the database is empty, or lacks a migration;
/// - a transfer into the database (storage/transfer) is not complete, in both modes;
/// - `alone` forbids it, here or in the other server.
///
/// `overloaded` if 255 nodes use the database, or another process held a lock that is needed for more than
/// two seconds. `invalid_input` if the URL is wrong, or the database has tables of another program. Neither
/// the error nor the log quotes the URL or the password.
///
/// `random` gives the id of this process; used only in this call.
result<std::unique_ptr<database>> open(const options& settings, random_source& random);

/// Loads a backup into the database. `bad_state` if it has tables, or if a server begins to use it meanwhile.
/// `not_found` if the file can't be opened. `malformed` if the file is damaged, or comes from a version with
/// other migrations. A failure may leave empty tables in the database; remove them before the next attempt.
result<void> restore_backup(const options& target, const std::filesystem::path& backup);

} // namespace breakwater::storage::postgres
