#pragma once

#include "storage/sqlite/connection.hpp"

#include <span>
#include <string_view>

namespace breakwater::storage::sqlite {

/// One of migrations/NNNN_name.sql, embedded at build time.
struct migration {
    int number;
    std::string_view name;
    std::string_view checksum; ///< SHA-256 of the file
    const char* text;
};

/// In the order of their numbers, from 1 up.
[[nodiscard]] std::span<const migration> migrations() noexcept;

/// Applies what the database lacks, each in a transaction of its own that also records it. Refuses a database
/// of another program, one from a newer version, and one whose applied migrations are not ours.
result<void> migrate(connection& db);

/// For a connection that may only read: the same refusals, and one for a database that lacks a migration.
result<void> require_migrated(connection& db);

} // namespace breakwater::storage::sqlite
