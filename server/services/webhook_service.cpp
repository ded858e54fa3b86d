#include "services/webhook_service.hpp"

#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace breakwater::services {

namespace {

constexpr std::size_t secret_bytes = 32;

error no_such_webhook() {
    return {.code = errc::not_found, .detail = "Webhook not found."};
}

/// The scheme and the host of a URL that was checked.
std::string_view origin_of(std::string_view url) {
    const auto host = url.find("://") + 3;
    return url.substr(0, url.find_first_of("/?", host));
}

std::string sentence_of(const webhook& what) {
    return fmt::format("{}, for alerts from {} on, {}", origin_of(what.url), to_string(what.min_severity),
                       what.enabled ? "enabled" : "disabled");
}

std::string subject_of(webhook_id id) {
    return fmt::format("Webhook {}", id);
}

} // namespace

result<void> webhook_service::check_sendable(const webhook& candidate) const {
    if (auto meant = check(candidate); !meant)
        return meant;
    auto target = parse_webhook_url(candidate.url);
    if (!target)
        return pass(std::move(target));
    return check_transport(*target, with_.local);
}

result<void> webhook_service::record(storage::transaction& tx, event_type type, webhook_id id,
                                     std::string detail, const caller& who) const {
    auto recorded = tx.audit().append(event_of(who, with_.time.now(), type, event_status::success,
                                               target_of(target_type::webhook, id), std::move(detail)));
    return recorded ? result<void>{} : pass(std::move(recorded));
}

result<std::vector<webhook>> webhook_service::list() {
    return storage::ask(with_.store, [](const storage::snapshot& view) { return view.webhooks().list(); });
}

result<new_webhook> webhook_service::create(webhook added, const caller& who) {
    if (auto sendable = check_sendable(added); !sendable)
        return pass(std::move(sendable));
    std::array<std::uint8_t, secret_bytes> bytes{};
    with_.random.fill(bytes);
    const std::string stored_secret = base64url_encode(bytes);
    // As the libraries of Standard Webhooks take it.
    new_webhook made{.webhook = std::move(added), .secret = "whsec_" + base64_encode(bytes)};
    made.webhook.created_at = made.webhook.updated_at = with_.time.now();
    auto stored = changes_.write(
        event_type::webhook_create, "A webhook", std::nullopt, who,
        [&](storage::transaction& tx) -> result<void> {
            const auto id = tx.webhooks().insert(made.webhook, stored_secret);
            if (!id)
                return std::unexpected(id.error());
            made.webhook.id = *id;
            return record(tx, event_type::webhook_create, *id,
                          fmt::format("Webhook {} created: {}.", *id, sentence_of(made.webhook)), who);
        });
    if (!stored)
        return pass(std::move(stored));
    return made;
}

result<webhook> webhook_service::update(webhook changed, const caller& who) {
    if (auto sendable = check_sendable(changed); !sendable)
        return pass(std::move(sendable));
    changed.updated_at = with_.time.now();
    auto stored = changes_.write(
        event_type::webhook_update, subject_of(changed.id), target_of(target_type::webhook, changed.id), who,
        [&](storage::transaction& tx) -> result<void> {
            const auto before = tx.webhooks().find(changed.id);
            if (!before)
                return std::unexpected(before.error());
            if (!*before)
                return std::unexpected(no_such_webhook());
            changed.created_at = (*before)->created_at;
            if (auto done = tx.webhooks().update(changed); !done)
                return done;
            std::int64_t given_up = 0;
            if (!changed.enabled) {
                const auto gone = tx.webhooks().give_up(changed.id, "The webhook was disabled.");
                if (!gone)
                    return std::unexpected(gone.error());
                given_up = *gone;
            }
            return record(tx, event_type::webhook_update, changed.id,
                          fmt::format("Webhook {} updated: {}.{}", changed.id, sentence_of(changed),
                                      given_up == 0 ? std::string{}
                                                    : fmt::format(" {} message(s) given up.", given_up)),
                          who);
        });
    if (!stored)
        return pass(std::move(stored));
    return changed;
}

result<void> webhook_service::remove(webhook_id id, const caller& who) {
    return changes_.write(event_type::webhook_delete, subject_of(id), target_of(target_type::webhook, id),
                          who, [&](storage::transaction& tx) -> result<void> {
                              const auto known = tx.webhooks().find(id);
                              if (!known)
                                  return std::unexpected(known.error());
                              if (!*known)
                                  return std::unexpected(no_such_webhook());
                              if (auto done = tx.webhooks().remove(id); !done)
                                  return done;
                              return record(
                                  tx, event_type::webhook_delete, id,
                                  fmt::format("Webhook {} deleted: {}.", id, origin_of((*known)->url)), who);
                          });
}

result<delivery_id> webhook_service::test(webhook_id id, const caller& who) {
    delivery_id made = 0;
    auto stored =
        changes_.write(event_type::webhook_update, subject_of(id), target_of(target_type::webhook, id), who,
                       [&](storage::transaction& tx) -> result<void> {
                           const auto known = tx.webhooks().find(id);
                           if (!known)
                               return std::unexpected(known.error());
                           if (!*known)
                               return std::unexpected(no_such_webhook());
                           const timestamp now = with_.time.now();
                           std::string body =
                               fmt::format(R"({{"type":"test","sent_at":"{}","webhook":{{"id":{},"name":)",
                                           format_rfc3339(now), id);
                           append_json_string(body, (*known)->name);
                           body += "}}";
                           const auto queued = tx.webhooks().enqueue_for(id, body, now);
                           if (!queued)
                               return std::unexpected(queued.error());
                           made = *queued;
                           tx.after_commit([this] { with_.queued(); });
                           return record(tx, event_type::webhook_update, id,
                                         fmt::format("Test message {} for webhook {}.", made, id), who);
                       });
    if (!stored)
        return pass(std::move(stored));
    return made;
}

result<std::vector<webhook_delivery>> webhook_service::deliveries(const storage::delivery_query& query) {
    return storage::ask(with_.store,
                        [&](const storage::snapshot& view) { return view.webhooks().deliveries(query); });
}

result<webhook_delivery> webhook_service::retry(delivery_id id, const caller& who) {
    const auto known = storage::ask(
        with_.store, [&](const storage::snapshot& view) { return view.webhooks().find_delivery(id); });
    if (!known)
        return std::unexpected(known.error());
    std::optional<event_target> target;
    if (*known)
        target = target_of(target_type::webhook, (*known)->webhook);
    webhook_delivery now;
    auto stored = changes_.write(
        event_type::webhook_update, fmt::format("Message {}", id), std::move(target), who,
        [&](storage::transaction& tx) -> result<void> {
            if (auto done = tx.webhooks().retry(id, with_.time.now()); !done)
                return done;
            auto found = tx.webhooks().find_delivery(id);
            if (!found)
                return pass(std::move(found));
            now = std::move(**found);
            tx.after_commit([this] { with_.queued(); });
            return record(tx, event_type::webhook_update, now.webhook,
                          fmt::format("Message {} for webhook {} put in line again.", id, now.webhook), who);
        });
    if (!stored)
        return pass(std::move(stored));
    return now;
}

} // namespace breakwater::services
