#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "live/live_event.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace breakwater::live {

/// The most recent events, numbered from 1. Every client reads them at its own pace, and after a short
/// disconnection it resumes where it stopped. Bounded in events and bytes; the oldest batches are removed
/// first. Any thread may call.
class event_log {
public:
    struct bounds {
        std::size_t events = 65'536;
        std::size_t bytes = 16U << 20; ///< of their texts
    };
    explicit event_log(const bounds& limits) : bounds_{limits} {}

    /// Numbers the events and appends them. First skips `lost` numbers, one for each event that was lost, so
    /// that every reader notices the gap.
    shared_batch append(std::vector<live_event> events, std::uint64_t lost = 0);
    /// The number of the next event.
    [[nodiscard]] std::uint64_t end() const;
    /// The number of the oldest stored event; `end` if there is none.
    [[nodiscard]] std::uint64_t begin() const;
    /// The batches with events from number `from` on, at most `max_batches` of them, in order. Empty if
    /// `from` is the end. If `from` is less than `begin()`, the result starts with the oldest batch.
    [[nodiscard]] std::vector<shared_batch> since(std::uint64_t from, std::size_t max_batches) const;

private:
    const bounds bounds_;
    mutable mutex mutex_;
    std::deque<shared_batch> batches_ GUARDED_BY(mutex_);
    std::uint64_t end_ GUARDED_BY(mutex_) = 1;
    std::size_t events_ GUARDED_BY(mutex_) = 0;
    std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

} // namespace breakwater::live
