#pragma once

#include "base/result.hpp"
#include "domain/outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage {

/// Selects messages, newest first. Every member that is set narrows the selection.
struct message_query {
    std::optional<destination_kind> kind{};
    std::optional<std::int64_t> destination{}; ///< the id of a destination
    std::optional<delivery_state> state{};
    std::optional<message_id> before{}; ///< cursor: only messages after this one in the order above
    std::size_t limit = 100;
};

/// Delays a message until `until`. Until then, `outbox_store::withdraw` can cancel it by its key.
struct message_hold {
    std::int64_t withdrawal_key = 0; ///< what the message is about: for webhooks the id of the alert
    timestamp until{};
};

struct enqueued_message {
    message_id id = 0;
    bool is_dead = false; ///< dead at once because too many messages are pending
};

/// The scheduling part of a pending message.
struct pending_message {
    message_id id = 0;
    destination_key destination{};
    std::int64_t attempts = 0; ///< so far
    timestamp next_attempt_at{};
};

struct failed_attempt {
    std::string error{}; ///< a sentence
    std::optional<std::int64_t> status{};
};

/// The reason why a message is dead at once, and why a dead one can't be retried.
inline constexpr std::string_view too_many_pending = "Too many deliveries are already pending.";

/// Messages to destinations outside. The transaction that changes something also enqueues the message about
/// it, so a crash cannot lose one of the two. A later transaction marks the message as delivered. So each
/// message is delivered at least once. The store doesn't know which destinations exist: their owner calls
/// `remove` when it removes one.
class outbox_store {
public:
    virtual ~outbox_store() = default;

    /// Without messages of removed destinations.
    virtual result<std::vector<outbox_message>> list(const message_query& query) const = 0;
    /// Nothing for a message of a removed destination.
    virtual result<std::optional<outbox_message>> find(message_id id) const = 0;
    /// For each destination the pending message with the earliest next attempt, due or not; earliest first.
    virtual result<std::vector<pending_message>> next() const = 0;
    /// Number of pending messages to destinations of this kind.
    virtual result<std::int64_t> pending(destination_kind kind) const = 0;

    /// Beyond the limits in domain/outbox.hpp the message is dead at once; no other message is affected.
    virtual result<enqueued_message> enqueue(const destination_key& destination, std::string_view payload,
                                             timestamp now, const std::optional<message_hold>& hold = {}) = 0;
    /// Removes pending held messages of this kind and key that no attempt was made to send.
    virtual result<void> withdraw(destination_kind kind, std::int64_t withdrawal_key) = 0;

    /// Counts an attempt that was answered with `status`. Does nothing if the message was removed.
    virtual result<void> mark_delivered(message_id id, std::int64_t status, timestamp now) = 0;
    /// Counts a failed attempt. The next attempt is due at `next`; without `next` the message is dead.
    /// Returns false and changes nothing if the message was no longer pending.
    virtual result<bool> mark_failed(message_id id, const failed_attempt& attempt,
                                     std::optional<timestamp> next, timestamp now) = 0;
    /// Marks all pending messages of a destination as dead. Returns how many. `reason` is a sentence.
    virtual result<std::int64_t> give_up(const destination_key& destination, std::string_view reason,
                                         timestamp now) = 0;
    /// Makes a dead message pending again and resets its attempts to 0. `not_found`; `bad_state` if it is
    /// not dead or too many messages are pending.
    virtual result<void> retry(message_id id, timestamp now) = 0;
    /// Removes the pending messages of a destination that no longer exists. `expire` removes the finished
    /// ones later, since there may be many.
    virtual result<void> remove(const destination_key& destination) = 0;

    /// Removes at most `max_count` finished messages: those created before `before`, those beyond
    /// `max_finished_messages`, and those of removed destinations. Returns how many.
    virtual result<std::int64_t> expire(timestamp before, std::int64_t max_count) = 0;
};

} // namespace breakwater::storage
