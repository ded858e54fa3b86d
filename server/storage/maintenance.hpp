#pragma once

#include "base/result.hpp"

#include <cstddef>

namespace breakwater::storage {

/// The state of the storage, and work that keeps it fast. Any thread may call.
class maintenance {
public:
    virtual ~maintenance() = default;

    /// Succeeds if the storage answers and has room for writes. Otherwise `storage_unavailable` or
    /// `storage_full`. Blocks for a short time.
    virtual result<void> check() = 0;

    /// Compacts buffered readings into their long-term form: the readings that are due, or all if
    /// `everything`. Returns how many readings it compacted. A backend also compacts in the background; call
    /// this to compact now. Blocks the caller, but no other reader or writer.
    virtual result<std::size_t> compact(bool everything) = 0;

    /// Number of units of work that wait for their transaction. Does not block.
    [[nodiscard]] virtual std::size_t write_queue_depth() const = 0;

    /// Number of stored parts of readings and their aggregates that were found damaged since the start. Does
    /// not block.
    [[nodiscard]] virtual std::size_t damaged_parts() const = 0;
};

} // namespace breakwater::storage
