#pragma once

#include "storage/sqlite/connection.hpp"

#include <span>
#include <string_view>

namespace breakwater::storage::sqlite {

/// A file migrations/NNNN_name.sql, embedded at build time.
struct migration {
    int number;
    std::string_view name;
    std::string_view checksum; ///< SHA-256 of the file
    const char* text;
};

/// All migrations, ordered by number, starting at 1.
[[nodiscard]] std::span<const migration> migrations() noexcept;

/// Applies the missing migrations, each in a transaction of its own that also records it. Refuses a database
/// of another program, a database of a newer version, and one whose applied migrations differ from ours.
result<void> migrate(connection& db);

/// For a read-only connection: refuses the same databases, and a database that lacks a migration.
result<void> require_migrated(connection& db);

} // namespace breakwater::storage::sqlite
