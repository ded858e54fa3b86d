#include "telemetry/group_writer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace breakwater::telemetry {

group_writer::group_writer(storage::catalogue& store, const options& settings, observer on_commit)
    : store_{store},
      options_{settings},
      on_commit_{std::move(on_commit)},
      pending_{{.max_readings = settings.max_pending, .max_bytes = settings.max_bytes}} {}

group_writer::~group_writer() {
    drain();
}

std::size_t group_writer::size_of(const reading& item) noexcept {
    return sizeof(reading) + sizeof(upload) + item.payload.size() + item.message_id.size();
}

bool group_writer::try_submit(user_id account, std::span<reading> readings, prepared_readings& prepared,
                              completion& done, std::size_t limit) {
    std::size_t bytes = prepared ? prepared->bytes() : 0;
    for (const reading& item : readings)
        bytes += size_of(item);
    {
        const lock_guard lock{mutex_};
        if (!pending_.take(account, readings.size(), bytes, limit))
            return false;
        group& target = open_group();
        target.readings.insert(target.readings.end(), std::make_move_iterator(readings.begin()),
                               std::make_move_iterator(readings.end()));
        target.uploads.push_back({.end = target.readings.size(),
                                  .account = account,
                                  .bytes = bytes,
                                  .done = std::move(done),
                                  .prepared = std::move(prepared)});
        target.bytes += bytes;
        if (std::exchange(is_writing_, true))
            return true; // the running flush takes this group next
    }
    flush();
    return true;
}

group_writer::group& group_writer::open_group() {
    if (queue_.empty() || queue_.back().readings.size() >= options_.max_per_transaction ||
        queue_.back().bytes >= options_.max_bytes_per_transaction)
        queue_.emplace_back();
    return queue_.back();
}

std::size_t group_writer::pending() const {
    const lock_guard lock{mutex_};
    return pending_.readings();
}

std::size_t group_writer::pending_bytes() const {
    const lock_guard lock{mutex_};
    return pending_.bytes();
}

void group_writer::drain() {
    unique_lock lock{mutex_};
    idle_.wait(lock, [this]() REQUIRES(mutex_) { return !is_writing_; });
}

/// REQUIRES: the caller set is_writing_, and no other flush runs.
void group_writer::flush() {
    storage::catalogue::unit_of_work work = [this](storage::transaction& tx) { return append(tx); };
    storage::catalogue::completion done = [this](result<void> outcome) { finish(std::move(outcome)); };
    if (options_.low_priority)
        store_.write_behind_async(std::move(work), std::move(done));
    else
        store_.write_async(std::move(work), std::move(done));
}

result<void> group_writer::append(storage::transaction& tx) {
    // Takes the group only now, so that it includes the readings that arrived while this work was queued.
    current_ = take_front();
    // Consecutive readings without preparation are appended together, each prepared upload by itself.
    const std::span<reading> readings{current_.readings};
    std::size_t appended = 0;
    std::size_t previous_end = 0;
    for (const upload& entry : current_.uploads) {
        if (entry.prepared) {
            if (auto done = tx.readings().append(readings.subspan(appended, previous_end - appended)); !done)
                return done;
            if (auto done = tx.readings().append(readings.subspan(previous_end, entry.end - previous_end),
                                                 entry.prepared.get());
                !done)
                return done;
            appended = entry.end;
        }
        previous_end = entry.end;
    }
    return tx.readings().append(readings.subspan(appended));
}

void group_writer::finish(result<void> outcome) {
    group finished = std::exchange(current_, {});
    if (finished.readings.empty()) {
        // The database refused the work without running it, and would refuse the queued groups too: fail
        // them now.
        for (unique_lock lock{mutex_}; !queue_.empty(); lock.lock()) {
            lock.unlock();
            complete(take_front(), outcome);
        }
    } else {
        complete(std::move(finished), outcome);
    }
    {
        const lock_guard lock{mutex_};
        if (queue_.empty()) {
            is_writing_ = false;
            idle_.notify_all(); // under the lock: the waiting thread may destroy this object at once
            return;
        }
    }
    flush();
}

void group_writer::complete(group finished, const result<void>& outcome) {
    std::vector<std::size_t> ends(finished.uploads.size());
    std::ranges::transform(finished.uploads, ends.begin(), &upload::end);
    const auto committed =
        std::make_shared<const events::readings_committed>(std::move(finished.readings), std::move(ends));
    on_commit_(committed, outcome);
    for (std::size_t i = 0; i < finished.uploads.size(); ++i) {
        if (!finished.uploads[i].done)
            continue;
        if (outcome)
            finished.uploads[i].done(events::committed_upload{committed, i});
        else
            finished.uploads[i].done(std::unexpected(outcome.error()));
    }
}

group_writer::group group_writer::take_front() {
    const lock_guard lock{mutex_};
    group front = std::move(queue_.front());
    queue_.pop_front();
    std::size_t begin = 0;
    for (const upload& entry : front.uploads) {
        pending_.give_back(entry.account, entry.end - begin, entry.bytes);
        begin = entry.end;
    }
    return front;
}

} // namespace breakwater::telemetry
