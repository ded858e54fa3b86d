#pragma once

#include "storage/postgres/postgres_database.hpp"
#include "storage/transfer/ports.hpp"

#include <memory>

namespace breakwater::storage::postgres {

/// Connects to a database to copy it. Locks it, so that no server changes it meanwhile. Only reads. Errors as
/// `open`; `storage_unavailable` also if the database lacks a migration or a server is running.
result<std::unique_ptr<transfer::table_reader>> open_transfer_source(const options& settings);

/// Connects to a database to fill it, and applies the missing migrations. Locks it. Errors as `open`;
/// `storage_unavailable` also if another version of Breakwater has begun to fill it; `invalid_input` also if
/// its encoding is not UTF8.
result<std::unique_ptr<transfer::transfer_target>> open_transfer_target(const options& settings);

} // namespace breakwater::storage::postgres
