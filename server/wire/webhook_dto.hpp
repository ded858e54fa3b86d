#pragma once

#include "base/clock.hpp"
#include "domain/webhook.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace breakwater::wire {

struct create_webhook_request { ///< CreateWebhookRequest
    schema::line<1, max_webhook_name_length> name;
    schema::line<1, max_webhook_url_length> url;
    std::optional<alert_severity> min_severity; ///< absent: warning
    std::optional<bool> enabled;                ///< absent: true
};

struct update_webhook_request { ///< UpdateWebhookRequest
    schema::line<1, max_webhook_name_length> name;
    schema::line<1, max_webhook_url_length> url;
    alert_severity min_severity = alert_severity::warning;
    bool enabled = true;
};

struct webhook_response { ///< Webhook
    webhook_id id = 0;
    std::string name;
    std::string url;
    alert_severity min_severity = alert_severity::warning;
    bool enabled = true;
    timestamp created_at{};
    timestamp updated_at{};
};

struct new_webhook_response { ///< NewWebhook
    webhook_id id = 0;
    std::string name;
    std::string url;
    alert_severity min_severity = alert_severity::warning;
    bool enabled = true;
    timestamp created_at{};
    timestamp updated_at{};
    std::string secret;
};

struct webhook_test_response { ///< WebhookTest
    breakwater::delivery_id delivery_id = 0;
};

struct delivery_response { ///< WebhookDelivery
    delivery_id id = 0;
    breakwater::webhook_id webhook_id = 0;
    std::string webhook_name;
    schema::json_object event;
    delivery_state state = delivery_state::pending;
    std::int64_t attempts = 0;
    timestamp created_at{};
    std::optional<timestamp> next_attempt_at;
    std::optional<timestamp> delivered_at;
    std::optional<std::int64_t> last_status;
    std::optional<std::string> last_error;
};

struct delivery_list_query {
    schema::integer<1, 500> limit{100};
    std::optional<schema::text<1, 256>> cursor;
    std::optional<schema::integer<1, INT64_MAX>> webhook_id;
    std::optional<delivery_state> state;
};

[[nodiscard]] webhook to_domain(const create_webhook_request& request);
[[nodiscard]] webhook to_domain(const update_webhook_request& request, webhook_id id);
[[nodiscard]] webhook_response to_dto(const webhook& source);
[[nodiscard]] new_webhook_response to_dto(const new_webhook& source);
[[nodiscard]] delivery_response to_dto(const webhook_delivery& source);

} // namespace breakwater::wire
