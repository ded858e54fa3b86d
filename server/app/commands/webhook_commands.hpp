#pragma once

#include "domain/webhook.hpp"

#include <optional>
#include <string>

namespace breakwater::app {

// Webhooks and what was sent to them, for whoever has a shell on the server. Each gives the process's exit
// code. All but the lists change the database and so need it alone.

int list_webhooks(bool json);

struct create_webhook_options {
    std::string name;
    std::string url;
    alert_severity min_severity = alert_severity::warning;
    bool json = false;
};
int create_webhook(const create_webhook_options& chosen);

int enable_webhook(webhook_id id);
/// What waits for it is given up.
int disable_webhook(webhook_id id);
int delete_webhook(webhook_id id);

struct list_deliveries_options {
    std::optional<webhook_id> webhook;
    std::optional<delivery_state> state;
    bool json = false;
};
int list_deliveries(const list_deliveries_options& chosen);

int retry_delivery(delivery_id id);

} // namespace breakwater::app
