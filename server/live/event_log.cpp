#include "live/event_log.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::live {

shared_batch event_log::append(std::vector<live_event> events, std::uint64_t lost) {
    auto batch = std::make_shared<event_batch>();
    batch->events = std::move(events);
    for (live_event& event : batch->events) {
        if (!batch->text.empty())
            batch->text += ',';
        event.offset = batch->text.size();
        event.length = event.text.size();
        batch->text += std::exchange(event.text, {});
    }
    const lock_guard lock{mutex_};
    batch->first = end_ + lost;
    end_ = batch->first + batch->events.size();
    events_ += batch->events.size();
    bytes_ += batch->text.size();
    batches_.push_back(batch);
    while (batches_.size() > 1 && (events_ > bounds_.events || bytes_ > bounds_.bytes)) {
        events_ -= batches_.front()->events.size();
        bytes_ -= batches_.front()->text.size();
        batches_.pop_front();
    }
    return batch;
}

std::uint64_t event_log::end() const {
    const lock_guard lock{mutex_};
    return end_;
}

std::uint64_t event_log::begin() const {
    const lock_guard lock{mutex_};
    return batches_.empty() ? end_ : batches_.front()->first;
}

std::vector<shared_batch> event_log::since(std::uint64_t from, std::size_t max_batches) const {
    const lock_guard lock{mutex_};
    const auto first = std::ranges::partition_point(
        batches_, [from](const shared_batch& batch) { return batch->end() <= from; });
    const auto count = std::min(max_batches, static_cast<std::size_t>(batches_.end() - first));
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

} // namespace breakwater::live
