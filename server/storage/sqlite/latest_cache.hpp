#pragma once

#include "storage/blocks/latest_values.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/hot_index.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace breakwater::storage::sqlite {

/// Adds what new readings say to what is known of their device. REQUIRES: the writer's open transaction.
/// `believed`: as `blocks::latest_values` has it.
result<void> merge_latest(connection& db, device_key device, const blocks::latest_values& more,
                          timestamp believed);

/// Looks at each hot reading once, however often somebody asks. What a snapshot shows and more: it never goes
/// back. Any thread may call.
class latest_cache {
public:
    /// What the snapshot shows of the device: `stored`, its row of `latest`, and `hot`, where its hot
    /// readings are.
    result<latest_fields> of(connection& db, device_key device, std::string_view stored,
                             const std::vector<hot_entry>& hot, bool include_simulated, timestamp believed);
    /// The device is gone.
    void drop(device_key device);

private:
    struct known {
        blocks::latest_values values;
        std::string stored; ///< what `values` have of the file: it is read once, however often somebody asks
        reading_id through = 0; ///< of the hot readings
    };
    std::mutex mutex_;
    std::unordered_map<device_key, known> devices_;
    blocks::payload_values reader_;
};

} // namespace breakwater::storage::sqlite
