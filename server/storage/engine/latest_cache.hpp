#pragma once

#include "base/mutex.hpp"
#include "storage/blocks/latest_values.hpp"
#include "storage/engine/series_tables.hpp"
#include "storage/engine/write_buffer_index.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace breakwater::storage::engine {

/// Merges the values of new readings into the stored values of their device. REQUIRES: the writer's open
/// transaction. `latest_plausible`: as in `blocks::latest_values`.
result<void> merge_latest(series_tables& tables, device_key device, const blocks::latest_values& added,
                          timestamp latest_plausible);

/// Caches the latest values of each device, so that each buffered reading is parsed only once. The result
/// contains all values of the reader's snapshot, and may contain later values. Any thread may call.
class latest_cache {
public:
    /// The latest fields of a device. `stored`: its stored values in this snapshot; `buffered`: its
    /// buffered readings in this snapshot.
    result<latest_fields> fields(series_tables& tables, device_key device, std::string_view stored,
                                 const std::vector<buffered_reading>& buffered, bool include_simulated,
                                 timestamp latest_plausible);
    /// Removes a deleted device.
    void drop(device_key device);

private:
    struct device_entry {
        blocks::latest_values values;
        std::string stored;     ///< the stored values that `values` include; parsed only when it changes
        reading_id through = 0; ///< `values` include the buffered readings up to this id
    };
    void add(device_key device, const std::vector<reading>& readings, reading_id through,
             timestamp latest_plausible);

    mutex mutex_;
    std::unordered_map<device_key, device_entry> devices_ GUARDED_BY(mutex_);
    blocks::payload_values reader_ GUARDED_BY(mutex_);
};

} // namespace breakwater::storage::engine
