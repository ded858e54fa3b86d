#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/outbox.hpp"
#include "storage/catalogue.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace breakwater::outbox {

/// The outcome of an attempt to send a message.
struct attempt_outcome {
    std::optional<std::int64_t> status{}; ///< the receiver's status code, if it answered
    std::string error{};                  ///< a sentence; empty if the message was delivered
    bool is_permanent = false;            ///< a retry would fail in the same way
    std::string
        address{}; ///< where the message was sent, for the audit log; each destination has its own format
    /// The receiver asks for at least this delay before the next attempt.
    std::optional<std::chrono::milliseconds> retry_after{};
};

/// A failed attempt.
struct failure {
    message_id id = 0;
    destination_key destination{};
    std::int64_t attempts = 0; ///< of this message, including this one
    attempt_outcome outcome{};
    timestamp at{};
};

/// Call it with the outcome, at most once, on any thread, even within `send`. The call does not block. If it
/// is destroyed without a call, the message is sent again after the next start.
using completion = std::move_only_function<void(attempt_outcome)>;

/// Sends the messages of one kind of destination. The dispatcher calls all members on its thread, except
/// those that take a transaction: they run in a unit of work (`storage::catalogue`).
class destination {
public:
    virtual ~destination() = default;

    /// Starts an attempt. Must not wait for the receiver. The receiver may get the same message again, with
    /// the same id: after a failure, and after a crash between the delivery and its record. Returns an error
    /// if it made no attempt, for example because the storage failed. It doesn't call `done` then, and the
    /// dispatcher tries later.
    virtual result<void> send(const outbox_message& message, completion done) = 0;
    /// The maximum number of attempts at once. There is at most one for each destination id.
    [[nodiscard]] virtual std::size_t max_in_flight() const = 0;
    /// The time until the destination may get its next message; zero or less: now.
    [[nodiscard]] virtual steady_point::duration wait_for(std::int64_t id, steady_point now) = 0;
    /// The delay after failed attempt number `attempts` of a message (from 1). Nothing after the last one.
    [[nodiscard]] virtual std::optional<std::chrono::milliseconds> delay_after(std::int64_t attempts,
                                                                               random_source& random) = 0;

    /// Whether the receiver refuses all further messages. If so, the dispatcher gives up this one.
    virtual result<bool> is_gone(storage::transaction& tx, const failure& attempt) = 0;
    /// Called in the transaction of the failure, after the failure is stored. `is_dead`: the dispatcher gave
    /// up the message.
    virtual result<void> on_failure(storage::transaction& tx, const failure& attempt, bool is_dead,
                                    bool is_gone) = 0;
};

} // namespace breakwater::outbox
