#pragma once

#include "storage/backup_source.hpp"
#include "storage/catalogue.hpp"
#include "storage/device_ownership.hpp"
#include "storage/leases.hpp"
#include "storage/maintenance.hpp"
#include "storage/series_store.hpp"

namespace breakwater::storage {

/// All ports of an open database. A backend implements this class, and `app` opens it. Everyone else takes
/// only the ports that they use.
class database : public catalogue,
                 public series_preparer,
                 public maintenance,
                 public backup_source,
                 public lease_holder,
                 public device_ownership {
public:
    /// Whether this object must be closed, and the database opened again: nothing can be written any more.
    /// Other processes have taken this one for dead, or the database lost commits that this process knows.
    /// What it has in memory may be wrong. Any thread may call.
    [[nodiscard]] virtual bool must_reopen() const noexcept { return false; }
};

} // namespace breakwater::storage
