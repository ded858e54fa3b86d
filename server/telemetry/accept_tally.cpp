#include "telemetry/accept_tally.hpp"

#include "base/log.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace breakwater::telemetry {

accept_tally::~accept_tally() {
    unique_lock lock{mutex_};
    idle_.wait(lock, [this]() REQUIRES(mutex_) { return !writing_; });
}

void accept_tally::add(const device_id& device, timestamp received_at, std::int64_t uploads) {
    const hour begin = std::chrono::floor<std::chrono::hours>(received_at);
    shard& part = shards_[device.bytes[15] % shard_count];
    const lock_guard lock{part.mutex};
    const auto [entry, is_new] = part.devices.try_emplace(device, current_count{begin, 0});
    current_count& current = entry->second;
    if (current.begin != begin) {
        part.finished.push_back({device, current.begin, current.uploads});
        current = {begin, 0};
        late_.store(true, std::memory_order_relaxed);
    }
    current.uploads += uploads;
    if (begin < collected_.load(std::memory_order_relaxed))
        late_.store(true, std::memory_order_relaxed); // received in an hour that was collected already
}

void accept_tally::collect(hour before) {
    std::vector<count> finished;
    for (shard& part : shards_) {
        const lock_guard lock{part.mutex};
        std::ranges::move(part.finished, std::back_inserter(finished));
        part.finished.clear();
        std::erase_if(part.devices, [&](const auto& entry) {
            const auto& [device, current] = entry;
            if (current.begin >= before)
                return false;
            finished.push_back({device, current.begin, current.uploads});
            return true;
        });
    }
    const lock_guard lock{mutex_};
    std::ranges::move(finished, std::back_inserter(due_));
}

void accept_tally::tick() {
    const hour now = std::chrono::floor<std::chrono::hours>(clock_.now());
    const bool new_hour = collected_.exchange(now, std::memory_order_relaxed) != now;
    if (late_.exchange(false, std::memory_order_relaxed) || new_hour)
        collect(now);
    {
        const lock_guard lock{mutex_};
        if (due_.empty() || std::exchange(writing_, true))
            return;
    }
    write_next();
}

/// REQUIRES: the caller set writing_, no other write runs, and due_ is not empty.
void accept_tally::write_next() {
    // Shared, since the completion needs the rows even if the work never runs.
    auto rows = std::make_shared<std::vector<count>>(take_rows());
    store_.write_async(
        [this, rows](storage::transaction& tx) { return append(tx, *rows); },
        [this, rows](const result<void>& outcome) { finish_write(std::move(*rows), outcome); });
}

void accept_tally::finish_write(std::vector<count> rows, const result<void>& outcome) {
    {
        const lock_guard lock{mutex_};
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
        unique_lock lock{mutex_};
        idle_.wait(lock, [this]() REQUIRES(mutex_) { return !writing_; });
    }
    collect(hour::max());
    for (std::vector<count> rows = take_rows(); !rows.empty(); rows = take_rows()) {
        const auto outcome = store_.write([&](storage::transaction& tx) { return append(tx, rows); });
        if (!outcome) {
            const lock_guard lock{mutex_};
            std::ranges::move(rows, std::back_inserter(due_));
            log::write(
                log::level::error, "the counts of accepted readings could not be written to the audit log",
                {{"devices and hours", std::to_string(due_.size())}, {"reason", outcome.error().detail}});
            return outcome;
        }
    }
    return {};
}

std::vector<accept_tally::count> accept_tally::take_rows() {
    const lock_guard lock{mutex_};
    const auto first = due_.end() - static_cast<std::ptrdiff_t>(std::min(due_.size(), max_rows));
    std::vector<count> rows(std::make_move_iterator(first), std::make_move_iterator(due_.end()));
    due_.erase(first, due_.end());
    return rows;
}

result<void> accept_tally::append(storage::transaction& tx, const std::vector<count>& rows) const {
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
        append_rfc3339(event.detail, row.begin);
        event.detail += '.';
        if (auto appended = tx.audit().append(event); !appended)
            return pass(std::move(appended));
    }
    return {};
}

} // namespace breakwater::telemetry
