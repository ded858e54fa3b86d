#pragma once

#include "storage/engine/migration.hpp"
#include "storage/sqlite/connection.hpp"

#include <span>

namespace breakwater::storage::sqlite {

/// All migrations, ordered by number, starting at 1.
[[nodiscard]] std::span<const engine::migration> migrations() noexcept;

/// Applies the missing migrations, each in a transaction of its own that also records it. Refuses a database
/// of another program, a database of a newer version, and one whose applied migrations differ from ours.
result<void> migrate(connection& db);

/// For a read-only connection: refuses the same databases, and a database that lacks a migration.
result<void> require_migrated(connection& db);

} // namespace breakwater::storage::sqlite
