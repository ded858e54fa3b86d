#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/stores.hpp"

namespace breakwater::storage::sqlite {

/// Adds a virtual table to this connection with all readings of the file, buffered and in blocks:
///
///     readings (device_id TEXT, id INTEGER, received_at TEXT, device_timestamp TEXT, simulated INTEGER,
///               payload TEXT)
///
/// Times are RFC 3339 in UTC, always with six decimals, so that their text order is their time order.
/// Conditions on `device_id` and `received_at` use the index of blocks. `shared` must outlive the connection;
/// its write buffer index must include all rows that the transaction sees.
result<void> add_readings_table(connection& db, shared_state& shared);

/// A time in the format of this table.
[[nodiscard]] std::string sql_time(timestamp at);

} // namespace breakwater::storage::sqlite
