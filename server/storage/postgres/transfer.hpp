#pragma once

#include "storage/postgres/postgres_database.hpp"
#include "storage/transfer/ports.hpp"

#include <memory>

namespace breakwater::storage::postgres {

/// Connects to a database to copy it, and only reads it. Holds the lock of a server, so that none changes the
/// database meanwhile. Errors as `open` in read-only mode; `storage_unavailable` also if a server is running.
result<std::unique_ptr<transfer::table_reader>> open_transfer_source(const options& settings);

/// Connects to a database to fill it, and creates its tables unless a transfer has begun already. Holds the
/// lock of a server. Errors as `open`, but accepts an incomplete transfer. `storage_unavailable` also if
/// another version of Breakwater has begun to fill it; `invalid_input` also if its encoding is not UTF8.
result<std::unique_ptr<transfer::transfer_target>> open_transfer_target(const options& settings);

} // namespace breakwater::storage::postgres
