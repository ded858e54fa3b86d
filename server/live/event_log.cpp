#include "live/event_log.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::live {

shared_batch event_log::append(std::vector<live_event> events, std::uint64_t lost) {
    auto made = std::make_shared<event_batch>();
    made->events = std::move(events);
    for (live_event& each : made->events) {
        if (!made->text.empty())
            made->text += ',';
        each.offset = made->text.size();
        each.length = each.text.size();
        made->text += std::exchange(each.text, {});
    }
    const std::lock_guard lock{mutex_};
    made->first = end_ + lost;
    end_ = made->first + made->events.size();
    events_ += made->events.size();
    bytes_ += made->text.size();
    batches_.push_back(made);
    while (batches_.size() > 1 && (events_ > bounds_.events || bytes_ > bounds_.bytes)) {
        events_ -= batches_.front()->events.size();
        bytes_ -= batches_.front()->text.size();
        batches_.pop_front();
    }
    return made;
}

std::uint64_t event_log::end() const {
    const std::lock_guard lock{mutex_};
    return end_;
}

std::uint64_t event_log::begin() const {
    const std::lock_guard lock{mutex_};
    return batches_.empty() ? end_ : batches_.front()->first;
}

std::vector<shared_batch> event_log::since(std::uint64_t from, std::size_t most) const {
    const std::lock_guard lock{mutex_};
    const auto first = std::ranges::partition_point(
        batches_, [from](const shared_batch& each) { return each->end() <= from; });
    const auto count = std::min(most, static_cast<std::size_t>(batches_.end() - first));
    return {first, first + static_cast<std::ptrdiff_t>(count)};
}

} // namespace breakwater::live
