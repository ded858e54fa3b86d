#pragma once

#include "storage/transfer/ports.hpp"

#include <filesystem>
#include <memory>

namespace breakwater::storage::sqlite {

/// Opens a file to copy it. Locks it, so that no server changes it meanwhile. Only reads. Errors as
/// `open` in read-only mode; `storage_unavailable` also if a server is running.
result<std::unique_ptr<transfer::table_reader>> open_transfer_source(const std::filesystem::path& file);

/// Opens a file to fill it, and creates it if it is missing. Locks it. Errors as `open`;
/// `storage_unavailable` also if another version of Breakwater has begun to fill it.
result<std::unique_ptr<transfer::transfer_target>> open_transfer_target(const std::filesystem::path& file);

} // namespace breakwater::storage::sqlite
