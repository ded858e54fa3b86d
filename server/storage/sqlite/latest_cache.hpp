#pragma once

#include "storage/blocks/latest_values.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/hot_index.hpp"

#include <mutex>
#include <unordered_map>
#include <vector>

namespace breakwater::storage::sqlite {

/// Adds what new readings say to what is known of their device. REQUIRES: the writer's open transaction.
result<void> merge_latest(connection& db, device_key device, const blocks::latest_values& more);

/// Looks at each hot reading once, however often somebody asks. What a snapshot shows and more: it never goes
/// back. Any thread may call.
class latest_cache {
public:
    /// `hot`: what the snapshot shows of the device's hot readings.
    result<latest_fields> of(connection& db, device_key device, const std::vector<hot_entry>& hot,
                             bool include_simulated);
    /// The device is gone.
    void drop(device_key device);

private:
    struct known {
        blocks::latest_values values;
        reading_id through = 0; ///< of the hot readings
    };
    std::mutex mutex_;
    std::unordered_map<device_key, known> devices_;
    blocks::payload_values reader_;
};

} // namespace breakwater::storage::sqlite
