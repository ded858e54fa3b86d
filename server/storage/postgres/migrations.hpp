#pragma once

#include "storage/engine/migration.hpp"
#include "storage/postgres/connection.hpp"

#include <span>

namespace breakwater::storage::postgres {

/// All migrations, ordered by number, starting at 1.
[[nodiscard]] std::span<const engine::migration> migrations() noexcept;

/// Applies the missing migrations, each in a transaction of its own. The transaction also records the
/// migration, and removes all nodes, whose version doesn't know the new schema. Several processes may call it
/// at the same time. Refuses a schema with tables of another program, a database of a newer version, one
/// whose applied migrations differ from ours, and the target of an incomplete transfer.
result<void> migrate(connection& db);

/// Changes nothing. Refuses the same databases, and a database that is empty or lacks a migration. If another
/// process may migrate the database meanwhile, call it in a transaction over one snapshot.
result<void> require_migrated(connection& db);

/// The same, but accepts the target of an incomplete transfer.
result<void> require_schema(connection& db);

/// Whether the database is the target of an incomplete transfer.
result<bool> has_incomplete_transfer(connection& db);

} // namespace breakwater::storage::postgres
