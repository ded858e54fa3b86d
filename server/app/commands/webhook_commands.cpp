#include "app/commands/webhook_commands.hpp"

#include "api/dto/webhook_dto.hpp"
#include "app/commands/outcome.hpp"
#include "app/json_rows.hpp"
#include "app/terminal.hpp"
#include "base/time.hpp"
#include "services/webhook_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace breakwater::app {

namespace {

constexpr std::size_t most_deliveries = 1000; ///< that are listed

services::webhook_service webhooks_of(core& parts) {
    return services::webhook_service{{.store = *parts.store,
                                      .audit = *parts.audit,
                                      .time = parts.time,
                                      .random = parts.random,
                                      .local = parts.settings.webhook_local_hosts}};
}

int switch_webhook(webhook_id id, bool on) {
    return with_core(false, [&](core& parts) {
        auto service = webhooks_of(parts);
        const auto all = service.list();
        if (!all)
            return refuse(all.error());
        const auto known = std::ranges::find(*all, id, &webhook::id);
        if (known == all->end())
            return refuse({.code = errc::not_found, .detail = "Webhook not found."});
        webhook changed = *known;
        changed.enabled = on;
        const auto done = service.update(std::move(changed),
                                         operator_at_the_shell(on ? "webhook enable" : "webhook disable"));
        return done ? exit_success : refuse(done.error());
    });
}

} // namespace

int list_webhooks(bool json) {
    return with_core(true, [&](core& parts) {
        const auto found = webhooks_of(parts).list();
        if (!found)
            return refuse(found.error());
        if (json) {
            print_json(*found);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{{"ID", "ENABLED", "FROM", "NAME", "URL"}};
        for (const webhook& each : *found)
            rows.push_back({std::to_string(each.id), each.enabled ? "yes" : "no",
                            std::string{to_string(each.min_severity)}, printable(each.name),
                            printable(each.url)});
        fmt::print("{}", as_table(rows));
        return exit_success;
    });
}

int create_webhook(const create_webhook_options& chosen) {
    return with_core(false, [&](core& parts) {
        const auto made = webhooks_of(parts).create(
            {.name = chosen.name, .url = chosen.url, .min_severity = chosen.min_severity},
            operator_at_the_shell("webhook create"));
        if (!made)
            return refuse(made.error(), made.error().code == errc::invalid_input ? exit_usage : exit_failure);
        if (chosen.json)
            fmt::print("{}\n", api::schema::to_json(api::dto::to_dto(*made)));
        else
            fmt::print("id      {}\nsecret  {}\n", made->webhook.id, made->secret);
        remark("The secret is shown this once. The receiver checks with it that a message is from here.");
        return exit_success;
    });
}

int enable_webhook(webhook_id id) {
    return switch_webhook(id, true);
}

int disable_webhook(webhook_id id) {
    return switch_webhook(id, false);
}

int delete_webhook(webhook_id id) {
    return with_core(false, [&](core& parts) {
        const auto done = webhooks_of(parts).remove(id, operator_at_the_shell("webhook delete"));
        return done ? exit_success : refuse(done.error());
    });
}

int list_deliveries(const list_deliveries_options& chosen) {
    return with_core(true, [&](core& parts) {
        const auto found = webhooks_of(parts).deliveries(
            {.webhook = chosen.webhook, .state = chosen.state, .limit = most_deliveries});
        if (!found)
            return refuse(found.error());
        if (chosen.json) {
            print_json(*found);
            return exit_success;
        }
        std::vector<std::vector<std::string>> rows{
            {"ID", "STATE", "ATTEMPTS", "CREATED", "WEBHOOK", "LAST ERROR"}};
        for (const webhook_delivery& each : *found)
            rows.push_back({std::to_string(each.id), std::string{to_string(each.state)},
                            std::to_string(each.attempts), format_rfc3339(each.created_at),
                            printable(each.webhook_name),
                            each.last_error.empty() ? "-" : printable(each.last_error)});
        fmt::print("{}", as_table(rows));
        if (found->size() == most_deliveries)
            remark(fmt::format("These are the newest {}; there may be more.", most_deliveries));
        return exit_success;
    });
}

int retry_delivery(delivery_id id) {
    return with_core(false, [&](core& parts) {
        const auto now = webhooks_of(parts).retry(id, operator_at_the_shell("webhook retry"));
        if (!now)
            return refuse(now.error());
        remark(fmt::format("Message {} for {} is in line again; a server that runs will send it.", now->id,
                           printable(now->webhook_name)));
        return exit_success;
    });
}

} // namespace breakwater::app
