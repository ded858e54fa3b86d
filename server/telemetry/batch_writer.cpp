#include "telemetry/batch_writer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace breakwater::telemetry {

batch_writer::batch_writer(storage::database& store, const options& chosen, observer settled,
                           orphan_handler orphaned)
    : store_{store}, options_{chosen}, settled_{std::move(settled)}, orphaned_{std::move(orphaned)} {}

batch_writer::~batch_writer() {
    drain();
}

std::size_t batch_writer::size_of(const reading& what) noexcept {
    return sizeof(reading) + sizeof(waiter) + what.payload.size() + what.message_id.size();
}

bool batch_writer::has_room(user_id account, std::size_t count, std::size_t bytes, std::size_t bound) const {
    if (pending_ + count > std::min(bound, options_.max_pending))
        return false;
    const auto known = bytes_of_.find(account);
    const std::size_t its = known == bytes_of_.end() ? 0 : known->second;
    const std::size_t left = options_.max_bytes - std::min(pending_bytes_, options_.max_bytes);
    return its + bytes <= left;
}

void batch_writer::add(waiter added, batch& to) {
    pending_ += added.count;
    pending_bytes_ += added.bytes;
    bytes_of_[added.account] += added.bytes;
    to.bytes += added.bytes;
    to.waiters.push_back(std::move(added));
}

bool batch_writer::try_submit(user_id account, reading& what, completion& done, std::size_t bound) {
    const std::size_t bytes = size_of(what);
    {
        const std::lock_guard lock{mutex_};
        if (!has_room(account, 1, bytes, bound))
            return false;
        batch& home = last_batch();
        home.readings.push_back(std::move(what));
        add({.account = account, .bytes = bytes, .one = std::move(done)}, home);
        if (std::exchange(under_way_, true))
            return true; // it goes with the next batch
    }
    flush();
    return true;
}

bool batch_writer::try_submit_bundle(user_id account, bundle& what, bundle_completion& done,
                                     std::size_t bound) {
    std::size_t bytes = what.prepared ? what.prepared->bytes() : 0;
    for (const reading& each : what.readings)
        bytes += size_of(each);
    {
        const std::lock_guard lock{mutex_};
        if (!has_room(account, what.readings.size(), bytes, bound))
            return false;
        batch& home = last_batch();
        home.readings.insert(home.readings.end(), std::make_move_iterator(what.readings.begin()),
                             std::make_move_iterator(what.readings.end()));
        add({.count = what.readings.size(),
             .account = account,
             .bytes = bytes,
             .all = std::move(done),
             .prepared = std::move(what.prepared)},
            home);
        if (std::exchange(under_way_, true))
            return true;
    }
    flush();
    return true;
}

batch_writer::batch& batch_writer::last_batch() {
    if (waiting_.empty() || waiting_.back().readings.size() >= options_.max_batch ||
        waiting_.back().bytes >= options_.max_batch_bytes)
        waiting_.push_back(std::exchange(spare_, {}));
    return waiting_.back();
}

std::size_t batch_writer::pending() const {
    const std::lock_guard lock{mutex_};
    return pending_;
}

std::size_t batch_writer::pending_bytes() const {
    const std::lock_guard lock{mutex_};
    return pending_bytes_;
}

void batch_writer::drain() {
    std::unique_lock lock{mutex_};
    idle_.wait(lock, [this] { return !under_way_; });
}

/// REQUIRES: under_way_ is set by the caller, and nobody else's.
void batch_writer::flush() {
    storage::database::unit_of_work work = [this](storage::transaction& within) { return append(within); };
    storage::database::completion done = [this](result<void> outcome) { finish(std::move(outcome)); };
    if (options_.behind)
        store_.write_behind_async(std::move(work), std::move(done));
    else
        store_.write_async(std::move(work), std::move(done));
}

result<void> batch_writer::append(storage::transaction& within) {
    // Taken as late as this: all that came while the unit of work was queued goes with it.
    if (in_hand_.readings.empty())
        in_hand_ = take_front();
    else // run once more: what the first time gave is void
        std::ranges::for_each(in_hand_.readings, [](reading& what) { what.id = 0; });
    // What came one by one goes at once; a bundle that was prepared goes by itself.
    std::span<reading> left{in_hand_.readings};
    std::size_t unprepared = 0;
    for (const waiter& each : in_hand_.waiters) {
        if (!each.prepared) {
            unprepared += each.count;
            continue;
        }
        if (auto done = within.readings().append(left.first(unprepared)); !done)
            return done;
        left = left.subspan(std::exchange(unprepared, 0));
        if (auto done = within.readings().append(left.first(each.count), each.prepared.get()); !done)
            return done;
        left = left.subspan(each.count);
    }
    return within.readings().append(left);
}

void batch_writer::finish(result<void> outcome) {
    batch finished = std::exchange(in_hand_, {});
    if (finished.readings.empty()) {
        // The unit never ran: what waits would meet the same refusal, so it hears of it now.
        for (std::unique_lock lock{mutex_}; !waiting_.empty(); lock.lock()) {
            lock.unlock();
            finished = take_front();
            settle(finished, outcome);
        }
    } else {
        settle(finished, std::move(outcome));
    }
    finished.readings.clear();
    finished.waiters.clear();
    finished.bytes = 0;
    {
        const std::lock_guard lock{mutex_};
        if (finished.readings.capacity() > spare_.readings.capacity())
            spare_ = std::move(finished);
        if (waiting_.empty()) {
            under_way_ = false;
            idle_.notify_all(); // under the lock: whoever waits may destroy this at once
            return;
        }
    }
    flush();
}

void batch_writer::settle(batch& finished, result<void> outcome) {
    settled_(finished.readings, outcome);
    std::span<reading> left{finished.readings};
    for (waiter& each : finished.waiters) {
        const auto its = left.first(each.count);
        left = left.subspan(each.count);
        if (each.all) {
            if (outcome)
                each.all(its);
            else
                each.all(std::unexpected(outcome.error()));
        } else if (each.one) {
            if (!outcome)
                each.one(std::unexpected(outcome.error()));
            else if (its.front().id == 0)
                orphaned_(std::move(its.front()), std::move(each.one));
            else
                each.one(std::move(its.front()));
        }
    }
}

batch_writer::batch batch_writer::take_front() {
    const std::lock_guard lock{mutex_};
    batch front = std::move(waiting_.front());
    waiting_.pop_front();
    pending_ -= front.readings.size();
    pending_bytes_ -= front.bytes;
    for (const waiter& each : front.waiters) {
        const auto its = bytes_of_.find(each.account);
        its->second -= each.bytes;
        if (its->second == 0)
            bytes_of_.erase(its);
    }
    return front;
}

} // namespace breakwater::telemetry
