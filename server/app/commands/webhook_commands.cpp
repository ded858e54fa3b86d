#include "app/commands/webhook_commands.hpp"

#include "app/commands/outcome.hpp"
#include "app/json_rows.hpp"
#include "app/terminal.hpp"
#include "base/time.hpp"
#include "services/webhook_service.hpp"
#include "wire/webhook_dto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace breakwater::app {

namespace {

constexpr std::size_t max_listed_deliveries = 1000;

services::webhook_service make_webhook_service(core& parts) {
    return services::webhook_service{{.store = *parts.store,
                                      .audit = parts.audit,
                                      .time = parts.time,
                                      .random = parts.random,
                                      .local = parts.settings.webhook_local_hosts}};
}

int set_webhook_enabled(webhook_id id, bool enabled) {
    return with_core(false, [&](core& parts) {
        auto service = make_webhook_service(parts);
        const auto webhooks = service.list();
        if (!webhooks)
            return refuse(webhooks.error());
        const auto stored = std::ranges::find(*webhooks, id, &webhook::id);
        if (stored == webhooks->end())
            return refuse({.code = errc::not_found, .detail = "Webhook not found."});
        webhook changed = *stored;
        changed.enabled = enabled;
        const auto done = service.update(
            std::move(changed), operator_at_the_shell(enabled ? "webhook enable" : "webhook disable"));
        return done ? exit_success : refuse(done.error());
    });
}

} // namespace

int list_webhooks(bool json) {
    return with_core(true, [&](core& parts) {
        const auto webhooks = make_webhook_service(parts).list();
        if (!webhooks)
            return refuse(webhooks.error());
        if (json) {
            print_json(*webhooks);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "ENABLED", "FROM", "NAME", "URL"}};
        for (const webhook& webhook : *webhooks)
            rows.push_back({std::to_string(webhook.id), webhook.enabled ? "yes" : "no",
                            std::string{to_string(webhook.min_severity)}, printable(webhook.name),
                            printable(webhook.url)});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int create_webhook(const create_webhook_options& options) {
    return with_core(false, [&](core& parts) {
        const auto created = make_webhook_service(parts).create(
            {.name = options.name, .url = options.url, .min_severity = options.min_severity},
            operator_at_the_shell("webhook create"));
        if (!created)
            return refuse(created.error(),
                          created.error().code == errc::invalid_input ? exit_usage : exit_failure);
        if (options.json)
            fmt::print("{}\n", wire::schema::to_json(wire::to_dto(*created)));
        else
            fmt::print("id      {}\nsecret  {}\n", created->webhook.id, created->secret);
        remark("The secret is shown only once. The receiver uses it to verify the signature of messages.");
        return exit_success;
    });
}

int enable_webhook(webhook_id id) {
    return set_webhook_enabled(id, true);
}

int disable_webhook(webhook_id id) {
    return set_webhook_enabled(id, false);
}

int delete_webhook(webhook_id id) {
    return with_core(false, [&](core& parts) {
        const auto done = make_webhook_service(parts).remove(id, operator_at_the_shell("webhook delete"));
        return done ? exit_success : refuse(done.error());
    });
}

int list_deliveries(const list_deliveries_options& options) {
    return with_core(true, [&](core& parts) {
        const auto deliveries = make_webhook_service(parts).deliveries(
            {.webhook = options.webhook, .state = options.state, .limit = max_listed_deliveries});
        if (!deliveries)
            return refuse(deliveries.error());
        if (options.json) {
            print_json(*deliveries);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{
            {"ID", "STATE", "ATTEMPTS", "CREATED", "WEBHOOK", "LAST ERROR"}};
        for (const webhook_delivery& delivery : *deliveries)
            rows.push_back({std::to_string(delivery.id), std::string{to_string(delivery.state)},
                            std::to_string(delivery.attempts), format_rfc3339(delivery.created_at),
                            printable(delivery.webhook_name),
                            delivery.last_error.empty() ? "-" : printable(delivery.last_error)});
        fmt::print("{}", as_table(rows));
        if (deliveries->size() == max_listed_deliveries)
            remark(fmt::format("Only the newest {} are shown; there may be more.", max_listed_deliveries));
        return exit_success;
    });
}

int retry_delivery(delivery_id id) {
    return with_core(false, [&](core& parts) {
        const auto delivery = make_webhook_service(parts).retry(id, operator_at_the_shell("webhook retry"));
        if (!delivery)
            return refuse(delivery.error());
        remark(fmt::format("Message {} for {} is queued again. The server sends it when it runs.",
                           delivery->id, printable(delivery->webhook_name)));
        return exit_success;
    });
}

} // namespace breakwater::app
