#pragma once

#include "base/result.hpp"
#include "domain/alert.hpp"
#include "domain/webhook.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage {

/// Which deliveries, newest first. Every member narrows.
struct delivery_query {
    std::optional<webhook_id> webhook{};
    std::optional<delivery_state> state{};
    std::optional<delivery_id> before{}; ///< only what comes after this one in that order: a cursor
    std::size_t limit = 100;
};

/// A pending delivery with all that sending it takes.
struct outgoing_delivery {
    delivery_id id = 0;
    webhook_id webhook = 0;
    std::string url{};
    std::string secret{}; ///< never leaves the server
    std::string body{};
    std::int64_t attempts = 0; ///< so far
    timestamp next_attempt_at{};
};

struct failed_attempt {
    std::string error{}; ///< a sentence
    std::optional<std::int64_t> status{};
};

struct enqueued_count {
    std::int64_t pending = 0;
    std::int64_t dead = 0; ///< at once, since too many wait
};

/// A message that is no news if what it tells of is otherwise soon.
struct held_back {
    alert_id about = 0;
    timestamp until{};
};

/// Webhooks, and what is to be delivered to them: an outbox. A message is put in line in the transaction of
/// what it tells of, so that no crash comes between the two, and leaves the line in a later one: it is
/// delivered at least once.
class webhook_store {
public:
    virtual ~webhook_store() = default;

    virtual result<std::vector<webhook>> list() const = 0; ///< by id
    virtual result<std::optional<webhook>> find(webhook_id id) const = 0;
    virtual result<std::vector<webhook_delivery>> deliveries(const delivery_query& query) const = 0;
    virtual result<std::optional<webhook_delivery>> find_delivery(delivery_id id) const = 0;
    /// Of every enabled webhook the pending delivery whose turn it is first, due or not; the earliest first.
    virtual result<std::vector<outgoing_delivery>> next_of_each() const = 0;
    virtual result<std::int64_t> pending() const = 0;

    /// `secret`: what its messages are signed with; kept as it is. `bad_state` past `max_webhooks`.
    virtual result<webhook_id> insert(const webhook& added, std::string_view secret) = 0;
    /// Name, URL, severity, whether it is enabled, and when that was decided. `not_found`.
    virtual result<void> update(const webhook& changed) = 0;
    /// With its deliveries. `not_found`.
    virtual result<void> remove(webhook_id id) = 0;

    /// Puts a message in line for every enabled webhook that an alert of this severity matters to. Past
    /// `max_pending_deliveries` and `max_pending_of_webhook` it is dead at once.
    virtual result<enqueued_count> enqueue(alert_severity severity, std::string_view body, timestamp now,
                                           const std::optional<held_back>& hold = {}) = 0;
    /// What is held back about an alert, and wasn't sent yet, is not sent at all.
    virtual result<void> withdraw(alert_id about) = 0;
    /// Puts a message in line for one webhook. `not_found`; `bad_state` where it is disabled, or too many
    /// wait.
    virtual result<delivery_id> enqueue_for(webhook_id id, std::string_view body, timestamp now) = 0;

    /// One attempt more, answered with `status`. Nothing happens where the delivery is gone.
    virtual result<void> mark_delivered(delivery_id id, std::int64_t status, timestamp now) = 0;
    /// One attempt more, in vain; another one is due at `next`, or (nothing) the delivery is dead. False
    /// where it wasn't pending any more: then nothing happens.
    virtual result<bool> mark_failed(delivery_id id, const failed_attempt& what,
                                     std::optional<timestamp> next) = 0;
    /// All that waits for a webhook is dead; tells how many. `why` is a sentence.
    virtual result<std::int64_t> give_up(webhook_id id, std::string_view why) = 0;
    /// Puts a dead delivery in line again, its attempts counted anew. `not_found`; `bad_state` where it isn't
    /// dead, its webhook is disabled, or too many wait.
    virtual result<void> retry(delivery_id id, timestamp now) = 0;

    /// Removes at most `most` deliveries that are over: those made before `limit`, those past
    /// `max_kept_deliveries`, and those whose webhook is gone. Tells how many.
    virtual result<std::int64_t> expire(timestamp limit, std::int64_t most) = 0;
};

} // namespace breakwater::storage
