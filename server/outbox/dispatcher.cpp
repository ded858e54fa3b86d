#include "outbox/dispatcher.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace breakwater::outbox {

namespace {

using std::chrono::milliseconds;

/// Bounds the wait, since the wall clock may be set in the meantime.
constexpr milliseconds max_wait{60'000};
constexpr milliseconds wait_after_failure{10'000};
/// Between two looks at whether this process may send now.
constexpr milliseconds wait_for_lease{500};

template <class Duration>
milliseconds bounded(Duration wait) {
    return std::clamp(std::chrono::ceil<milliseconds>(wait), milliseconds{0}, max_wait);
}

} // namespace

dispatcher::dispatcher(const dependencies& deps, const std::vector<route>& routes)
    : deps_{deps}, inbox_{std::make_shared<inbox>()} {
    for (const route& added : routes)
        channels_.try_emplace(added.kind, added.target);
}

milliseconds dispatcher::step() {
    record_outcomes();
    milliseconds wait = deps_.leases.holds(storage::lease::outbox) ? start_due() : wait_for_lease;
    if (!unwritten_.empty())
        wait = std::min(wait, bounded(next_write_at_ - deps_.time.steady_now()));
    return wait;
}

void dispatcher::record_outcomes() {
    const timestamp now = deps_.time.now();
    for (inbox::entry& entry : inbox_->take()) {
        const storage::pending_message& sent = in_flight_.at(entry.id);
        finished_attempt attempt{.details = {.id = sent.id,
                                             .destination = sent.destination,
                                             .attempts = sent.attempts + 1,
                                             .outcome = std::move(entry.outcome),
                                             .at = now}};
        const attempt_outcome& outcome = attempt.details.outcome;
        if (!outcome.error.empty() && !outcome.is_permanent)
            if (const auto delay =
                    channel_of(sent.destination).target.delay_after(sent.attempts + 1, deps_.random))
                attempt.next = now + std::max(*delay, outcome.retry_after.value_or(milliseconds{0}));
        unwritten_.push_back(std::move(attempt));
    }
    if (unwritten_.empty() || deps_.time.steady_now() < next_write_at_)
        return;
    const auto written = deps_.store.write([this](storage::transaction& tx) -> result<void> {
        for (finished_attempt& attempt : unwritten_)
            if (auto done = write(tx, attempt); !done)
                return done;
        return {};
    });
    if (!written) {
        // Keeps the attempts in flight. Otherwise messages that were delivered would be sent again.
        next_write_at_ = deps_.time.steady_now() + wait_after_failure;
        if (!std::exchange(write_failed_, true))
            log::write(log::level::warning, "the outcomes of outgoing messages could not be stored yet",
                       {{"detail", written.error().detail}});
        return;
    }
    write_failed_ = false;
    for (const finished_attempt& attempt : unwritten_)
        count(attempt);
    unwritten_.clear();
}

result<void> dispatcher::write(storage::transaction& tx, finished_attempt& attempt) {
    const failure& details = attempt.details;
    const attempt_outcome& outcome = details.outcome;
    if (outcome.error.empty())
        return tx.outbox().mark_delivered(details.id, outcome.status.value_or(0), details.at);
    destination& target = channel_of(details.destination).target;
    auto gone = target.is_gone(tx, details);
    if (!gone)
        return pass(std::move(gone));
    if (*gone)
        attempt.next.reset();
    auto was_pending = tx.outbox().mark_failed(details.id, {.error = outcome.error, .status = outcome.status},
                                               attempt.next, details.at);
    if (!was_pending)
        return pass(std::move(was_pending));
    attempt.is_dead = *was_pending && !attempt.next;
    return target.on_failure(tx, details, attempt.is_dead, *gone);
}

void dispatcher::count(const finished_attempt& attempt) {
    channel& kind = channel_of(attempt.details.destination);
    ++(attempt.details.outcome.error.empty() ? kind.delivered : kind.failed);
    if (attempt.is_dead)
        ++kind.dead;
    --kind.in_flight;
    in_flight_.erase(attempt.details.id);
}

bool dispatcher::is_busy(const destination_key& destination) const {
    return std::ranges::any_of(
        in_flight_, [&destination](const auto& entry) { return entry.second.destination == destination; });
}

result<void> dispatcher::read(std::vector<storage::pending_message>& next) {
    return deps_.store.read([&](const storage::snapshot& view) -> result<void> {
        auto messages = view.outbox().next();
        if (!messages)
            return pass(std::move(messages));
        for (auto& [kind, counted] : channels_) {
            const auto pending = view.outbox().pending(kind);
            if (!pending)
                return std::unexpected(pending.error());
            counted.pending = *pending;
        }
        next = std::move(*messages);
        return {};
    });
}

milliseconds dispatcher::start_due() {
    std::vector<storage::pending_message> next;
    auto done = read(next);
    const steady_point now = deps_.time.steady_now();
    milliseconds wait = max_wait;
    for (const storage::pending_message& message : next) {
        const auto found = channels_.find(message.destination.kind);
        if (found == channels_.end() || is_busy(message.destination))
            continue;
        channel& kind = found->second;
        const milliseconds remaining = std::max(bounded(message.next_attempt_at - deps_.time.now()),
                                                bounded(kind.target.wait_for(message.destination.id, now)));
        if (remaining > milliseconds{0})
            wait = std::min(wait, remaining);
        else if (kind.in_flight < kind.target.max_in_flight())
            if (auto started = start(message); !started)
                done = std::move(started);
    }
    if (!done) {
        if (!std::exchange(read_failed_, true))
            log::write(log::level::warning, "pending outgoing messages could not be sent yet",
                       {{"detail", done.error().detail}});
        return wait_after_failure;
    }
    read_failed_ = false;
    return wait;
}

result<void> dispatcher::start(const storage::pending_message& due) {
    auto message = storage::fetch(
        deps_.store, [&due](const storage::snapshot& view) { return view.outbox().find(due.id); });
    if (!message)
        return pass(std::move(message));
    // It may have been withdrawn or given up since `next` was read.
    if (!*message || (*message)->state != delivery_state::pending)
        return {};
    channel& kind = channel_of(due.destination);
    in_flight_.emplace(due.id, due);
    ++kind.in_flight;
    auto sent = kind.target.send(**message, [inbox = inbox_, id = due.id](attempt_outcome outcome) {
        inbox->put(id, std::move(outcome));
    });
    if (!sent) {
        in_flight_.erase(due.id);
        --kind.in_flight;
    }
    return sent;
}

delivery_counters dispatcher::counters(destination_kind kind) const {
    const auto found = channels_.find(kind);
    if (found == channels_.end())
        return {};
    const channel& counted = found->second;
    return {.delivered = counted.delivered,
            .failed = counted.failed,
            .dead = counted.dead,
            .pending = counted.pending};
}

} // namespace breakwater::outbox
