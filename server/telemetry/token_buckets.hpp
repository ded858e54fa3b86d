#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

namespace breakwater::telemetry {

/// A token bucket for each device: at most `burst` tokens, refilled at `rate` tokens per second. `prune`
/// frees the memory of full buckets. Any thread may call. Sharded to avoid lock contention between devices.
class token_buckets {
public:
    struct allowance {
        double rate = 0;       ///< tokens per second, above zero
        std::size_t burst = 0; ///< at least one
    };
    struct outcome {
        std::size_t granted = 0;
        std::size_t remaining = 0;           ///< whole tokens
        std::chrono::seconds retry_after{0}; ///< until the next token; zero if tokens remain
    };

    /// Takes up to `count` tokens. REQUIRES: `limits.rate` and `limits.burst` are above zero.
    outcome take(const device_id& device, std::size_t count, steady_point now, const allowance& limits);
    /// Whole tokens in the device's bucket.
    [[nodiscard]] std::size_t remaining(const device_id& device, steady_point now,
                                        const allowance& limits) const;
    /// Returns tokens that were taken but not used. The bucket never exceeds its burst.
    void refund(const device_id& device, std::size_t tokens);
    void forget(const device_id& device);

    struct device_level {
        device_id device;
        double tokens = 0;
    };
    /// The current levels of the buckets that changed since the last call.
    [[nodiscard]] std::vector<device_level> take_changed(steady_point now);
    /// Restores the level that a bucket had at time `at`, before this process took the device.
    void restore(const device_level& level, steady_point at, const allowance& limits);

    /// Removes the device's bucket. Returns its level; empty if there is none.
    [[nodiscard]] std::optional<double> extract(const device_id& device, steady_point now);

    /// Removes full buckets, in one shard per call. Cheap enough to call every second.
    void prune(steady_point now);
    [[nodiscard]] std::size_t size() const;

    static constexpr std::size_t shard_count = 64;

private:
    struct bucket {
        double level = 0;
        steady_point at{};
        allowance limits{};   ///< at the last call of `take` or `restore`
        bool changed = false; ///< listed in `shard::changed`
    };
    struct shard {
        mutable breakwater::mutex mutex;
        std::unordered_map<device_id, bucket> buckets GUARDED_BY(mutex);
        std::vector<device_id> changed GUARDED_BY(mutex);
    };
    static void mark_changed(shard& part, const device_id& device, bucket& entry) REQUIRES(part.mutex);
    [[nodiscard]] shard& shard_of(const device_id& id) const { return shards_[id.bytes[15] % shard_count]; }
    [[nodiscard]] static double level_of(const bucket& entry, steady_point now, const allowance& limits);

    mutable std::array<shard, shard_count> shards_;
    std::size_t next_to_prune_ GUARDED_BY(prune_mutex_) = 0;
    mutex prune_mutex_;
};

} // namespace breakwater::telemetry
