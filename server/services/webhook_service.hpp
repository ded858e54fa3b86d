#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/webhook.hpp"
#include "services/caller.hpp"
#include "services/change_writer.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"

#include <functional>
#include <string>
#include <vector>

namespace breakwater::services {

struct new_webhook {
    breakwater::webhook webhook;
    std::string secret; ///< shown this once
};

/// Webhooks and what was sent to them, for administrators, as whom the route lets nobody else in. The audit
/// log tells where they lead only as far as the host: the rest of a URL may be a secret of the receiver's.
/// Members block. Any thread may call.
class webhook_service {
public:
    struct parts {
        storage::database& store;
        storage::audit_recorder& audit;
        const clock& time;
        random_source& random;
        local_hosts local{};
        /// A message was put in line. Called after the commit, on the writer's thread: must not block.
        std::function<void()> queued = [] {};
    };
    explicit webhook_service(parts with)
        : with_{std::move(with)}, changes_{with_.store, with_.audit, with_.time} {}

    result<std::vector<webhook>> list();
    /// `invalid_input` where it can't be meant, or leads where nothing is sent to; `bad_state` past
    /// `max_webhooks`.
    result<new_webhook> create(webhook added, const caller& who);
    /// All but its secret. Where it is disabled, what waits for it is given up. `not_found`.
    result<webhook> update(webhook changed, const caller& who);
    result<void> remove(webhook_id id, const caller& who);

    /// Puts a message in line that says who asked for it. `not_found`; `bad_state` where it is disabled, or
    /// too many wait.
    result<delivery_id> test(webhook_id id, const caller& who);
    result<std::vector<webhook_delivery>> deliveries(const storage::delivery_query& query);
    /// `not_found`; `bad_state` where it isn't dead, or its webhook can't be sent anything.
    result<webhook_delivery> retry(delivery_id id, const caller& who);

private:
    /// `invalid_input` as in `create`.
    [[nodiscard]] result<void> check_sendable(const webhook& candidate) const;
    /// Puts a change on record.
    result<void> record(storage::transaction& tx, event_type type, webhook_id id, std::string detail,
                        const caller& who) const;

    parts with_;
    change_writer changes_;
};

} // namespace breakwater::services
