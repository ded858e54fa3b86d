#include "services/webhook_service.hpp"

#include "base/encoding.hpp"
#include "wire/webhook_messages.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace breakwater::services {

namespace {

constexpr std::size_t secret_bytes = 32;

error no_such_webhook() {
    return {.code = errc::not_found, .detail = "Webhook not found."};
}

/// The scheme and the host of a valid URL.
std::string_view origin_of(std::string_view url) {
    const auto host = url.find("://") + 3;
    return url.substr(0, url.find_first_of("/?", host));
}

std::string sentence_of(const webhook& webhook) {
    return fmt::format("{}, for alerts of severity {} and above, {}", origin_of(webhook.url),
                       to_string(webhook.min_severity), webhook.enabled ? "enabled" : "disabled");
}

std::string subject_of(webhook_id id) {
    return fmt::format("Webhook {}", id);
}

/// `not_found`; `bad_state` if the webhook is disabled.
result<webhook> find_enabled(storage::transaction& tx, webhook_id id) {
    auto stored = tx.webhooks().find(id);
    if (!stored)
        return pass(std::move(stored));
    if (!*stored)
        return std::unexpected(no_such_webhook());
    if (!(*stored)->enabled)
        return fail(errc::bad_state, "The webhook is disabled. Enable it first.");
    return std::move(**stored);
}

webhook_delivery delivery_of(outbox_message&& message, std::string webhook_name) {
    const bool delivered = message.state == delivery_state::delivered;
    return {.id = message.id,
            .webhook = message.destination.id,
            .webhook_name = std::move(webhook_name),
            .body = std::move(message.payload),
            .state = message.state,
            .attempts = message.attempts,
            .next_attempt_at = message.next_attempt_at,
            .created_at = message.created_at,
            .delivered_at = delivered ? message.finished_at : std::nullopt,
            .last_error = std::move(message.last_error),
            .last_status = message.last_status};
}

} // namespace

result<void> webhook_service::check_sendable(const webhook& candidate) const {
    if (auto valid = check(candidate); !valid)
        return valid;
    auto target = parse_webhook_url(candidate.url);
    if (!target)
        return pass(std::move(target));
    return check_transport(*target, deps_.local);
}

result<void> webhook_service::record(storage::transaction& tx, event_type type, webhook_id id,
                                     std::string detail, const caller& caller) const {
    auto recorded = tx.audit().append(event_of(caller, deps_.time.now(), type, event_status::success,
                                               target_of(target_type::webhook, id), std::move(detail)));
    return recorded ? result<void>{} : pass(std::move(recorded));
}

result<std::vector<webhook>> webhook_service::list() {
    return storage::fetch(deps_.store, [](const storage::snapshot& view) { return view.webhooks().list(); });
}

result<new_webhook> webhook_service::create(webhook added, const caller& caller) {
    if (auto sendable = check_sendable(added); !sendable)
        return pass(std::move(sendable));
    std::array<std::uint8_t, secret_bytes> bytes{};
    deps_.random.fill(bytes);
    const std::string stored_secret = base64url_encode(bytes);
    // The format that the Standard Webhooks libraries expect.
    new_webhook created{.webhook = std::move(added), .secret = "whsec_" + base64_encode(bytes)};
    created.webhook.created_at = created.webhook.updated_at = deps_.time.now();
    auto stored = changes_.write(
        event_type::webhook_create, "A webhook", std::nullopt, caller,
        [&](storage::transaction& tx) -> result<void> {
            const auto id = tx.webhooks().insert(created.webhook, stored_secret);
            if (!id)
                return std::unexpected(id.error());
            created.webhook.id = *id;
            return record(tx, event_type::webhook_create, *id,
                          fmt::format("Webhook {} created: {}.", *id, sentence_of(created.webhook)), caller);
        });
    if (!stored)
        return pass(std::move(stored));
    return created;
}

result<webhook> webhook_service::update(webhook changed, const caller& caller) {
    if (auto sendable = check_sendable(changed); !sendable)
        return pass(std::move(sendable));
    changed.updated_at = deps_.time.now();
    auto stored = changes_.write(
        event_type::webhook_update, subject_of(changed.id), target_of(target_type::webhook, changed.id),
        caller, [&](storage::transaction& tx) -> result<void> {
            const auto before = tx.webhooks().find(changed.id);
            if (!before)
                return std::unexpected(before.error());
            if (!*before)
                return std::unexpected(no_such_webhook());
            changed.created_at = (*before)->created_at;
            if (auto saved = tx.webhooks().update(changed); !saved)
                return saved;
            std::int64_t given_up = 0;
            if (!changed.enabled) {
                const auto count = tx.outbox().give_up(destination_of(changed.id),
                                                       "The webhook was disabled.", changed.updated_at);
                if (!count)
                    return std::unexpected(count.error());
                given_up = *count;
            }
            return record(tx, event_type::webhook_update, changed.id,
                          fmt::format("Webhook {} updated: {}.{}", changed.id, sentence_of(changed),
                                      given_up == 0 ? std::string{}
                                                    : fmt::format(" {} message(s) given up.", given_up)),
                          caller);
        });
    if (!stored)
        return pass(std::move(stored));
    return changed;
}

result<void> webhook_service::remove(webhook_id id, const caller& caller) {
    return changes_.write(
        event_type::webhook_delete, subject_of(id), target_of(target_type::webhook, id), caller,
        [&](storage::transaction& tx) -> result<void> {
            const auto stored = tx.webhooks().find(id);
            if (!stored)
                return std::unexpected(stored.error());
            if (!*stored)
                return std::unexpected(no_such_webhook());
            if (auto removed = tx.webhooks().remove(id); !removed)
                return removed;
            if (auto removed = tx.outbox().remove(destination_of(id)); !removed)
                return removed;
            return record(tx, event_type::webhook_delete, id,
                          fmt::format("Webhook {} deleted: {}.", id, origin_of((*stored)->url)), caller);
        });
}

result<delivery_id> webhook_service::test(webhook_id id, const caller& caller) {
    delivery_id delivery = 0;
    auto stored = changes_.write(
        event_type::webhook_update, subject_of(id), target_of(target_type::webhook, id), caller,
        [&](storage::transaction& tx) -> result<void> {
            const auto target = find_enabled(tx, id);
            if (!target)
                return std::unexpected(target.error());
            const timestamp now = deps_.time.now();
            const std::string body = wire::schema::to_json(
                wire::test_message{.sent_at = now, .webhook = {.id = id, .name = target->name}});
            const auto queued = tx.outbox().enqueue(destination_of(id), body, now);
            if (!queued)
                return std::unexpected(queued.error());
            if (queued->is_dead)
                return fail(errc::bad_state, std::string{storage::too_many_pending});
            delivery = queued->id;
            if (auto published = tx.changes().publish(message_queued{destination_kind::webhook}); !published)
                return published;
            return record(tx, event_type::webhook_update, id,
                          fmt::format("Test message {} for webhook {}.", delivery, id), caller);
        });
    if (!stored)
        return pass(std::move(stored));
    return delivery;
}

result<std::vector<webhook_delivery>> webhook_service::deliveries(const delivery_query& query) {
    return storage::fetch(deps_.store,
                          [&](const storage::snapshot& view) -> result<std::vector<webhook_delivery>> {
                              const auto webhooks = view.webhooks().list();
                              if (!webhooks)
                                  return std::unexpected(webhooks.error());
                              std::unordered_map<webhook_id, std::string_view> names;
                              for (const webhook& stored : *webhooks)
                                  names.emplace(stored.id, stored.name);
                              auto messages = view.outbox().list({.kind = destination_kind::webhook,
                                                                  .destination = query.webhook,
                                                                  .state = query.state,
                                                                  .before = query.before,
                                                                  .limit = query.limit});
                              if (!messages)
                                  return pass(std::move(messages));
                              std::vector<webhook_delivery> out;
                              out.reserve(messages->size());
                              for (outbox_message& message : *messages) {
                                  std::string name{names[message.destination.id]};
                                  out.push_back(delivery_of(std::move(message), std::move(name)));
                              }
                              return out;
                          });
}

result<webhook_delivery> webhook_service::retry(delivery_id id, const caller& caller) {
    const auto delivery =
        storage::fetch(deps_.store, [&](const storage::snapshot& view) { return view.outbox().find(id); });
    if (!delivery)
        return std::unexpected(delivery.error());
    std::optional<event_target> target;
    if (*delivery && (*delivery)->destination.kind == destination_kind::webhook)
        target = target_of(target_type::webhook, (*delivery)->destination.id);
    webhook_delivery updated;
    auto stored = changes_.write(
        event_type::webhook_update, fmt::format("Message {}", id), std::move(target), caller,
        [&](storage::transaction& tx) -> result<void> {
            const auto before = tx.outbox().find(id);
            if (!before)
                return std::unexpected(before.error());
            if (!*before || (*before)->destination.kind != destination_kind::webhook)
                return fail(errc::not_found, "Delivery not found.");
            std::string name;
            if ((*before)->state == delivery_state::dead) {
                auto receiver = find_enabled(tx, (*before)->destination.id);
                if (!receiver)
                    return pass(std::move(receiver));
                name = std::move(receiver->name);
            }
            if (auto queued = tx.outbox().retry(id, deps_.time.now()); !queued)
                return queued;
            auto retried = tx.outbox().find(id);
            if (!retried)
                return pass(std::move(retried));
            updated = delivery_of(std::move(**retried), std::move(name));
            if (auto published = tx.changes().publish(message_queued{destination_kind::webhook}); !published)
                return published;
            return record(tx, event_type::webhook_update, updated.webhook,
                          fmt::format("Message {} for webhook {} queued again.", id, updated.webhook),
                          caller);
        });
    if (!stored)
        return pass(std::move(stored));
    return updated;
}

} // namespace breakwater::services
