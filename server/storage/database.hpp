#pragma once

#include "storage/backup_source.hpp"
#include "storage/catalogue.hpp"
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
                 public lease_holder {};

} // namespace breakwater::storage
