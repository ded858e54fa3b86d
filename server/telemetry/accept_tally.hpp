#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"
#include "storage/catalogue.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace breakwater::telemetry {

/// Counts the accepted uploads of each device and hour. After the hour it writes one `reading_accept` event
/// for each device to the audit log (contract, correction 13). Any thread may call.
class accept_tally {
public:
    /// Maximum number of events in one unit of work.
    static constexpr std::size_t max_rows = 500;

    accept_tally(storage::catalogue& store, const clock& time) : store_{store}, clock_{time} {}
    /// REQUIRES: the database still answers. Unwritten counts are lost; call `close` to write them.
    ~accept_tally();
    accept_tally(const accept_tally&) = delete;
    accept_tally& operator=(const accept_tally&) = delete;

    void add(const device_id& device, timestamp received_at, std::int64_t uploads = 1);

    /// Starts writing the finished hours. The next tick retries counts that could not be written.
    void tick();
    /// Writes all counts, including the current hour. Blocks. Fails with the storage's errors.
    result<void> close();

private:
    using hour = std::chrono::sys_time<std::chrono::hours>;
    struct count {
        device_id device;
        hour begin;
        std::int64_t uploads;
    };
    struct current_count {
        hour begin;
        std::int64_t uploads;
    };
    struct shard {
        breakwater::mutex mutex;
        std::unordered_map<device_id, current_count> devices GUARDED_BY(mutex);
        std::vector<count> finished GUARDED_BY(mutex); ///< of hours before the current one
    };
    static constexpr std::size_t shard_count = 16;

    void collect(hour before);
    void write_next();
    void finish_write(std::vector<count> rows, const result<void>& outcome);
    result<void> append(storage::transaction& tx, const std::vector<count>& rows) const;
    [[nodiscard]] std::vector<count> take_rows();

    storage::catalogue& store_;
    const clock& clock_;
    std::array<shard, shard_count> shards_;
    std::atomic<hour> collected_{hour::max()}; ///< due_ has all counts before it, unless `late_` is set
    std::atomic<bool> late_{false};            ///< a shard has counts of hours before `collected_`

    mutex mutex_;
    condition_variable idle_;
    std::vector<count> due_ GUARDED_BY(mutex_);
    bool writing_ GUARDED_BY(mutex_) = false;
};

} // namespace breakwater::telemetry
