#pragma once

#include <cstddef>

namespace breakwater::storage {

/// Work that one of the processes on a database does at a time.
enum class lease : unsigned char { housekeeping, outbox, simulator };
inline constexpr std::size_t lease_count = 3;

/// Tells which leases this process holds.
class lease_holder {
public:
    virtual ~lease_holder() = default;

    /// Whether this process may do the work now. Ask again before each step. Doesn't block; any thread may
    /// call. A backend whose database serves one process answers true.
    [[nodiscard]] virtual bool holds(lease) const noexcept { return true; }
};

} // namespace breakwater::storage
