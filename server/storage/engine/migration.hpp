#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace breakwater::storage::engine {

/// A file migrations/NNNN_name.sql of a backend, embedded at build time.
struct migration {
    int number;
    std::string_view name;
    std::string_view checksum; ///< SHA-256 of the file
    const char* text;
};

/// A migration that a database says it has.
struct applied_migration {
    std::int64_t number = 0;
    std::string name;
    std::string checksum;
};

/// `ours` and `applied` are ordered by number. Returns how many of ours the database has. Refuses a database
/// of a newer version, and one whose migrations differ from ours.
[[nodiscard]] result<std::size_t> count_applied(std::span<const migration> ours,
                                                std::span<const applied_migration> applied);

/// The table that a database has while a transfer into it is incomplete. Its column `source` names the source
/// of the transfer.
inline constexpr std::string_view incomplete_transfer_table = "incomplete_transfer";

/// Why such a database is refused.
[[nodiscard]] std::unexpected<error> refuse_incomplete_transfer(std::string_view source);

/// Refuses such a database. `Connection`: the backend's, which also has a function `has_incomplete_transfer`.
template <class Connection>
result<void> require_complete(Connection& db) {
    const auto incomplete = has_incomplete_transfer(db);
    if (!incomplete)
        return std::unexpected(incomplete.error());
    if (!*incomplete)
        return {};
    auto query = db.prepare("SELECT source FROM incomplete_transfer");
    const auto source = query.first([](const auto& row) { return row.text(0); });
    if (!source)
        return std::unexpected(source.error());
    return refuse_incomplete_transfer(source->value_or("another database"));
}

} // namespace breakwater::storage::engine
