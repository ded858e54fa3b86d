#include "storage/sqlite/hot_index.hpp"

#include "base/calendar.hpp"
#include "storage/sqlite/connection.hpp"

#include <algorithm>

namespace breakwater::storage::sqlite {

namespace {

/// The first entry past that id.
auto past(std::vector<hot_entry>& entries, reading_id id) {
    return std::ranges::upper_bound(entries, id, {}, &hot_entry::id);
}

} // namespace

bool hot_index::add(std::span<const appended_reading> committed) {
    bool due = false;
    const std::lock_guard lock{mutex_};
    for (const appended_reading& each : committed) {
        device_entries& its = devices_[each.device];
        its.entries.push_back(each.entry);
        newest_ = std::max(newest_, each.entry.received_at());
        if (++its.unfolded == 1)
            place(each.device, its);
        if (its.unfolded == fold_size) {
            due_.push_back(each.device);
            due = true;
        }
    }
    if (committed.empty())
        return false;
    end_ = std::max(end_, committed.back().entry.id() + 1);
    unfolded_ += committed.size();
    since_look_ += committed.size();
    if (since_look_ >= look_after) {
        since_look_ = 0;
        due = true;
    }
    return due;
}

hot_index::device_view hot_index::of(device_key device) const {
    const std::lock_guard lock{mutex_};
    const auto found = devices_.find(device);
    if (found == devices_.end())
        return {};
    return {found->second.entries, found->second.forgotten_through};
}

void hot_index::folded(device_key device, reading_id through) {
    const std::lock_guard lock{mutex_};
    const auto found = devices_.find(device);
    if (found == devices_.end())
        return;
    device_entries& its = found->second;
    its.entries.erase(its.entries.begin(), past(its.entries, its.folded_through));
    its.forgotten_through = its.folded_through;
    its.folded_through = through;
    unfolded_ -= its.unfolded;
    its.unfolded = static_cast<std::size_t>(its.entries.end() - past(its.entries, through));
    unfolded_ += its.unfolded;
    place(device, its);
    if (its.unfolded >= fold_size)
        due_.push_back(device);
}

void hot_index::drop(device_key device) {
    const std::lock_guard lock{mutex_};
    const auto found = devices_.find(device);
    if (found == devices_.end())
        return;
    unfolded_ -= found->second.unfolded;
    found->second.unfolded = 0;
    place(device, found->second);
    devices_.erase(found);
    std::erase(due_, device);
}

std::vector<device_key> hot_index::take_due(std::size_t most) {
    const std::lock_guard lock{mutex_};
    const auto end = due_.begin() + static_cast<std::ptrdiff_t>(std::min(most, due_.size()));
    std::vector<device_key> taken{due_.begin(), end};
    due_.erase(due_.begin(), end);
    return taken;
}

void hot_index::put_back(std::span<const device_key> devices) {
    const std::lock_guard lock{mutex_};
    for (const device_key device : devices)
        if (const auto found = devices_.find(device); found != devices_.end() &&
                                                      found->second.unfolded >= fold_size &&
                                                      std::ranges::find(due_, device) == due_.end())
            due_.push_back(device);
}

void hot_index::begin_at(reading_id next) {
    const std::lock_guard lock{mutex_};
    end_ = std::max(end_, next);
}

std::vector<device_key> hot_index::unfolded_before(reading_id limit, std::size_t most) const {
    std::vector<device_key> found;
    const std::lock_guard lock{mutex_};
    for (const auto& [first, device] : by_first_id_) {
        if (found.size() == most || first >= limit)
            break;
        found.push_back(device);
    }
    return found;
}

std::vector<device_key> hot_index::unfolded_for(std::chrono::microseconds age, std::size_t most) const {
    std::vector<device_key> found;
    const std::lock_guard lock{mutex_};
    const timestamp limit = shifted(newest_, -age);
    for (const auto& [first, device] : by_first_arrival_) {
        if (found.size() == most || first > limit)
            break;
        found.push_back(device);
    }
    return found;
}

reading_id hot_index::first_unfolded() const {
    const std::lock_guard lock{mutex_};
    return by_first_id_.empty() ? end_ : by_first_id_.begin()->first;
}

std::vector<device_key> hot_index::heard_since(timestamp since) const {
    std::vector<device_key> found;
    const std::lock_guard lock{mutex_};
    for (const auto& [first, device] : by_first_id_) {
        const auto& entries = devices_.at(device).entries;
        const bool heard =
            std::ranges::any_of(entries.rbegin(), entries.rend(), [since](const hot_entry& each) {
                return !each.simulated() && each.received_at() >= since;
            });
        if (heard)
            found.push_back(device);
    }
    return found;
}

void hot_index::place(device_key device, device_entries& its) {
    if (its.oldest) {
        by_first_id_.erase({its.oldest->id(), device});
        by_first_arrival_.erase({its.oldest->received_at(), device});
        its.oldest.reset();
    }
    if (its.unfolded == 0)
        return;
    its.oldest = *(its.entries.end() - static_cast<std::ptrdiff_t>(its.unfolded));
    by_first_id_.emplace(its.oldest->id(), device);
    by_first_arrival_.emplace(its.oldest->received_at(), device);
}

std::size_t hot_index::unfolded() const {
    const std::lock_guard lock{mutex_};
    return unfolded_;
}

reading_id hot_index::end() const {
    const std::lock_guard lock{mutex_};
    return end_;
}

result<reading_id> learn_hot(connection& db, hot_index& index, reading_id after) {
    constexpr std::size_t rows_learnt_at_once = 4096;
    std::vector<appended_reading> found;
    statement query = db.prepare("SELECT h.id, h.device, h.received_at, h.simulated FROM hot_readings AS h"
                                 " LEFT JOIN folds AS f ON f.device = h.device"
                                 " WHERE h.id > ?1 AND h.id > ifnull(f.through, 0) ORDER BY h.id");
    query.bind(after);
    for (;;) {
        const auto row = query.step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row || found.size() == rows_learnt_at_once) {
            index.add(found);
            if (!found.empty())
                after = found.back().entry.id();
            found.clear();
        }
        if (!*row)
            return after;
        found.push_back({query.integer(1), {query.integer(0), query.time(2), query.integer(3) != 0}});
    }
}

} // namespace breakwater::storage::sqlite
