#pragma once

#include "base/result.hpp"
#include "services/caller.hpp"
#include "services/device_service.hpp"
#include "storage/database.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace breakwater::services {

/// Stored readings, for whoever may see their device. Members block. Any thread may call.
class reading_service {
public:
    reading_service(storage::database& store, device_service& devices) : store_{store}, devices_{devices} {}

    /// Newest first.
    result<std::vector<reading>> page(const storage::reading_filter& filter,
                                      std::optional<storage::reading_position> after, std::size_t limit,
                                      const caller& who);
    result<storage::reading_summary> summary(const storage::reading_filter& filter, const caller& who);

    /// As `storage::reading_store::aggregates`.
    result<std::vector<storage::series>> aggregates(const storage::series_question& asked, const caller& who);

    /// As `storage::reading_store::latest`, for devices that the caller was shown. What was made up of a real
    /// device never counts.
    result<std::vector<storage::latest_state>> latest(std::span<const device> devices,
                                                      bool include_simulated);

    /// Oldest first and without asking who: for an export whose caller `authorise_export` let in.
    result<std::vector<reading>> export_page(const storage::reading_filter& filter,
                                             std::optional<storage::reading_position> after,
                                             std::size_t limit);
    /// Puts the export on record, before the first row leaves.
    result<void> authorise_export(const device_id& id, timestamp now, const caller& who);
    /// The same for all of somebody's devices; tells which they are, in the order of their creation.
    result<std::vector<device_id>> authorise_export(timestamp now, const caller& who);

private:
    result<void> record_export(std::span<const device_id> devices, std::string detail, timestamp now,
                               const caller& who);

    storage::database& store_;
    device_service& devices_;
};

} // namespace breakwater::services
