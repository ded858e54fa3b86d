#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace breakwater::telemetry {

/// A token bucket for each device: `burst` tokens at most, filled at `rate` a second. What isn't full is
/// remembered, nothing else. Any thread may call; sharded, so that devices don't meet.
class token_buckets {
public:
    struct allowance {
        double rate = 0;       ///< tokens a second, above zero
        std::size_t burst = 0; ///< at least one
    };
    struct outcome {
        std::size_t granted = 0;
        std::size_t left = 0;                ///< whole tokens that remain
        std::chrono::seconds retry_after{0}; ///< until there is one again; zero where there is
    };

    /// Takes as many of `wanted` tokens as there are. REQUIRES: `allowed` is above zero.
    outcome take(const device_id& device, std::size_t wanted, steady_point now, const allowance& allowed);
    /// How many whole tokens there are.
    [[nodiscard]] std::size_t left(const device_id& device, steady_point now, const allowance& allowed) const;
    /// Gives back what was taken for nothing.
    void give_back(const device_id& device, std::size_t tokens);
    void forget(const device_id& device);

    struct device_level {
        device_id device;
        double tokens = 0;
    };
    /// The levels now of those that changed since the last call.
    [[nodiscard]] std::vector<device_level> take_changed(steady_point now);
    /// What was left of a bucket at an earlier time, before this program began.
    void restore(const device_level& known, steady_point at, const allowance& allowed);

    /// Forgets devices whose bucket is full. One shard a call: cheap enough for every second.
    void prune(steady_point now);
    [[nodiscard]] std::size_t size() const;

    static constexpr std::size_t shard_count = 64;

private:
    struct bucket {
        double level = 0;
        steady_point at{};
        allowance allowed{};  ///< as it was then
        bool changed = false; ///< it is in its shard's list
    };
    struct shard {
        mutable std::mutex mutex;
        std::unordered_map<device_id, bucket> buckets;
        std::vector<device_id> changed;
    };
    static void mark(shard& home, const device_id& device, bucket& its);
    [[nodiscard]] shard& shard_of(const device_id& id) const { return shards_[id.bytes[15] % shard_count]; }
    [[nodiscard]] static double level_of(const bucket& of, steady_point now, const allowance& allowed);

    mutable std::array<shard, shard_count> shards_;
    std::size_t next_to_prune_ = 0; ///< under prune_mutex_
    std::mutex prune_mutex_;
};

} // namespace breakwater::telemetry
