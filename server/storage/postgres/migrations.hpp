#pragma once

#include "storage/engine/migration.hpp"
#include "storage/postgres/connection.hpp"

#include <span>

namespace breakwater::storage::postgres {

/// All migrations, ordered by number, starting at 1.
[[nodiscard]] std::span<const engine::migration> migrations() noexcept;

/// `BRKS`; the key of the lock that a running server holds.
inline constexpr std::int64_t server_lock = 0x42524b53;

/// Takes the lock that a running server holds, until the connection ends. A connection may take it twice.
/// `storage_unavailable` if another one holds it. REQUIRES: a transaction.
result<void> lock_for_server(connection& db);

/// Locks the database for a server, and applies the missing migrations, each in a transaction of its own that
/// also records it. The lock comes first: a schema must not change under a server that runs. Refuses a schema
/// with tables of another program, a database of a newer version, and one whose applied migrations differ
/// from ours.
result<void> migrate(connection& db);

/// For a connection that only reads: refuses the same databases, and a database that lacks a migration.
result<void> require_migrated(connection& db);

} // namespace breakwater::storage::postgres
