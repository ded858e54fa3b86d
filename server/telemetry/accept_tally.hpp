#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "storage/database.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace breakwater::telemetry {

/// Counts the accepted uploads of each device and hour, and puts one `reading_accept` event for each into the
/// audit log when the hour is over (contract, correction 13). Any thread may call.
class accept_tally {
public:
    /// Events that one unit of work writes at most.
    static constexpr std::size_t max_rows = 500;

    accept_tally(storage::database& store, const clock& time) : store_{store}, clock_{time} {}
    /// REQUIRES: the database still answers. What was not written is lost; `close` writes it.
    ~accept_tally();
    accept_tally(const accept_tally&) = delete;
    accept_tally& operator=(const accept_tally&) = delete;

    void add(const device_id& device, timestamp received_at, std::int64_t uploads = 1);

    /// Begins to write the hours that are over. What could not be written is tried again by the next tick.
    void tick();
    /// Writes all there is, the running hour too. Blocks; the storage's errors.
    result<void> close();

private:
    using hour = std::chrono::sys_time<std::chrono::hours>;
    struct count {
        device_id device;
        hour of;
        std::int64_t uploads;
    };
    struct running {
        hour of;
        std::int64_t uploads;
    };
    struct shard {
        std::mutex mutex;
        std::unordered_map<device_id, running> devices;
        std::vector<count> over; ///< of hours before the one that runs
    };
    static constexpr std::size_t shard_count = 16;

    void collect(hour before);
    void write_next();
    void written(std::vector<count> rows, const result<void>& outcome);
    result<void> append(storage::transaction& within, const std::vector<count>& rows) const;
    [[nodiscard]] std::vector<count> take_rows();

    storage::database& store_;
    const clock& clock_;
    std::array<shard, shard_count> shards_;
    std::atomic<hour> collected_{hour::max()}; ///< all before it is in due_, but for what `late_` tells of
    std::atomic<bool> late_{false};

    std::mutex mutex_;
    std::condition_variable idle_;
    std::vector<count> due_;
    bool writing_ = false;
};

} // namespace breakwater::telemetry
