#pragma once

#include "domain/device.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace breakwater::storage {

/// What the hot path must know of a device.
struct device_state {
    user_id owner = 0;
    breakwater::category category = breakwater::category::weather_station;
    device_status status = device_status::active;
    std::int64_t token_version = 1;
    bool simulated = false;
    bool real = false; ///< `device::is_real`
};

/// All devices' state in memory, so that a reading needs no look-up in the database and a revocation takes
/// effect at once. Filled at start; changed only from `transaction::after_commit`, so its order is the
/// database's. Any thread may call; sharded, so that readers of different devices don't meet.
class device_registry {
public:
    [[nodiscard]] std::optional<device_state> find(const device_id& id) const;
    void put(const device& current);
    void remove(const device_id& id);
    /// Tells which they were.
    std::vector<device_id> remove_owned_by(user_id owner);
    [[nodiscard]] std::size_t size() const;
    /// Called for each device, in no order, a shard locked for reading at a time.
    void for_each(const std::function<void(const device_id&, const device_state&)>& visit) const;

private:
    static constexpr std::size_t shard_count = 16;
    struct shard {
        mutable std::shared_mutex mutex;
        std::unordered_map<device_id, device_state> devices;
    };
    [[nodiscard]] shard& shard_of(const device_id& id) const { return shards_[id.bytes[15] % shard_count]; }
    mutable std::array<shard, shard_count> shards_;
};

} // namespace breakwater::storage
