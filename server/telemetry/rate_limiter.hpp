#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>

namespace breakwater::telemetry {

/// Enforces the minimum interval between two readings of one device. `admit` reserves the device's slot until
/// `commit` or `release` is called. So only one of two simultaneous uploads passes. Any thread may call. The
/// state is sharded by device, so that devices rarely wait for each other's lock.
class rate_limiter {
public:
    /// Empty if the reading is admitted; call `commit` or `release` afterwards. Otherwise the time to wait,
    /// in whole seconds ≥ 1. An interval of zero or less disables the limit, and no state is stored for it.
    [[nodiscard]] std::optional<std::chrono::seconds> admit(const device_id& device, steady_point now,
                                                            std::chrono::microseconds min_interval);
    /// The admitted reading is durable. The device's interval begins at the reading's admission.
    void commit(const device_id& device);
    /// The admitted reading was not stored, so it does not count.
    void release(const device_id& device);
    /// Drops the state of a deleted device.
    void forget(const device_id& device);
    /// Call at startup: `last` is the arrival of the last reading that was stored before the server started.
    void restore(const device_id& device, steady_point last, std::chrono::microseconds min_interval);

    /// Drops the state of devices whose interval has passed, in one shard for each call. Cheap enough to call
    /// every second.
    void prune(steady_point now);
    /// The number of devices with a state.
    [[nodiscard]] std::size_t size() const;

    static constexpr std::size_t shard_count = 64;

private:
    struct slot {
        std::optional<steady_point> last; ///< admission of the last stored reading
        steady_point admitted{};          ///< admission of the pending reading
        bool is_pending = false;
        std::chrono::microseconds interval{}; ///< at the last call of `admit` or `restore`
    };
    struct shard {
        mutable breakwater::mutex mutex;
        std::unordered_map<device_id, slot> slots GUARDED_BY(mutex);
    };
    [[nodiscard]] shard& shard_of(const device_id& id) { return shards_[id.bytes[15] % shard_count]; }

    std::array<shard, shard_count> shards_;
    std::size_t next_to_prune_ GUARDED_BY(prune_mutex_) = 0;
    mutex prune_mutex_;
};

} // namespace breakwater::telemetry
