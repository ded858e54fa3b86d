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

bool batch_writer::try_submit(reading& what, completion& done, std::size_t bound) {
    {
        const std::lock_guard lock{mutex_};
        if (pending_ >= std::min(bound, options_.max_pending))
            return false;
        batch& home = last_batch();
        home.readings.push_back(std::move(what));
        home.waiters.push_back({.one = std::move(done)});
        ++pending_;
        if (std::exchange(under_way_, true))
            return true; // it goes with the next batch
    }
    flush();
    return true;
}

bool batch_writer::try_submit_bundle(std::vector<reading>& what, bundle_completion& done, std::size_t bound) {
    {
        const std::lock_guard lock{mutex_};
        if (pending_ + what.size() > std::min(bound, options_.max_pending))
            return false;
        batch& home = last_batch();
        home.readings.insert(home.readings.end(), std::make_move_iterator(what.begin()),
                             std::make_move_iterator(what.end()));
        home.waiters.push_back({.count = what.size(), .all = std::move(done)});
        pending_ += what.size();
        if (std::exchange(under_way_, true))
            return true;
    }
    flush();
    return true;
}

batch_writer::batch& batch_writer::last_batch() {
    if (waiting_.empty() || waiting_.back().readings.size() >= options_.max_batch)
        waiting_.push_back(std::exchange(spare_, {}));
    return waiting_.back();
}

std::size_t batch_writer::pending() const {
    const std::lock_guard lock{mutex_};
    return pending_;
}

void batch_writer::drain() {
    std::unique_lock lock{mutex_};
    idle_.wait(lock, [this] { return !under_way_; });
}

/// REQUIRES: under_way_ is set by the caller, and nobody else's.
void batch_writer::flush() {
    store_.write_async([this](storage::transaction& within) { return append(within); },
                       [this](result<void> outcome) { finish(std::move(outcome)); });
}

result<void> batch_writer::append(storage::transaction& within) {
    // Taken as late as this: all that came while the unit of work was queued goes with it.
    if (in_hand_.readings.empty())
        in_hand_ = take_front();
    else // run once more: what the first time gave is void
        std::ranges::for_each(in_hand_.readings, [](reading& what) { what.id = 0; });
    return within.readings().append(in_hand_.readings);
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
    return front;
}

} // namespace breakwater::telemetry
