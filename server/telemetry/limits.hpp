#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace breakwater::telemetry {

/// The least time between two readings of one device. From `admit` until `stored` or `release` the device's
/// turn is taken, so that of two uploads at once one passes. Any thread may call; sharded, so that devices
/// don't meet.
class limits {
public:
    /// Nothing: take it, and tell `stored` or `release` how it went. Else how long to wait, in whole seconds
    /// ≥ 1.
    /// At an interval of zero or below nothing is limited, and nothing is remembered.
    [[nodiscard]] std::optional<std::chrono::seconds> admit(const device_id& device, steady_point now,
                                                            std::chrono::microseconds min_interval);
    /// What was admitted is durable: the interval runs since it was admitted.
    void stored(const device_id& device);
    /// What was admitted was lost: it doesn't count.
    void release(const device_id& device);
    void forget(const device_id& device);
    /// What was stored before this program began.
    void restore(const device_id& device, steady_point last, std::chrono::microseconds min_interval);

    /// Forgets devices whose interval is over. One shard a call: cheap enough for every second.
    void prune(steady_point now);
    [[nodiscard]] std::size_t size() const;

    static constexpr std::size_t shard_count = 64;

private:
    struct turn {
        std::optional<steady_point> last; ///< when what was last stored was admitted
        steady_point admitted{};          ///< when what is under way was
        bool under_way = false;
        std::chrono::microseconds interval{}; ///< as it was then
    };
    struct shard {
        mutable std::mutex mutex;
        std::unordered_map<device_id, turn> turns;
    };
    [[nodiscard]] shard& shard_of(const device_id& id) { return shards_[id.bytes[15] % shard_count]; }

    std::array<shard, shard_count> shards_;
    std::size_t next_to_prune_ = 0; ///< under prune_mutex_
    std::mutex prune_mutex_;
};

} // namespace breakwater::telemetry
