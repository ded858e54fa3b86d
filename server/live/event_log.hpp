#pragma once

#include "base/clock.hpp"
#include "live/live_event.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace breakwater::live {

/// The last events, numbered from 1 on: where every client reads from at its own pace, and finds again what
/// it missed while it was away for a short time. Bounded in events and bytes; the oldest go first. Any thread
/// may call.
class event_log {
public:
    struct bounds {
        std::size_t events = 65'536;
        std::size_t bytes = 16U << 20; ///< of their texts
    };
    explicit event_log(const bounds& chosen) : bounds_{chosen} {}

    /// Gives the events their numbers. `lost`: so many were lost before them, and their numbers are left out,
    /// so that every reader sees that something is missing.
    shared_batch append(std::vector<live_event> events, std::uint64_t lost = 0);
    /// The number of the next event.
    [[nodiscard]] std::uint64_t end() const;
    /// The number of the oldest that is still there; `end` where none is.
    [[nodiscard]] std::uint64_t begin() const;
    /// The batches with events from `from` on, at most `most` of them, in order. Empty where `from` is the
    /// end. REQUIRES: `begin() <= from`; otherwise they begin with the oldest.
    [[nodiscard]] std::vector<shared_batch> since(std::uint64_t from, std::size_t most) const;

private:
    const bounds bounds_;
    mutable std::mutex mutex_;
    std::deque<shared_batch> batches_;
    std::uint64_t end_ = 1;
    std::size_t events_ = 0;
    std::size_t bytes_ = 0;
};

} // namespace breakwater::live
