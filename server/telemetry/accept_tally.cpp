#include "telemetry/accept_tally.hpp"

#include "base/log.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace breakwater::telemetry {

accept_tally::~accept_tally() {
    std::unique_lock lock{mutex_};
    idle_.wait(lock, [this] { return !writing_; });
}

void accept_tally::add(const device_id& device, timestamp received_at, std::int64_t uploads) {
    const hour of = std::chrono::floor<std::chrono::hours>(received_at);
    shard& home = shards_[device.bytes[15] % shard_count];
    const std::lock_guard lock{home.mutex};
    const auto [found, added] = home.devices.try_emplace(device, running{of, 0});
    running& now = found->second;
    if (now.of != of) {
        home.over.push_back({device, now.of, now.uploads});
        now = {of, 0};
        late_.store(true, std::memory_order_relaxed);
    }
    now.uploads += uploads;
    if (of < collected_.load(std::memory_order_relaxed))
        late_.store(true, std::memory_order_relaxed); // admitted before the hour was over, committed after
}

void accept_tally::collect(hour before) {
    std::vector<count> found;
    for (shard& home : shards_) {
        const std::lock_guard lock{home.mutex};
        std::ranges::move(home.over, std::back_inserter(found));
        home.over.clear();
        std::erase_if(home.devices, [&](const auto& entry) {
            const auto& [device, now] = entry;
            if (now.of >= before)
                return false;
            found.push_back({device, now.of, now.uploads});
            return true;
        });
    }
    const std::lock_guard lock{mutex_};
    std::ranges::move(found, std::back_inserter(due_));
}

void accept_tally::tick() {
    const hour now = std::chrono::floor<std::chrono::hours>(clock_.now());
    const bool new_hour = collected_.exchange(now, std::memory_order_relaxed) != now;
    if (late_.exchange(false, std::memory_order_relaxed) || new_hour)
        collect(now);
    {
        const std::lock_guard lock{mutex_};
        if (due_.empty() || std::exchange(writing_, true))
            return;
    }
    write_next();
}

/// REQUIRES: writing_ is set by the caller, and nobody else's; due_ isn't empty.
void accept_tally::write_next() {
    // Shared, as both the work and its end need the rows, and the work may never run.
    auto rows = std::make_shared<std::vector<count>>(take_rows());
    store_.write_async([this, rows](storage::transaction& within) { return append(within, *rows); },
                       [this, rows](const result<void>& outcome) { written(std::move(*rows), outcome); });
}

void accept_tally::written(std::vector<count> rows, const result<void>& outcome) {
    {
        const std::lock_guard lock{mutex_};
        if (!outcome)
            std::ranges::move(rows, std::back_inserter(due_));
        if (!outcome || due_.empty()) {
            writing_ = false;
            idle_.notify_all();
            return;
        }
    }
    write_next();
}

result<void> accept_tally::close() {
    {
        std::unique_lock lock{mutex_};
        idle_.wait(lock, [this] { return !writing_; });
    }
    collect(hour::max());
    for (std::vector<count> rows = take_rows(); !rows.empty(); rows = take_rows()) {
        const auto outcome = store_.write([&](storage::transaction& within) { return append(within, rows); });
        if (!outcome) {
            const std::lock_guard lock{mutex_};
            std::ranges::move(rows, std::back_inserter(due_));
            log::write(
                log::level::error, "the counts of accepted readings could not be put on record",
                {{"devices and hours", std::to_string(due_.size())}, {"reason", outcome.error().detail}});
            return outcome;
        }
    }
    return {};
}

std::vector<accept_tally::count> accept_tally::take_rows() {
    const std::lock_guard lock{mutex_};
    const auto first = due_.end() - static_cast<std::ptrdiff_t>(std::min(due_.size(), max_rows));
    std::vector<count> rows(std::make_move_iterator(first), std::make_move_iterator(due_.end()));
    due_.erase(first, due_.end());
    return rows;
}

result<void> accept_tally::append(storage::transaction& within, const std::vector<count>& rows) const {
    for (const count& row : rows) {
        security_event event{.created_at = clock_.now(),
                             .actor = actor_type::device,
                             .actor_id = row.device.to_string(),
                             .type = event_type::reading_accept,
                             .status = event_status::success,
                             .target = target_of(target_type::device, row.device),
                             .count = row.uploads};
        event.detail = std::to_string(row.uploads);
        event.detail += row.uploads == 1 ? " reading" : " readings";
        event.detail += " accepted in the hour from ";
        append_rfc3339(event.detail, row.of);
        event.detail += '.';
        if (auto appended = within.audit().append(event); !appended)
            return pass(std::move(appended));
    }
    return {};
}

} // namespace breakwater::telemetry
