#pragma once

#include "domain/webhook.hpp"

#include <optional>
#include <string>

namespace breakwater::app {

// Commands for webhooks and their deliveries, for operators with a shell on the server. They return the exit
// code. All except the lists change the database and need the server stopped.

int list_webhooks(bool json);

struct create_webhook_options {
    std::string name;
    std::string url;
    alert_severity min_severity = alert_severity::warning;
    bool json = false;
};
int create_webhook(const create_webhook_options& options);

int enable_webhook(webhook_id id);
/// Gives up the pending messages of the webhook.
int disable_webhook(webhook_id id);
int delete_webhook(webhook_id id);

struct list_deliveries_options {
    std::optional<webhook_id> webhook;
    std::optional<delivery_state> state;
    bool json = false;
};
int list_deliveries(const list_deliveries_options& options);

int retry_delivery(delivery_id id);

} // namespace breakwater::app
