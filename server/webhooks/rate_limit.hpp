#pragma once

#include "base/clock.hpp"
#include "domain/webhook.hpp"

#include <cstddef>
#include <deque>
#include <unordered_map>

namespace breakwater::webhooks {

/// At most so many messages to a webhook within any minute. One thread at a time.
class rate_limit {
public:
    static constexpr std::size_t messages = 60;
    static constexpr std::chrono::minutes window{1};

    /// How long until the webhook may be sent one more; zero: now.
    [[nodiscard]] steady_point::duration wait_for(webhook_id id, steady_point now);
    void sent(webhook_id id, steady_point now) { sent_[id].push_back(now); }
    /// Forgets webhooks that were sent nothing within the window.
    void forget_idle(steady_point now);

private:
    std::unordered_map<webhook_id, std::deque<steady_point>> sent_; ///< at most `messages` each
};

} // namespace breakwater::webhooks
