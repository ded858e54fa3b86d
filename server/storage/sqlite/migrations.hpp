#pragma once

#include "storage/engine/migration.hpp"
#include "storage/sqlite/connection.hpp"

#include <span>

namespace breakwater::storage::sqlite {

/// All migrations, ordered by number, starting at 1.
[[nodiscard]] std::span<const engine::migration> migrations() noexcept;

/// Applies the missing migrations, each in a transaction of its own that also records it. Refuses a database
/// of another program, a database of a newer version, one whose applied migrations differ from ours, and the
/// target of an incomplete transfer.
result<void> migrate(connection& db);

/// For a read-only connection: refuses the same databases, and a database that lacks a migration.
result<void> require_migrated(connection& db);

/// The same, but accepts the target of an incomplete transfer.
result<void> require_schema(connection& db);

/// Whether the database is the target of an incomplete transfer.
result<bool> has_incomplete_transfer(connection& db);

} // namespace breakwater::storage::sqlite
