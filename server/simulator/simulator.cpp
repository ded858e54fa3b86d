#include "simulator/simulator.hpp"

#include "simulator/noise.hpp"
#include "simulator/profiles.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace breakwater::simulator {

namespace {

constexpr std::size_t sample_count = 6;

std::uint64_t device_seed(std::uint64_t seed, const device_id& device) {
    std::uint64_t halves[2];
    std::memcpy(halves, device.bytes.data(), sizeof halves);
    return mix(mix(seed, halves[0]), halves[1]);
}

/// Uniform over the category's interval, minus the beat by which a reading may be late.
std::chrono::microseconds interval(category kind, std::uint64_t bits) {
    const category_info& limits = info(kind);
    const std::chrono::duration<double> span = limits.max_interval - limits.min_interval - simulator::beat;
    return limits.min_interval + std::chrono::duration_cast<std::chrono::microseconds>(span * unit(bits));
}

reading simulated_reading(const device_id& device, category kind, std::uint64_t seed, timestamp at) {
    reading generated;
    generated.device_id = device;
    generated.device_timestamp = std::chrono::floor<std::chrono::seconds>(at);
    generated.received_at = at;
    generated.payload = simulated_payload(kind, seed, at);
    generated.simulated = true;
    return generated;
}

} // namespace

std::vector<reading> sample_readings(const device_id& device, category kind, std::uint64_t seed,
                                     timestamp now) {
    const std::uint64_t sample_seed = device_seed(seed, device);
    std::vector<reading> readings;
    readings.reserve(sample_count);
    timestamp at = now;
    for (std::size_t i = 0; i < sample_count; ++i) {
        readings.push_back(simulated_reading(device, kind, sample_seed, at));
        at -= interval(kind, mix(sample_seed, i));
    }
    std::ranges::reverse(readings);
    return readings;
}

simulator::simulator(const registry::device_registry& devices, const clock& time, std::uint64_t seed,
                     sink out)
    : devices_{devices}, clock_{time}, seed_{seed}, out_{std::move(out)} {
    // The registry has no order. Sorting gives each device the same times whenever the seed is the same.
    std::vector<std::pair<device_id, category>> simulated;
    devices_.for_each([&](const device_id& id, const registry::device_state& state) {
        if (state.simulated)
            simulated.emplace_back(id, state.category);
    });
    std::ranges::sort(simulated);
    const steady_point now = clock_.steady_now();
    for (const auto& [id, kind] : simulated) {
        queued_.insert(id);
        queue_.push({next_for(id, kind, now), id});
    }
}

steady_point simulator::next_for(const device_id& device, category kind, steady_point from) {
    return from + interval(kind, mix(device_seed(seed_, device), draws_++));
}

void simulator::add(const device_id& device) {
    const auto state = devices_.find(device);
    if (!state || !state->simulated)
        return;
    const lock_guard lock{mutex_};
    if (queued_.insert(device).second)
        queue_.push({next_for(device, state->category, clock_.steady_now()), device});
}

std::size_t simulator::size() const {
    const lock_guard lock{mutex_};
    return queue_.size();
}

std::vector<reading> simulator::collect(steady_point now) {
    const timestamp civil_now = clock_.now();
    std::vector<reading> readings;
    for (std::size_t handled = 0; handled < max_per_step && !queue_.empty() && queue_.top().at <= now;
         ++handled) {
        const device_id device = queue_.top().device;
        queue_.pop();
        const auto state = devices_.find(device);
        if (!state || !state->simulated) {
            queued_.erase(device);
            continue;
        }
        if (state->status == device_status::active)
            readings.push_back(
                simulated_reading(device, state->category, device_seed(seed_, device), civil_now));
        // Counts from now, not from the due time: missed intervals are not made up for.
        queue_.push({next_for(device, state->category, now), device});
    }
    return readings;
}

void simulator::follow(const change& committed) {
    if (const auto* saved = std::get_if<device_saved>(&committed);
        saved != nullptr && saved->kind == device_change::created)
        add(saved->state.id);
}

std::chrono::steady_clock::duration simulator::step() {
    using duration = std::chrono::steady_clock::duration;
    std::vector<reading> readings;
    {
        const lock_guard lock{mutex_};
        readings = collect(clock_.steady_now());
    }
    if (!readings.empty())
        out_(std::move(readings));
    const lock_guard lock{mutex_};
    constexpr duration max_wait = std::chrono::seconds{1};
    if (queue_.empty())
        return max_wait;
    const duration wait = queue_.top().at - clock_.steady_now();
    return wait <= duration::zero() ? duration::zero() : std::clamp<duration>(wait, beat, max_wait);
}

} // namespace breakwater::simulator
