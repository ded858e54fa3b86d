#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "outbox/destination.hpp"
#include "webhooks/rate_limiter.hpp"
#include "webhooks/transport.hpp"

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace breakwater::webhooks {

using attempt_completion = std::move_only_function<void(attempt_outcome)>;

/// The webhooks as a destination of the outbox. It signs messages, keeps to the webhook's rate limit
/// (`rate_limiter`), and retries as in `delay_after`. If a failed response has Retry-After (RFC 9110 section
/// 10.2.3), the receiver gets no message for that time, but for `max_retry_after` at most. If a receiver
/// responds 410 Gone (section 15.5.11), the webhook is disabled, with an audit event.
class webhook_destination final : public outbox::destination {
public:
    struct dependencies {
        storage::catalogue& store;
        const clock& time;
        /// Starts an attempt without waiting for it. Calls the completion at most once, on any thread.
        std::function<void(attempt, attempt_completion)> start;
    };
    webhook_destination(dependencies deps, std::string user_agent)
        : deps_{std::move(deps)}, user_agent_{std::move(user_agent)} {}

    result<void> send(const outbox_message& message, outbox::completion done) override;
    [[nodiscard]] std::size_t max_in_flight() const override { return 8; }
    [[nodiscard]] steady_point::duration wait_for(std::int64_t id, steady_point now) override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> delay_after(std::int64_t attempts,
                                                                       random_source& random) override;
    result<bool> is_gone(storage::transaction& tx, const outbox::failure& attempt) override;
    result<void> on_failure(storage::transaction& tx, const outbox::failure& attempt, bool is_dead,
                            bool is_gone) override;

private:
    /// A receiver responded with Retry-After: its webhook gets no messages before `until`.
    struct pause {
        steady_point until{};
        std::string url{}; ///< of that receiver; the pause does not apply to another URL of the webhook
    };

    [[nodiscard]] result<std::optional<storage::webhook_receiver>> receiver_of(webhook_id id) const;
    [[nodiscard]] outbox::attempt_outcome finish(webhook_id id, const std::string& url,
                                                 attempt_outcome outcome);
    [[nodiscard]] steady_point::duration pause_of(webhook_id id, steady_point now);

    dependencies deps_;
    std::string user_agent_;
    rate_limiter rate_;
    mutex mutex_;
    std::unordered_map<webhook_id, pause> pauses_ GUARDED_BY(mutex_);
};

} // namespace breakwater::webhooks
