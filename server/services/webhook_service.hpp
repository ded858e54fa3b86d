#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/webhook.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "storage/catalogue.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::services {

/// Selects deliveries, newest first. Every member that is set narrows the selection.
struct delivery_query {
    std::optional<webhook_id> webhook{};
    std::optional<delivery_state> state{};
    std::optional<delivery_id> before{}; ///< cursor: only deliveries after this one in the order above
    std::size_t limit = 100;
};

/// Webhooks and their deliveries. The routes admit administrators only. The audit log names only the host of
/// a webhook, because the rest of its URL may be a secret of the receiver. Members block. Any thread may
/// call.
class webhook_service {
public:
    struct dependencies {
        storage::catalogue& store;
        breakwater::audit::recorder& audit;
        const clock& time;
        random_source& random;
        local_hosts local{};
    };
    explicit webhook_service(dependencies deps)
        : deps_{std::move(deps)}, changes_{deps_.store, deps_.audit, deps_.time} {}

    result<std::vector<webhook>> list();
    /// `invalid_input` when a value is invalid or the server does not send to this address; `bad_state` when
    /// there are `max_webhooks` already.
    result<new_webhook> create(webhook added, const caller& caller);
    /// Changes everything except the secret. Disabling a webhook gives up its queued messages. `not_found`.
    result<webhook> update(webhook changed, const caller& caller);
    result<void> remove(webhook_id id, const caller& caller);

    /// Queues a test message. `not_found`; `bad_state` when the webhook is disabled or has too many queued
    /// messages.
    result<delivery_id> test(webhook_id id, const caller& caller);
    result<std::vector<webhook_delivery>> deliveries(const delivery_query& query);
    /// `not_found`; `bad_state` when the delivery is not dead, or its webhook cannot be sent a message.
    result<webhook_delivery> retry(delivery_id id, const caller& caller);

private:
    /// `invalid_input` as in `create`.
    [[nodiscard]] result<void> check_sendable(const webhook& candidate) const;
    /// Appends a change to the audit log.
    result<void> record(storage::transaction& tx, event_type type, webhook_id id, std::string detail,
                        const caller& caller) const;

    dependencies deps_;
    change_writer changes_;
};

} // namespace breakwater::services
