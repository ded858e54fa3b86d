#pragma once

#include "storage/postgres/connection.hpp"

#include <cstdint>

namespace breakwater::storage::postgres {

/// `BRKS`; the key of the lock that each server holds: shared, unless it must be alone.
inline constexpr std::int64_t server_lock = 0x42524b53;

/// As long as the connection lasts, no other server uses the database if `alone`, or else none that is alone.
/// `storage_unavailable` if one does.
result<void> lock_for_server(connection& db, bool alone);

/// `BRKN`; the key of the lock under which nodes join and are removed.
inline constexpr std::int64_t nodes_lock = 0x42524b4e;

/// Removes all nodes. None of their commits succeeds after the transaction. REQUIRES: a transaction.
result<void> remove_nodes(connection& db);

} // namespace breakwater::storage::postgres
