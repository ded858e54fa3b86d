#pragma once

#include "base/clock.hpp"
#include "domain/category.hpp"
#include "domain/reading.hpp"
#include "storage/device_registry.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <unordered_set>
#include <vector>

namespace breakwater::simulator {

/// Six readings of a new device's recent past, one interval apart, so that its page is never empty
/// (contract). Oldest first, the last one at `now`. With the simulator's seed, what the simulator says next
/// goes on from them.
[[nodiscard]] std::vector<reading> sample_readings(const device_id& device, category kind, std::uint64_t seed,
                                                   timestamp now);

/// Speaks for the devices that are simulated, as long as they are active and don't sign in themselves: each
/// within its category's interval. One timer queue: a step costs what is due, not what exists. Driven from
/// outside by `step`, so tests turn the clock.
class simulator {
public:
    using sink = std::function<void(std::vector<reading>)>;

    /// Devices that one step handles at most; what is left is due at once.
    static constexpr std::size_t max_per_step = 1000;
    /// What falls due within a beat is emitted together: ten thousand devices cost four commits a second, not
    /// three hundred. Intervals are drawn so that waiting for the beat keeps them within the category's.
    static constexpr std::chrono::milliseconds beat{250};

    /// Starts with the simulated devices that the registry knows; later ones come through `add`.
    simulator(const storage::device_registry& devices, const clock& time, std::uint64_t seed, sink out);

    /// Adds a device; known ones are left as they are, and those that the registry
    /// doesn't know, or that aren't simulated, are ignored.
    /// Any thread may call.
    void add(const device_id& device);
    /// Emits what is due by now (late ones once, not once a missed interval), in one call of the sink, and
    /// forgets devices that are gone, or real by now. Returns when to call again, a beat to a second away, or
    /// at once where the step was full. One thread at a time; the sink runs on it, and may call `add`.
    [[nodiscard]] std::chrono::steady_clock::duration step();
    /// Devices in the queue; blocked ones are among them.
    [[nodiscard]] std::size_t size() const;

private:
    struct due {
        steady_point at;
        device_id device;
        bool operator>(const due& other) const noexcept { return at > other.at; }
    };

    [[nodiscard]] steady_point next_for(const device_id& device, category kind, steady_point from);
    [[nodiscard]] std::vector<reading> collect(steady_point now);

    const storage::device_registry& devices_;
    const clock& clock_;
    const std::uint64_t seed_;
    sink out_;
    mutable std::mutex mutex_;
    std::priority_queue<due, std::vector<due>, std::greater<>> queue_;
    std::unordered_set<device_id> known_;
    std::uint64_t draws_ = 0;
};

} // namespace breakwater::simulator
