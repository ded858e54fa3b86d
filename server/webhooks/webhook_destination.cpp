#include "webhooks/webhook_destination.hpp"

#include "webhooks/retry_schedule.hpp"
#include "webhooks/signature.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::webhooks {

namespace {

constexpr std::int64_t status_gone = 410;

result<void> disable(storage::transaction& tx, webhook_id id, timestamp now) {
    auto stored = tx.webhooks().find(id);
    if (!stored)
        return pass(std::move(stored));
    if (!*stored)
        return {};
    webhook changed = std::move(**stored);
    changed.enabled = false;
    changed.updated_at = now;
    if (auto done = tx.webhooks().update(changed); !done)
        return done;
    const auto abandoned = tx.outbox().give_up(
        destination_of(id), "The receiver answered 410 (Gone), so the webhook was disabled.", now);
    if (!abandoned)
        return std::unexpected(abandoned.error());
    auto recorded = tx.audit().append(
        {.created_at = now,
         .actor = actor_type::system,
         .type = event_type::webhook_update,
         .status = event_status::success,
         .target = target_of(target_type::webhook, id),
         .detail =
             fmt::format("Webhook {} disabled: its receiver answered 410 (Gone). {} message(s) given up.", id,
                         *abandoned)});
    return recorded ? result<void>{} : pass(std::move(recorded));
}

} // namespace

result<std::optional<storage::webhook_receiver>> webhook_destination::receiver_of(webhook_id id) const {
    return storage::fetch(deps_.store,
                          [id](const storage::snapshot& view) { return view.webhooks().find_receiver(id); });
}

result<void> webhook_destination::send(const outbox_message& message, outbox::completion done) {
    const webhook_id id = message.destination.id;
    const auto receiver = receiver_of(id);
    if (!receiver)
        return std::unexpected(receiver.error());
    // Disabling or removing a webhook gives up its messages, so this one was read just before.
    if (!*receiver || !(*receiver)->enabled) {
        done({.error = "The webhook was disabled.", .is_permanent = true});
        return {};
    }
    const steady_point steady_now = deps_.time.steady_now();
    rate_.forget_idle(steady_now);
    rate_.record(id, steady_now);
    const auto now = std::chrono::floor<std::chrono::seconds>(deps_.time.now());
    const std::string number = std::to_string(message.id);
    const std::string signature = signature_of((*receiver)->secret, number, now, message.payload);
    const std::string& url = (*receiver)->url;
    deps_.start(
        {.id = message.id,
         .url = url,
         .headers = {"Content-Type: application/json", "User-Agent: " + user_agent_, "webhook-id: " + number,
                     fmt::format("webhook-timestamp: {}", now.time_since_epoch().count()),
                     "webhook-signature: " + signature},
         .body = message.payload},
        [this, id, url, done = std::move(done)](attempt_outcome outcome) mutable {
            done(finish(id, url, std::move(outcome)));
        });
    return {};
}

outbox::attempt_outcome webhook_destination::finish(webhook_id id, const std::string& url,
                                                    attempt_outcome outcome) {
    outbox::attempt_outcome out{.status = outcome.status,
                                .error = std::move(outcome.error),
                                .is_permanent = outcome.is_permanent,
                                .address = url};
    if (out.error.empty() || !outcome.retry_after || *outcome.retry_after <= std::chrono::seconds{0})
        return out;
    out.retry_after = std::min<std::chrono::milliseconds>(*outcome.retry_after, max_retry_after);
    const lock_guard lock{mutex_};
    pauses_[id] = {.until = deps_.time.steady_now() + *out.retry_after, .url = url};
    return out;
}

steady_point::duration webhook_destination::wait_for(std::int64_t id, steady_point now) {
    return std::max(rate_.wait_for(id, now), pause_of(id, now));
}

steady_point::duration webhook_destination::pause_of(webhook_id id, steady_point now) {
    pause found;
    {
        const lock_guard lock{mutex_};
        std::erase_if(pauses_, [now](const auto& entry) { return entry.second.until <= now; });
        const auto entry = pauses_.find(id);
        if (entry == pauses_.end())
            return {};
        found = entry->second;
    }
    const auto receiver = receiver_of(id);
    const bool has_other_url = receiver && *receiver && (*receiver)->url != found.url;
    return has_other_url ? steady_point::duration{} : found.until - now;
}

std::optional<std::chrono::milliseconds> webhook_destination::delay_after(std::int64_t attempts,
                                                                          random_source& random) {
    return webhooks::delay_after(attempts, random);
}

/// False if the webhook was disabled or got another URL since.
result<bool> webhook_destination::is_gone(storage::transaction& tx, const outbox::failure& attempt) {
    if (attempt.outcome.status != status_gone)
        return false;
    const auto stored = tx.webhooks().find(attempt.destination.id);
    if (!stored)
        return std::unexpected(stored.error());
    return *stored && (*stored)->enabled && (*stored)->url == attempt.outcome.address;
}

result<void> webhook_destination::on_failure(storage::transaction& tx, const outbox::failure& attempt,
                                             bool is_dead, bool is_gone) {
    const webhook_id id = attempt.destination.id;
    if (is_dead) {
        auto recorded = tx.audit().append(
            {.created_at = attempt.at,
             .actor = actor_type::system,
             .type = event_type::webhook_dead_letter,
             .status = event_status::error,
             .target = target_of(target_type::webhook, id),
             .detail = fmt::format("Message {} to webhook {} was given up after {} attempt(s): {}",
                                   attempt.id, id, attempt.attempts, attempt.outcome.error)
                           .substr(0, max_event_detail)});
        if (!recorded)
            return pass(std::move(recorded));
    }
    return is_gone ? disable(tx, id, attempt.at) : result<void>{};
}

} // namespace breakwater::webhooks
