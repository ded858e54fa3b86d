#pragma once

#include "base/mutex.hpp"
#include "domain/device.hpp"
#include "storage/change_feed.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace breakwater::registry {

/// The state of a device that every reading and request needs.
struct device_state {
    user_id owner = 0;
    breakwater::category category = breakwater::category::weather_station;
    device_status status = device_status::active;
    std::int64_t token_version = 1;
    bool simulated = false;
    bool real = false; ///< `device::is_real`
};

/// Holds the state of all devices in memory, so that a reading needs no database look-up and a revocation
/// takes effect at once. It is filled at the start, and then follows the change feed. Any thread may call.
/// Sharded to reduce lock contention.
class device_registry final : public storage::change_follower {
public:
    [[nodiscard]] std::optional<device_state> find(const device_id& id) const;
    void put(const device& stored);
    void remove(const device_id& id);
    void follow(const change& committed) override;
    [[nodiscard]] std::size_t size() const;
    /// Calls `visit` for each device, in no particular order. Holds the read lock of one shard at a time.
    void for_each(const std::function<void(const device_id&, const device_state&)>& visit) const;

private:
    static constexpr std::size_t shard_count = 16;
    struct shard {
        mutable breakwater::shared_mutex mutex;
        std::unordered_map<device_id, device_state> devices GUARDED_BY(mutex);
    };
    [[nodiscard]] shard& shard_of(const device_id& id) const { return shards_[id.bytes[15] % shard_count]; }
    mutable std::array<shard, shard_count> shards_;
};

} // namespace breakwater::registry
