#pragma once

#include "base/result.hpp"
#include "services/caller.hpp"
#include "services/device_service.hpp"
#include "storage/catalogue.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace breakwater::services {

/// Stored readings, for callers who may see their device. Members block. Any thread may call.
class reading_service {
public:
    reading_service(storage::catalogue& store, device_service& devices) : store_{store}, devices_{devices} {}

    /// Newest first.
    result<std::vector<reading>> page(const storage::reading_filter& filter,
                                      std::optional<storage::reading_position> after, std::size_t limit,
                                      const caller& caller);
    result<storage::reading_summary> summary(const storage::reading_filter& filter, const caller& caller);

    /// As `storage::series_store::aggregates`.
    result<std::vector<storage::series>> aggregates(const storage::series_query& query, const caller& caller);

    /// As `storage::series_store::latest`, for devices that the caller may see. Simulated readings of a real
    /// device are never included.
    result<std::vector<latest_state>> latest(std::span<const device> devices, bool include_simulated);

    /// Oldest first, without a permission check: call `authorise_export` first.
    result<std::vector<reading>> export_page(const storage::reading_filter& filter,
                                             std::optional<storage::reading_position> after,
                                             std::size_t limit);
    /// Checks the permission and records the export, before the first row is sent.
    result<void> authorise_export(const device_id& id, timestamp now, const caller& caller);
    /// The same for all devices of the caller. Returns their ids in the order of their creation.
    result<std::vector<device_id>> authorise_export(timestamp now, const caller& caller);

private:
    result<void> record_export(std::span<const device_id> devices, std::string detail, timestamp now,
                               const caller& caller);

    storage::catalogue& store_;
    device_service& devices_;
};

} // namespace breakwater::services
