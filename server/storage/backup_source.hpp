#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace breakwater::storage {

/// Makes backups of everything that is stored.
class backup_source {
public:
    /// Called on the thread of the caller of `backup`, now and then and at the end, with the number of bytes
    /// copied so far and in total. The total may change from call to call. An exception ends the backup,
    /// which removes its incomplete file, and reaches the caller.
    using progress = std::move_only_function<void(std::uint64_t copied, std::uint64_t total)>;

    virtual ~backup_source() = default;

    /// Copies a consistent state into a new file (mode 0600) while reads and writes continue. `bad_state` if
    /// the file exists; `storage_full` or `storage_unavailable` if it can't be written. Then no file stays.
    /// Blocks until the file is durable. `report` may be empty.
    virtual result<void> backup(const std::filesystem::path& file, progress report) = 0;
};

} // namespace breakwater::storage
