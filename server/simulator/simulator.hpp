#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "domain/category.hpp"
#include "domain/reading.hpp"
#include "registry/device_registry.hpp"
#include "storage/change_feed.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <unordered_set>
#include <vector>

namespace breakwater::simulator {

/// Six readings of a new device's recent past, one interval apart, so that the device's page is never empty
/// (API contract). Oldest first; the last one is at `now`. If `seed` is the simulator's seed, the simulator's
/// readings continue them smoothly.
[[nodiscard]] std::vector<reading> sample_readings(const device_id& device, category kind, std::uint64_t seed,
                                                   timestamp now);

/// Generates readings for the simulated devices, within the interval of their category, while they are active
/// and no real device has signed in for them. It has one timer queue, so the cost of a step grows with the
/// devices that are due, not with the fleet. The owner calls `step`, so that tests can control the clock.
class simulator final : public storage::change_follower {
public:
    using sink = std::function<void(std::vector<reading>)>;

    /// A step handles at most this many devices; if more are due, the next step is due at once.
    static constexpr std::size_t max_per_step = 1000;
    /// Readings that fall due within a beat are emitted together: ten thousand devices cost four commits a
    /// second instead of three hundred. The longest drawn interval is one beat shorter than the category's,
    /// so that this wait doesn't exceed it.
    static constexpr std::chrono::milliseconds beat{250};

    /// Starts with the simulated devices in the registry.
    simulator(const registry::device_registry& devices, const clock& time, std::uint64_t seed, sink out);

    /// Adds a simulated device. Does nothing if the device is already in the queue, isn't in the registry, or
    /// isn't simulated. Any thread may call.
    void add(const device_id& device);
    /// Adds created devices.
    void follow(const change& committed) override;
    /// Emits the readings that are due, in one call of the sink. A late device emits one reading, not one per
    /// missed interval. Drops devices that were deleted or have become real. Returns how long to wait before
    /// the next call: between a beat and a second, or zero if more devices are due. One thread at a time; the
    /// sink runs on that thread, and may call `add`.
    [[nodiscard]] std::chrono::steady_clock::duration step();
    /// The number of devices in the queue, including blocked ones.
    [[nodiscard]] std::size_t size() const;

private:
    struct due {
        steady_point at;
        device_id device;
        bool operator>(const due& other) const noexcept { return at > other.at; }
    };

    [[nodiscard]] steady_point next_for(const device_id& device, category kind, steady_point from)
        REQUIRES(mutex_);
    [[nodiscard]] std::vector<reading> collect(steady_point now) REQUIRES(mutex_);

    const registry::device_registry& devices_;
    const clock& clock_;
    const std::uint64_t seed_;
    sink out_;
    mutable mutex mutex_;
    std::priority_queue<due, std::vector<due>, std::greater<>> queue_ GUARDED_BY(mutex_);
    std::unordered_set<device_id> queued_ GUARDED_BY(mutex_);
    std::uint64_t draws_ GUARDED_BY(mutex_) = 0;
};

} // namespace breakwater::simulator
