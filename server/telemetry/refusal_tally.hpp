#pragma once

#include "base/ids.hpp"
#include "base/mutex.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::telemetry {

/// Why a reading was refused.
enum class refusal : std::uint8_t { too_large, too_soon, backfill_limited, malformed, blocked, overloaded };
inline constexpr std::size_t refusal_count = 6;
[[nodiscard]] std::string_view to_string(refusal reason) noexcept;

using refusal_counts = std::array<std::uint64_t, refusal_count>;

/// Counts the refused readings of each device since the server started, by reason. Uses memory only for
/// devices with refusals. Any thread may call.
class refusal_tally {
public:
    void add(const device_id& device, refusal reason, std::uint64_t count = 1);
    [[nodiscard]] refusal_counts of(const device_id& device) const;
    /// The counts of the `limit` devices with the most refusals, highest first.
    [[nodiscard]] std::vector<std::pair<device_id, refusal_counts>> worst(std::size_t limit) const;
    void forget(const device_id& device);

private:
    static constexpr std::size_t shard_count = 16;
    struct shard {
        mutable breakwater::mutex mutex;
        std::unordered_map<device_id, refusal_counts> devices GUARDED_BY(mutex);
    };
    [[nodiscard]] shard& shard_of(const device_id& id) const { return shards_[id.bytes[15] % shard_count]; }
    mutable std::array<shard, shard_count> shards_;
};

} // namespace breakwater::telemetry
