#include "wire/webhook_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(create_webhook_request, (), (name, url, min_severity, enabled))
BOOST_DESCRIBE_STRUCT(update_webhook_request, (), (name, url, min_severity, enabled))
BOOST_DESCRIBE_STRUCT(webhook_response, (), (id, name, url, min_severity, enabled, created_at, updated_at))
BOOST_DESCRIBE_STRUCT(new_webhook_response, (),
                      (id, name, url, min_severity, enabled, created_at, updated_at, secret))
BOOST_DESCRIBE_STRUCT(webhook_test_response, (), (delivery_id))
BOOST_DESCRIBE_STRUCT(delivery_response, (),
                      (id, webhook_id, webhook_name, event, state, attempts, created_at, next_attempt_at,
                       delivered_at, last_status, last_error))
BOOST_DESCRIBE_STRUCT(delivery_list_query, (), (limit, cursor, webhook_id, state))

webhook to_domain(const create_webhook_request& request) {
    return {.name = request.name.value,
            .url = request.url.value,
            .min_severity = request.min_severity.value_or(alert_severity::warning),
            .enabled = request.enabled.value_or(true)};
}

webhook to_domain(const update_webhook_request& request, webhook_id id) {
    return {.id = id,
            .name = request.name.value,
            .url = request.url.value,
            .min_severity = request.min_severity,
            .enabled = request.enabled};
}

webhook_response to_dto(const webhook& source) {
    return {.id = source.id,
            .name = source.name,
            .url = source.url,
            .min_severity = source.min_severity,
            .enabled = source.enabled,
            .created_at = source.created_at,
            .updated_at = source.updated_at};
}

new_webhook_response to_dto(const new_webhook& source) {
    return {.id = source.webhook.id,
            .name = source.webhook.name,
            .url = source.webhook.url,
            .min_severity = source.webhook.min_severity,
            .enabled = source.webhook.enabled,
            .created_at = source.webhook.created_at,
            .updated_at = source.webhook.updated_at,
            .secret = source.secret};
}

delivery_response to_dto(const webhook_delivery& source) {
    return {.id = source.id,
            .webhook_id = source.webhook,
            .webhook_name = source.webhook_name,
            .event = {source.body},
            .state = source.state,
            .attempts = source.attempts,
            .created_at = source.created_at,
            .next_attempt_at = source.next_attempt_at,
            .delivered_at = source.delivered_at,
            .last_status = source.last_status,
            .last_error = source.last_error.empty() ? std::nullopt : std::optional{source.last_error}};
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

/// The URLs that `parse_webhook_url` accepts, except for the upper bound of the port.
constexpr std::string_view url_pattern =
    R"(^[hH][tT][tT][pP][sS]?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?([/?][!$-;=?-\\[\\]_a-z~]*)?$)";

/// Replaces the schema that the member `url` has as a `line` by one with `url_pattern`. Throws
/// std::logic_error if there is no such member.
named_schema with_url_pattern(named_schema component) {
    constexpr std::string_view member = R"("url":)";
    std::string line_schema = schema_of<line<1, max_webhook_url_length>>();
    line_schema.pop_back(); // the closing brace: the description follows
    const std::size_t position = component.schema.find(std::string{member} + line_schema);
    if (position == std::string::npos)
        throw std::logic_error{component.name + " has no member `url` with the schema of a line"};
    component.schema.replace(
        position + member.size(), line_schema.size(),
        fmt::format(R"({{"type":"string","format":"uri","minLength":1,"maxLength":{},"pattern":"{}")",
                    max_webhook_url_length, url_pattern));
    return component;
}

constexpr field_note name_note{"name", "The webhook's name."};
constexpr field_note url_note{
    "url", "Where the server sends messages: an https URL without user name and fragment. Plain http and "
           "non-public addresses are allowed only for the hosts that WEBHOOK_LOCAL_HOSTS names."};
constexpr field_note severity_note{"min_severity", "The webhook receives alerts of this severity and above."};
constexpr field_note enabled_note{"enabled", "Whether the webhook receives messages."};

template <>
struct about<wire::create_webhook_request> {
    static constexpr std::string_view name = "CreateWebhookRequest";
    static constexpr std::string_view description = "A webhook to create.";
    static constexpr std::string_view example =
        R"({"name":"On call","url":"https://hooks.example/breakwater","min_severity":"critical"})";
    static constexpr std::array notes{
        name_note, url_note,
        field_note{"min_severity",
                   "The webhook receives alerts of this severity and above; `warning` if absent."},
        field_note{"enabled", "Whether the webhook receives messages; `true` if absent."}};
};

template <>
struct about<wire::update_webhook_request> {
    static constexpr std::string_view name = "UpdateWebhookRequest";
    static constexpr std::string_view description = "The new values of a webhook.";
    static constexpr std::string_view example =
        R"({"name":"On call","url":"https://hooks.example/breakwater","min_severity":"warning","enabled":true})";
    static constexpr std::array notes{name_note, url_note, severity_note, enabled_note};
};

template <>
struct about<wire::webhook_response> {
    static constexpr std::string_view name = "Webhook";
    static constexpr std::string_view description = "A URL that receives messages about alerts.";
    static constexpr std::string_view example =
        R"({"id":1,"name":"On call","url":"https://hooks.example/breakwater","min_severity":"critical",)"
        R"("enabled":true,"created_at":"2026-01-15T08:00:00Z","updated_at":"2026-01-15T08:00:00Z"})";
    static constexpr std::array notes{field_note{"id", "The webhook's id."},
                                      name_note,
                                      url_note,
                                      severity_note,
                                      enabled_note,
                                      field_note{"created_at", "When the webhook was created."},
                                      field_note{"updated_at", "When the webhook was last changed."}};
};

template <>
struct about<wire::new_webhook_response> {
    static constexpr std::string_view name = "NewWebhook";
    static constexpr std::string_view description = "A webhook and its secret, which is shown only once.";
    static constexpr std::string_view example =
        R"({"id":1,"name":"On call","url":"https://hooks.example/breakwater","min_severity":"critical",)"
        R"("enabled":true,"created_at":"2026-01-15T08:00:00Z","updated_at":"2026-01-15T08:00:00Z",)"
        R"("secret":"whsec_3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})";
    static constexpr std::array notes{
        field_note{"id", "The webhook's id."},
        name_note,
        url_note,
        severity_note,
        enabled_note,
        field_note{"created_at", "When the webhook was created."},
        field_note{"updated_at", "When the webhook was last changed."},
        field_note{"secret",
                   "The secret that signs the messages, in the format of Standard Webhooks: `whsec_` and 32 "
                   "random bytes in base64. The bytes are the HMAC key."}};
};

template <>
struct about<wire::webhook_test_response> {
    static constexpr std::string_view name = "WebhookTest";
    static constexpr std::string_view description = "A queued test message.";
    static constexpr std::string_view example = R"({"delivery_id":12})";
    static constexpr std::array notes{field_note{"delivery_id", "The id of the message's delivery."}};
};

template <>
struct about<wire::delivery_response> {
    static constexpr std::string_view name = "WebhookDelivery";
    static constexpr std::string_view description = "A message to a webhook and the state of its delivery.";
    static constexpr std::string_view example =
        R"({"id":12,"webhook_id":1,"webhook_name":"On call","event":{"type":"test",)"
        R"("sent_at":"2026-01-15T08:00:00Z","webhook":{"id":1,"name":"On call"}},"state":"dead","attempts":8,)"
        R"("created_at":"2026-01-15T08:00:00Z","next_attempt_at":null,"delivered_at":null,"last_status":500,)"
        R"("last_error":"The receiver answered 500."})";
    static constexpr std::array notes{
        field_note{"id", "The message's id: the header `webhook-id`, the same for every attempt."},
        field_note{"webhook_id", "The webhook that receives the message."},
        field_note{"webhook_name", "The webhook's name."},
        field_note{"event", "The message."},
        field_note{"state",
                   "`pending`: waits for its first or next attempt; `delivered`; `dead`: the server gave "
                   "up."},
        field_note{"attempts", "The number of attempts since the message was last queued."},
        field_note{"created_at", "When the message was first queued."},
        field_note{"next_attempt_at", "When the next attempt is due; null if the delivery is not pending."},
        field_note{"delivered_at", "When the message was delivered; null if it was not."},
        field_note{"last_status",
                   "The HTTP status of the receiver's latest response; null if there was none."},
        field_note{"last_error", "Why the latest attempt failed, or why the server gave up."}};
};

template <>
struct about<wire::delivery_list_query> {
    static constexpr std::array notes{
        field_note{"limit", "The maximum number of deliveries."},
        field_note{"cursor", "The `X-Next-Cursor` of the previous page."},
        field_note{"webhook_id", "Only deliveries to this webhook."},
        field_note{"state", "Only deliveries in this state; `dead` lists those that the server gave up."}};
};

template result<wire::create_webhook_request> parse(std::string_view);
template result<wire::update_webhook_request> parse(std::string_view);
template result<wire::delivery_list_query> parse_query(const query_pairs&);
template std::vector<parameter_schema> query_parameters<wire::delivery_list_query>();
template void write(std::string&, const std::vector<wire::webhook_response>&);
template void write(std::string&, const wire::webhook_response&);
template void write(std::string&, const wire::new_webhook_response&);
template void write(std::string&, const wire::webhook_test_response&);
template void write(std::string&, const std::vector<wire::delivery_response>&);
template void write(std::string&, const wire::delivery_response&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_webhook_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(schema::with_url_pattern(component_of<create_webhook_request>(direction::request)));
    components.push_back(schema::with_url_pattern(component_of<update_webhook_request>(direction::request)));
    components.push_back(component_of<webhook_response>(direction::response));
    components.push_back(component_of<new_webhook_response>(direction::response));
    components.push_back(component_of<webhook_test_response>(direction::response));
    components.push_back(component_of<delivery_response>(direction::response));
}
