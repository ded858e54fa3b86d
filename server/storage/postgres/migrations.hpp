#pragma once

#include "storage/engine/migration.hpp"
#include "storage/postgres/connection.hpp"

#include <span>

namespace breakwater::storage::postgres {

/// All migrations, ordered by number, starting at 1.
[[nodiscard]] std::span<const engine::migration> migrations() noexcept;

/// Applies the missing migrations, each in a transaction of its own that also records it, and that removes
/// all nodes: their version doesn't know the schema. Several processes may call it at the same time. Refuses
/// a schema with tables of another program, a database of a newer version, one whose applied migrations
/// differ from ours, and the target of an incomplete transfer.
result<void> migrate(connection& db);

/// For a connection that only reads: refuses the same databases, and a database that lacks a migration.
/// REQUIRES: a transaction.
result<void> require_migrated(connection& db);

/// The same, but accepts the target of an incomplete transfer.
result<void> require_schema(connection& db);

/// Whether the database is the target of an incomplete transfer.
result<bool> has_incomplete_transfer(connection& db);

} // namespace breakwater::storage::postgres
