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

/// Uniform over the category's interval, less the beat by which a reading may be late.
std::chrono::microseconds interval(category kind, std::uint64_t bits) {
    const category_info& known = info(kind);
    const std::chrono::duration<double> span = known.max_interval - known.min_interval - simulator::beat;
    return known.min_interval + std::chrono::duration_cast<std::chrono::microseconds>(span * unit(bits));
}

reading simulated_reading(const device_id& device, category kind, std::uint64_t seed, timestamp at) {
    reading made;
    made.device_id = device;
    made.device_timestamp = std::chrono::floor<std::chrono::seconds>(at);
    made.received_at = at;
    made.payload = simulated_payload(kind, seed, at);
    made.simulated = true;
    return made;
}

} // namespace

std::vector<reading> sample_readings(const device_id& device, category kind, std::uint64_t seed,
                                     timestamp now) {
    const std::uint64_t own_seed = device_seed(seed, device);
    std::vector<reading> made;
    made.reserve(sample_count);
    timestamp at = now;
    for (std::size_t i = 0; i < sample_count; ++i) {
        made.push_back(simulated_reading(device, kind, own_seed, at));
        at -= interval(kind, mix(own_seed, i));
    }
    std::ranges::reverse(made);
    return made;
}

simulator::simulator(const storage::device_registry& devices, const clock& time, std::uint64_t seed, sink out)
    : devices_{devices}, clock_{time}, seed_{seed}, out_{std::move(out)} {
    // The registry lists its devices in no order: sorted, so that the same seed gives every device the same
    // times.
    std::vector<std::pair<device_id, category>> found;
    devices_.for_each([&](const device_id& id, const storage::device_state& state) {
        if (state.simulated)
            found.emplace_back(id, state.category);
    });
    std::ranges::sort(found);
    const steady_point now = clock_.steady_now();
    for (const auto& [id, kind] : found) {
        known_.insert(id);
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
    const std::lock_guard lock{mutex_};
    if (known_.insert(device).second)
        queue_.push({next_for(device, state->category, clock_.steady_now()), device});
}

std::size_t simulator::size() const {
    const std::lock_guard lock{mutex_};
    return queue_.size();
}

std::vector<reading> simulator::collect(steady_point now) {
    const timestamp civil_now = clock_.now();
    std::vector<reading> made;
    for (std::size_t handled = 0; handled < max_per_step && !queue_.empty() && queue_.top().at <= now;
         ++handled) {
        const device_id device = queue_.top().device;
        queue_.pop();
        const auto state = devices_.find(device);
        if (!state || !state->simulated) {
            known_.erase(device);
            continue;
        }
        if (state->status == device_status::active)
            made.push_back(simulated_reading(device, state->category, device_seed(seed_, device), civil_now));
        // From now, not from when it was due: what was missed stays missed.
        queue_.push({next_for(device, state->category, now), device});
    }
    return made;
}

std::chrono::steady_clock::duration simulator::step() {
    using duration = std::chrono::steady_clock::duration;
    std::vector<reading> made;
    {
        const std::lock_guard lock{mutex_};
        made = collect(clock_.steady_now());
    }
    if (!made.empty())
        out_(std::move(made));
    const std::lock_guard lock{mutex_};
    constexpr duration longest = std::chrono::seconds{1};
    if (queue_.empty())
        return longest;
    const duration wait = queue_.top().at - clock_.steady_now();
    return wait <= duration::zero() ? duration::zero() : std::clamp<duration>(wait, beat, longest);
}

} // namespace breakwater::simulator
