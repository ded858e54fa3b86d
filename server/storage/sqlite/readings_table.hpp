#pragma once

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/stores.hpp"

namespace breakwater::storage::sqlite {

/// Makes all readings of the file, hot ones and those in blocks, a table for the SQL of this connection:
///
///     readings (device_id TEXT, id INTEGER, received_at TEXT, device_timestamp TEXT, simulated INTEGER,
///               payload TEXT)
///
/// Times are RFC 3339 in UTC with six decimals always, so that their order as text is theirs. Conditions on
/// `device_id` and `received_at` are answered by the index of blocks. Everything of `shared` must outlive the
/// connection; its hot index must know what the transaction shows.
result<void> add_readings_table(connection& db, shared_state& shared);

/// A time as this table writes it.
[[nodiscard]] std::string sql_time(timestamp at);

} // namespace breakwater::storage::sqlite
