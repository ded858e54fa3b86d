#pragma once

#include "storage/postgres/connection.hpp"

#include <cstdint>

namespace breakwater::storage::postgres {

/// `BRKS`; the key of the lock that each server holds: exclusive if it must be alone, otherwise shared.
inline constexpr std::int64_t server_lock = 0x42524b53;

/// Takes this lock for as long as the connection lasts. Meanwhile no server that must be alone can use the
/// database; if `alone`, no other server at all can. `storage_unavailable` if such a server still holds the
/// lock after the connection's `lock_timeout`.
result<void> lock_for_server(connection& db, bool alone);

/// `BRKN`; the key of the lock under which nodes join and are removed.
inline constexpr std::int64_t nodes_lock = 0x42524b4e;

/// Removes all nodes. After the transaction none of their commits succeeds. REQUIRES: an open transaction.
result<void> remove_nodes(connection& db);

} // namespace breakwater::storage::postgres
