#include "storage/engine/write_buffer_index.hpp"

#include "base/calendar.hpp"

#include <algorithm>

namespace breakwater::storage::engine {

namespace {

auto first_after(std::vector<buffered_reading>& entries, reading_id id) {
    return std::ranges::upper_bound(entries, id, {}, &buffered_reading::id);
}

} // namespace

bool write_buffer_index::add(std::span<const appended_reading> committed) {
    bool due = false;
    const lock_guard lock{mutex_};
    for (const appended_reading& reading : committed) {
        device_entries& state = devices_[reading.device];
        state.entries.push_back(reading.entry);
        newest_ = std::max(newest_, reading.entry.received_at());
        if (++state.uncompacted == 1)
            update_position(reading.device, state);
        if (state.uncompacted == compaction_size) {
            due_.push_back(reading.device);
            due = true;
        }
    }
    if (committed.empty())
        return false;
    end_ = std::max(end_, committed.back().entry.id() + 1);
    uncompacted_ += committed.size();
    added_since_check_ += committed.size();
    if (added_since_check_ >= check_interval) {
        added_since_check_ = 0;
        due = true;
    }
    return due;
}

write_buffer_index::device_view write_buffer_index::view(device_key device) const {
    const lock_guard lock{mutex_};
    const auto position = devices_.find(device);
    if (position == devices_.end())
        return {};
    return {position->second.entries, position->second.discarded_through};
}

void write_buffer_index::compacted(device_key device, reading_id through) {
    const lock_guard lock{mutex_};
    const auto position = devices_.find(device);
    if (position == devices_.end())
        return;
    device_entries& state = position->second;
    state.entries.erase(state.entries.begin(), first_after(state.entries, state.compacted_through));
    state.discarded_through = state.compacted_through;
    state.compacted_through = through;
    uncompacted_ -= state.uncompacted;
    state.uncompacted = static_cast<std::size_t>(state.entries.end() - first_after(state.entries, through));
    uncompacted_ += state.uncompacted;
    update_position(device, state);
    if (state.uncompacted >= compaction_size)
        due_.push_back(device);
}

void write_buffer_index::drop(device_key device) {
    const lock_guard lock{mutex_};
    const auto position = devices_.find(device);
    if (position == devices_.end())
        return;
    uncompacted_ -= position->second.uncompacted;
    position->second.uncompacted = 0;
    update_position(device, position->second);
    devices_.erase(position);
    std::erase(due_, device);
}

std::vector<device_key> write_buffer_index::take_due(std::size_t max_count) {
    const lock_guard lock{mutex_};
    const auto end = due_.begin() + static_cast<std::ptrdiff_t>(std::min(max_count, due_.size()));
    std::vector<device_key> devices{due_.begin(), end};
    due_.erase(due_.begin(), end);
    return devices;
}

void write_buffer_index::requeue(std::span<const device_key> devices) {
    const lock_guard lock{mutex_};
    for (const device_key device : devices)
        if (const auto position = devices_.find(device); position != devices_.end() &&
                                                         position->second.uncompacted >= compaction_size &&
                                                         std::ranges::find(due_, device) == due_.end())
            due_.push_back(device);
}

void write_buffer_index::begin_at(reading_id next) {
    const lock_guard lock{mutex_};
    end_ = std::max(end_, next);
}

std::vector<device_key> write_buffer_index::uncompacted_before(reading_id limit,
                                                               std::size_t max_count) const {
    std::vector<device_key> devices;
    const lock_guard lock{mutex_};
    for (const auto& [first, device] : by_first_id_) {
        if (devices.size() == max_count || first >= limit)
            break;
        devices.push_back(device);
    }
    return devices;
}

std::vector<device_key> write_buffer_index::uncompacted_for(std::chrono::microseconds age,
                                                            std::size_t max_count) const {
    std::vector<device_key> devices;
    const lock_guard lock{mutex_};
    const timestamp limit = shifted(newest_, -age);
    for (const auto& [first, device] : by_first_arrival_) {
        if (devices.size() == max_count || first > limit)
            break;
        devices.push_back(device);
    }
    return devices;
}

reading_id write_buffer_index::first_uncompacted() const {
    const lock_guard lock{mutex_};
    return by_first_id_.empty() ? end_ : by_first_id_.begin()->first;
}

std::vector<device_key> write_buffer_index::active_since(timestamp since) const {
    std::vector<device_key> devices;
    const lock_guard lock{mutex_};
    for (const auto& [first, device] : by_first_id_) {
        const auto& entries = devices_.at(device).entries;
        const bool is_active =
            std::ranges::any_of(entries.rbegin(), entries.rend(), [since](const buffered_reading& entry) {
                return !entry.simulated() && entry.received_at() >= since;
            });
        if (is_active)
            devices.push_back(device);
    }
    return devices;
}

void write_buffer_index::update_position(device_key device, device_entries& state) {
    if (state.oldest) {
        by_first_id_.erase({state.oldest->id(), device});
        by_first_arrival_.erase({state.oldest->received_at(), device});
        state.oldest.reset();
    }
    if (state.uncompacted == 0)
        return;
    state.oldest = *(state.entries.end() - static_cast<std::ptrdiff_t>(state.uncompacted));
    by_first_id_.emplace(state.oldest->id(), device);
    by_first_arrival_.emplace(state.oldest->received_at(), device);
}

std::size_t write_buffer_index::uncompacted() const {
    const lock_guard lock{mutex_};
    return uncompacted_;
}

reading_id write_buffer_index::end() const {
    const lock_guard lock{mutex_};
    return end_;
}

} // namespace breakwater::storage::engine
