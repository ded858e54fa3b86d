#include "storage/engine/write_buffer_index.hpp"

#include "base/calendar.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::storage::engine {

namespace {

auto first_after(std::vector<buffered_reading>& entries, reading_id id) {
    return std::ranges::upper_bound(entries, id, {}, &buffered_reading::id);
}

/// At most `max_count` devices of the set with an id below the limit.
std::vector<device_key> first_devices(const std::set<std::pair<reading_id, device_key>>& by_first_id,
                                      reading_id limit, std::size_t max_count) {
    std::vector<device_key> devices;
    for (const auto& [first, device] : by_first_id) {
        if (devices.size() == max_count || first >= limit)
            break;
        devices.push_back(device);
    }
    return devices;
}

} // namespace

bool write_buffer_index::add(std::span<const appended_reading> committed) {
    bool due = false;
    const lock_guard lock{mutex_};
    for (const appended_reading& reading : committed) {
        device_entries& state = devices_[reading.device];
        if (!state.owned) {
            remove_position(reading.device, state);
            state.owned = true;
            update_position(reading.device, state);
        }
        insert(reading, state);
        due = check_due(reading.device, state) || due;
    }
    added_since_check_ += committed.size();
    if (added_since_check_ >= check_interval) {
        added_since_check_ = 0;
        due = true;
    }
    return due;
}

void write_buffer_index::add_foreign(std::span<const appended_reading> committed) {
    const lock_guard lock{mutex_};
    for (const appended_reading& reading : committed)
        insert(reading, devices_[reading.device]);
}

void write_buffer_index::insert(const appended_reading& added, device_entries& state) {
    const reading_id id = added.entry.id();
    if (state.entries.empty() || state.entries.back().id() < id)
        state.entries.push_back(added.entry);
    else // another lane wrote a later reading of the device, and was read first
        state.entries.insert(first_after(state.entries, id), added.entry);
    newest_ = std::max(newest_, added.entry.received_at());
    end_ = std::max(end_, id + 1);
    reading_id& lane_end = lane_ends_[added.entry.lane()];
    lane_end = std::max(lane_end, id + 1);
    ++uncompacted_;
    if (++state.uncompacted == 1 || id < state.oldest->id())
        update_position(added.device, state);
}

bool write_buffer_index::set_owned(device_key device, bool owned) {
    const lock_guard lock{mutex_};
    const auto position = devices_.find(device);
    if (position == devices_.end() || position->second.owned == owned)
        return false;
    device_entries& state = position->second;
    remove_position(device, state);
    state.owned = owned;
    update_position(device, state);
    if (!owned && std::exchange(state.is_due, false))
        std::erase(due_, device);
    return check_due(device, state);
}

bool write_buffer_index::check_due(device_key device, device_entries& state) {
    if (state.is_due || !state.owned || state.uncompacted < compaction_size)
        return false;
    state.is_due = true;
    due_.push_back(device);
    return true;
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
    if (through <= state.compacted_through)
        return;
    state.entries.erase(state.entries.begin(), first_after(state.entries, state.compacted_through));
    state.discarded_through = state.compacted_through;
    state.compacted_through = through;
    uncompacted_ -= state.uncompacted;
    state.uncompacted = static_cast<std::size_t>(state.entries.end() - first_after(state.entries, through));
    uncompacted_ += state.uncompacted;
    update_position(device, state);
    check_due(device, state);
}

void write_buffer_index::drop(device_key device) {
    const lock_guard lock{mutex_};
    const auto position = devices_.find(device);
    if (position == devices_.end())
        return;
    uncompacted_ -= position->second.uncompacted;
    remove_position(device, position->second);
    if (position->second.is_due)
        std::erase(due_, device);
    devices_.erase(position);
}

std::vector<device_key> write_buffer_index::take_due(std::size_t max_count) {
    const lock_guard lock{mutex_};
    const auto end = due_.begin() + static_cast<std::ptrdiff_t>(std::min(max_count, due_.size()));
    std::vector<device_key> devices{due_.begin(), end};
    due_.erase(due_.begin(), end);
    for (const device_key device : devices)
        devices_.at(device).is_due = false;
    return devices;
}

void write_buffer_index::requeue(std::span<const device_key> devices) {
    const lock_guard lock{mutex_};
    for (const device_key device : devices)
        if (const auto position = devices_.find(device); position != devices_.end())
            check_due(device, position->second);
}

void write_buffer_index::begin_at(reading_id next, lane_number lane) {
    const lock_guard lock{mutex_};
    end_ = std::max(end_, next);
    lane_ends_[lane] = std::max(lane_ends_[lane], next);
}

std::vector<device_key> write_buffer_index::uncompacted_before(reading_id limit,
                                                               std::size_t max_count) const {
    const lock_guard lock{mutex_};
    return first_devices(owned_by_first_id_, limit, max_count);
}

std::vector<device_key> write_buffer_index::foreign_before(reading_id limit, std::size_t max_count) const {
    const lock_guard lock{mutex_};
    return first_devices(foreign_by_first_id_, limit, max_count);
}

std::vector<device_key> write_buffer_index::uncompacted_for(std::chrono::microseconds age,
                                                            std::size_t max_count) const {
    std::vector<device_key> devices;
    const lock_guard lock{mutex_};
    const timestamp limit = shifted(newest_, -age);
    for (const auto& [first, device] : owned_by_first_arrival_) {
        if (devices.size() == max_count || first > limit)
            break;
        devices.push_back(device);
    }
    return devices;
}

reading_id write_buffer_index::first_uncompacted() const {
    const lock_guard lock{mutex_};
    return lowest_uncompacted();
}

reading_id write_buffer_index::compacted_end(lane_number lane) const {
    const lock_guard lock{mutex_};
    return std::min(lowest_uncompacted(), lane_ends_[lane]);
}

reading_id write_buffer_index::lowest_uncompacted() const {
    reading_id first = end_;
    for (const devices_by_id* devices : {&owned_by_first_id_, &foreign_by_first_id_})
        if (!devices->empty())
            first = std::min(first, devices->begin()->first);
    return first;
}

reading_id write_buffer_index::first_owned_uncompacted() const {
    const lock_guard lock{mutex_};
    return owned_by_first_id_.empty() ? end_ : owned_by_first_id_.begin()->first;
}

std::vector<device_key> write_buffer_index::active_since(timestamp since) const {
    std::vector<device_key> devices;
    const lock_guard lock{mutex_};
    for (const devices_by_id* set : {&owned_by_first_id_, &foreign_by_first_id_})
        for (const auto& [first, device] : *set) {
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

void write_buffer_index::remove_position(device_key device, device_entries& state) {
    if (!state.oldest)
        return;
    (state.owned ? owned_by_first_id_ : foreign_by_first_id_).erase({state.oldest->id(), device});
    if (state.owned)
        owned_by_first_arrival_.erase({state.oldest->received_at(), device});
    state.oldest.reset();
}

void write_buffer_index::update_position(device_key device, device_entries& state) {
    remove_position(device, state);
    if (state.uncompacted == 0)
        return;
    state.oldest = *(state.entries.end() - static_cast<std::ptrdiff_t>(state.uncompacted));
    (state.owned ? owned_by_first_id_ : foreign_by_first_id_).emplace(state.oldest->id(), device);
    if (state.owned)
        owned_by_first_arrival_.emplace(state.oldest->received_at(), device);
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
