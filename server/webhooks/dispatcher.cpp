#include "webhooks/dispatcher.hpp"

#include "base/log.hpp"
#include "webhooks/retry_schedule.hpp"
#include "webhooks/signature.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace breakwater::webhooks {

namespace {

using std::chrono::milliseconds;

/// It looks again by itself: a clock may be set.
constexpr milliseconds longest_wait{60'000};
constexpr milliseconds wait_after_failure{10'000};
constexpr std::int64_t gone = 410;

template <class Duration>
milliseconds bounded(Duration wait) {
    return std::clamp(std::chrono::ceil<milliseconds>(wait), milliseconds{0}, longest_wait);
}

} // namespace

milliseconds dispatcher::step(std::vector<attempt_outcome> over) {
    settle(std::move(over));
    milliseconds wait = start_due();
    if (!unwritten_.empty())
        wait = std::min(wait, bounded(write_again_at_ - with_.time.steady_now()));
    return wait;
}

void dispatcher::settle(std::vector<attempt_outcome> over) {
    const timestamp now = with_.time.now();
    for (attempt_outcome& each : over) {
        settlement made{.outcome = std::move(each), .at = now};
        made.of = under_way_.at(made.outcome.id);
        const milliseconds asked_for = std::min<milliseconds>(
            made.outcome.retry_after.value_or(std::chrono::seconds{0}), longest_retry_after);
        if (!made.outcome.error.empty() && !made.outcome.hopeless)
            if (const auto delay = delay_after(made.of.attempts + 1, with_.random))
                made.next = now + std::max(*delay, asked_for);
        if (!made.outcome.error.empty() && asked_for > milliseconds{0})
            quiet_[made.of.webhook] = {.until = with_.time.steady_now() + asked_for, .url = made.of.url};
        unwritten_.push_back(std::move(made));
    }
    if (unwritten_.empty() || with_.time.steady_now() < write_again_at_)
        return;
    const auto written = with_.store.write([this](storage::transaction& tx) -> result<void> {
        for (settlement& each : unwritten_)
            if (auto done = write(tx, each); !done)
                return done;
        return {};
    });
    if (!written) {
        // What arrived and isn't put down would be sent again: its webhook has to wait.
        write_again_at_ = with_.time.steady_now() + wait_after_failure;
        if (!std::exchange(write_failed_, true))
            log::write(log::level::warning, "what came of webhook messages could not be stored yet",
                       {{"detail", written.error().detail}});
        return;
    }
    write_failed_ = false;
    for (const settlement& each : unwritten_)
        count(each);
    unwritten_.clear();
}

result<void> dispatcher::write(storage::transaction& tx, settlement& each) const {
    const attempt_outcome& how = each.outcome;
    if (how.error.empty())
        return tx.webhooks().mark_delivered(how.id, how.status.value_or(0), each.at);
    auto left = left_by(tx, each);
    if (!left)
        return pass(std::move(left));
    if (*left)
        each.next.reset();
    auto was_pending =
        tx.webhooks().mark_failed(how.id, {.error = how.error, .status = how.status}, each.next);
    if (!was_pending)
        return pass(std::move(was_pending));
    each.given_up = *was_pending && !each.next;
    if (each.given_up) {
        auto recorded = tx.audit().append(
            {.created_at = each.at,
             .actor = actor_type::system,
             .type = event_type::webhook_dead_letter,
             .status = event_status::error,
             .target = target_of(target_type::webhook, each.of.webhook),
             .detail = fmt::format("Message {} to webhook {} given up after {} attempt(s): {}", how.id,
                                   each.of.webhook, each.of.attempts + 1, how.error)
                           .substr(0, max_event_detail)});
        if (!recorded)
            return pass(std::move(recorded));
    }
    return *left ? disable(tx, std::move(**left), each.at) : result<void>{};
}

/// The webhook whose receiver says that it is gone (RFC 9110 section 15.5.11). None where it leads elsewhere
/// by now.
result<std::optional<webhook>> dispatcher::left_by(storage::transaction& tx, const settlement& each) {
    if (each.outcome.status != gone)
        return std::nullopt;
    auto known = tx.webhooks().find(each.of.webhook);
    if (known && *known && (!(*known)->enabled || (*known)->url != each.of.url))
        return std::nullopt;
    return known;
}

result<void> dispatcher::disable(storage::transaction& tx, webhook changed, timestamp now) {
    changed.enabled = false;
    changed.updated_at = now;
    if (auto done = tx.webhooks().update(changed); !done)
        return done;
    const auto given_up =
        tx.webhooks().give_up(changed.id, "The receiver answered 410 (Gone), so the webhook was disabled.");
    if (!given_up)
        return std::unexpected(given_up.error());
    auto recorded = tx.audit().append(
        {.created_at = now,
         .actor = actor_type::system,
         .type = event_type::webhook_update,
         .status = event_status::success,
         .target = target_of(target_type::webhook, changed.id),
         .detail =
             fmt::format("Webhook {} disabled: its receiver answered 410 (Gone). {} message(s) given up.",
                         changed.id, *given_up)});
    return recorded ? result<void>{} : pass(std::move(recorded));
}

milliseconds dispatcher::quiet_for(const storage::outgoing_delivery& what, steady_point now) const {
    const auto found = quiet_.find(what.webhook);
    return found == quiet_.end() || found->second.url != what.url ? milliseconds{0}
                                                                  : bounded(found->second.until - now);
}

void dispatcher::count(const settlement& each) {
    ++(each.outcome.error.empty() ? delivered_ : failed_);
    if (each.given_up)
        ++dead_;
    under_way_.erase(each.outcome.id);
}

bool dispatcher::is_busy(webhook_id id) const {
    return std::ranges::any_of(under_way_, [id](const auto& each) { return each.second.webhook == id; });
}

milliseconds dispatcher::start_due() {
    if (under_way_.size() >= max_under_way)
        return longest_wait;
    std::vector<storage::outgoing_delivery> next;
    const auto read = with_.store.read([&](const storage::snapshot& view) -> result<void> {
        auto found = view.webhooks().next_of_each();
        if (!found)
            return pass(std::move(found));
        const auto waiting = view.webhooks().pending();
        if (!waiting)
            return std::unexpected(waiting.error());
        next = std::move(*found);
        pending_ = *waiting;
        return {};
    });
    if (!read) {
        if (!std::exchange(read_failed_, true))
            log::write(log::level::warning, "webhook messages could not be read yet",
                       {{"detail", read.error().detail}});
        return wait_after_failure;
    }
    read_failed_ = false;
    const steady_point now = with_.time.steady_now();
    rate_.forget_idle(now);
    std::erase_if(quiet_, [now](const auto& each) { return each.second.until <= now; });
    milliseconds wait = longest_wait;
    for (storage::outgoing_delivery& each : next) {
        if (is_busy(each.webhook))
            continue;
        const milliseconds left =
            std::max({bounded(each.next_attempt_at - with_.time.now()),
                      bounded(rate_.wait_for(each.webhook, now)), quiet_for(each, now)});
        if (left > milliseconds{0}) {
            wait = std::min(wait, left);
            continue;
        }
        if (under_way_.size() >= max_under_way)
            break;
        start(each);
    }
    return wait;
}

void dispatcher::start(storage::outgoing_delivery& what) {
    const auto now = std::chrono::floor<std::chrono::seconds>(with_.time.now());
    under_way_.emplace(what.id, job{.webhook = what.webhook, .attempts = what.attempts, .url = what.url});
    rate_.sent(what.webhook, with_.time.steady_now());
    const std::string id = std::to_string(what.id);
    std::string signature = signature_of(what.secret, id, now, what.body);
    with_.way.start(
        {.id = what.id,
         .url = std::move(what.url),
         .headers = {"Content-Type: application/json", "User-Agent: " + user_agent_, "webhook-id: " + id,
                     fmt::format("webhook-timestamp: {}", now.time_since_epoch().count()),
                     "webhook-signature: " + signature},
         .body = std::move(what.body)});
}

delivery_counters dispatcher::counters() const noexcept {
    return {.delivered = delivered_, .failed = failed_, .dead = dead_, .pending = pending_};
}

} // namespace breakwater::webhooks
