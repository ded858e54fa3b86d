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

/// Six readings of a new device's recent past, one interval apart, so that its page is never empty (contract).
[[nodiscard]] std::vector<reading> sample_readings(const device_id& device, category kind, std::uint64_t seed,
                                                   timestamp now);

/// Makes active devices speak, each within its category's interval. One timer queue: a step costs what is due, not
/// what exists. Driven from outside by `step`, so tests turn the clock.
class simulator {
public:
    using sink = std::function<void(std::vector<reading>)>;

    simulator(const storage::device_registry& devices, const clock& time, std::uint64_t seed, sink out);

    /// Adds a device; known ones are left as they are. Any thread may call.
    void add(const device_id& device);
    /// Emits what is due by now (late ones once, not once a missed interval), in one call of the sink, and forgets
    /// devices that are gone. Returns when to call again, at most a second away.
    [[nodiscard]] std::chrono::steady_clock::duration step();

private:
    struct due {
        steady_point at;
        device_id device;
        bool operator>(const due& other) const noexcept { return at > other.at; }
    };

    const storage::device_registry& devices_;
    const clock& clock_;
    const std::uint64_t seed_;
    sink out_;
    std::mutex mutex_;
    std::priority_queue<due, std::vector<due>, std::greater<>> queue_;
    std::unordered_set<device_id> known_;
    std::uint64_t draws_ = 0;
};

} // namespace breakwater::simulator
