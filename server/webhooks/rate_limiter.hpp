#pragma once

#include "base/clock.hpp"
#include "domain/webhook.hpp"

#include <cstddef>
#include <deque>
#include <unordered_map>

namespace breakwater::webhooks {

/// Limits the messages to each webhook within any minute. One thread at a time.
class rate_limiter {
public:
    static constexpr std::size_t messages = 60;
    static constexpr std::chrono::minutes window{1};

    /// The time until the webhook may get its next message; zero: now.
    [[nodiscard]] steady_point::duration wait_for(webhook_id id, steady_point now);
    void record(webhook_id id, steady_point now) { sent_[id].push_back(now); }
    /// Removes webhooks without messages in the window.
    void forget_idle(steady_point now);

private:
    std::unordered_map<webhook_id, std::deque<steady_point>> sent_; ///< times, at most `messages` each
};

} // namespace breakwater::webhooks
