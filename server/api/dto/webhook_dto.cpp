#include "api/dto/webhook_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace breakwater::api::dto {

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

webhook to_domain(const create_webhook_request& from) {
    return {.name = from.name.value,
            .url = from.url.value,
            .min_severity = from.min_severity.value_or(alert_severity::warning),
            .enabled = from.enabled.value_or(true)};
}

webhook to_domain(const update_webhook_request& from, webhook_id id) {
    return {.id = id,
            .name = from.name.value,
            .url = from.url.value,
            .min_severity = from.min_severity,
            .enabled = from.enabled};
}

webhook_response to_dto(const webhook& from) {
    return {.id = from.id,
            .name = from.name,
            .url = from.url,
            .min_severity = from.min_severity,
            .enabled = from.enabled,
            .created_at = from.created_at,
            .updated_at = from.updated_at};
}

new_webhook_response to_dto(const services::new_webhook& from) {
    return {.id = from.webhook.id,
            .name = from.webhook.name,
            .url = from.webhook.url,
            .min_severity = from.webhook.min_severity,
            .enabled = from.webhook.enabled,
            .created_at = from.webhook.created_at,
            .updated_at = from.webhook.updated_at,
            .secret = from.secret};
}

delivery_response to_dto(const webhook_delivery& from) {
    return {.id = from.id,
            .webhook_id = from.webhook,
            .webhook_name = from.webhook_name,
            .event = {from.body},
            .state = from.state,
            .attempts = from.attempts,
            .created_at = from.created_at,
            .next_attempt_at = from.next_attempt_at,
            .delivered_at = from.delivered_at,
            .last_status = from.last_status,
            .last_error = from.last_error.empty() ? std::nullopt : std::optional{from.last_error}};
}

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

/// What `parse_webhook_url` takes, but for the port's upper bound.
constexpr std::string_view url_pattern =
    R"(^[hH][tT][tT][pP][sS]?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?([/?][!$-;=?-\\[\\]_a-z~]*)?$)";

/// With that pattern in place of the one that any line has.
http::component with_url_pattern(http::component made) {
    constexpr std::string_view member = R"("url":)";
    std::string any = schema_of<line<1, max_webhook_url_length>>();
    any.pop_back(); // its brace: a description follows
    const std::size_t at = made.schema.find(std::string{member} + any);
    if (at == std::string::npos)
        throw std::logic_error{made.name + " has no url of that kind"};
    made.schema.replace(
        at + member.size(), any.size(),
        fmt::format(R"({{"type":"string","format":"uri","minLength":1,"maxLength":{},"pattern":"{}")",
                    max_webhook_url_length, url_pattern));
    return made;
}

constexpr field_note name_note{"name", "What people call it."};
constexpr field_note url_note{
    "url", "Where it leads: https, without a user name and a fragment. Plain http, and addresses that aren't "
           "public ones, only at the hosts that WEBHOOK_LOCAL_HOSTS names."};
constexpr field_note severity_note{"min_severity", "It is told of alerts that matter so much, or more."};
constexpr field_note enabled_note{"enabled", "Whether it is told of anything."};

template <>
struct about<dto::create_webhook_request> {
    static constexpr std::string_view name = "CreateWebhookRequest";
    static constexpr std::string_view description = "An address to be told of alerts.";
    static constexpr std::string_view example =
        R"({"name":"On call","url":"https://hooks.example/breakwater","min_severity":"critical"})";
    static constexpr std::array notes{
        name_note, url_note,
        field_note{"min_severity", "It is told of alerts that matter so much, or more; by default warning."},
        field_note{"enabled", "Whether it is told of anything; by default true."}};
};

template <>
struct about<dto::update_webhook_request> {
    static constexpr std::string_view name = "UpdateWebhookRequest";
    static constexpr std::string_view description = "A webhook as it is to be from now on.";
    static constexpr std::string_view example =
        R"({"name":"On call","url":"https://hooks.example/breakwater","min_severity":"warning","enabled":true})";
    static constexpr std::array notes{name_note, url_note, severity_note, enabled_note};
};

template <>
struct about<dto::webhook_response> {
    static constexpr std::string_view name = "Webhook";
    static constexpr std::string_view description = "An address that is told of alerts.";
    static constexpr std::string_view example =
        R"({"id":1,"name":"On call","url":"https://hooks.example/breakwater","min_severity":"critical",)"
        R"("enabled":true,"created_at":"2026-01-15T08:00:00Z","updated_at":"2026-01-15T08:00:00Z"})";
    static constexpr std::array notes{field_note{"id", "Its number."},
                                      name_note,
                                      url_note,
                                      severity_note,
                                      enabled_note,
                                      field_note{"created_at", "When it was made."},
                                      field_note{"updated_at", "When it was last changed."}};
};

template <>
struct about<dto::new_webhook_response> {
    static constexpr std::string_view name = "NewWebhook";
    static constexpr std::string_view description = "A webhook with its secret, which is shown this once.";
    static constexpr std::string_view example =
        R"({"id":1,"name":"On call","url":"https://hooks.example/breakwater","min_severity":"critical",)"
        R"("enabled":true,"created_at":"2026-01-15T08:00:00Z","updated_at":"2026-01-15T08:00:00Z",)"
        R"("secret":"whsec_3q2+7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="})";
    static constexpr std::array notes{
        field_note{"id", "Its number."},
        name_note,
        url_note,
        severity_note,
        enabled_note,
        field_note{"created_at", "When it was made."},
        field_note{"updated_at", "When it was last changed."},
        field_note{"secret",
                   "What its messages are signed with, as Standard Webhooks has it: `whsec_` and 32 random "
                   "bytes in base64. The bytes are the key of the HMAC."}};
};

template <>
struct about<dto::webhook_test_response> {
    static constexpr std::string_view name = "WebhookTest";
    static constexpr std::string_view description = "A test message that was put in line.";
    static constexpr std::string_view example = R"({"delivery_id":12})";
    static constexpr std::array notes{field_note{"delivery_id", "The delivery's number."}};
};

template <>
struct about<dto::delivery_response> {
    static constexpr std::string_view name = "WebhookDelivery";
    static constexpr std::string_view description = "A message to a webhook.";
    static constexpr std::string_view example =
        R"({"id":12,"webhook_id":1,"webhook_name":"On call","event":{"type":"test",)"
        R"("sent_at":"2026-01-15T08:00:00Z","webhook":{"id":1,"name":"On call"}},"state":"dead","attempts":8,)"
        R"("created_at":"2026-01-15T08:00:00Z","next_attempt_at":null,"delivered_at":null,"last_status":500,)"
        R"("last_error":"The receiver answered 500."})";
    static constexpr std::array notes{
        field_note{"id", "Its number: `webhook-id`, the same at every attempt."},
        field_note{"webhook_id", "Whom it is for."},
        field_note{"webhook_name", "What people call that."},
        field_note{"event", "The message."},
        field_note{"state", "`pending`: it waits, or is tried again later; `dead`: it was given up."},
        field_note{"attempts", "How often it was tried since it was last put in line."},
        field_note{"created_at", "When it was put in line first."},
        field_note{"next_attempt_at", "When it is tried next; null where it isn't pending."},
        field_note{"delivered_at", "When it arrived."},
        field_note{"last_status", "What the receiver answered last; null: nothing."},
        field_note{"last_error", "Why the last attempt was in vain, or why it was given up."}};
};

template <>
struct about<dto::delivery_list_query> {
    static constexpr std::array notes{
        field_note{"limit", "How many at most."},
        field_note{"cursor", "Where to go on: X-Next-Cursor of the page before."},
        field_note{"webhook_id", "Of this webhook only."},
        field_note{"state", "In this state only; `dead` is what was given up."}};
};

template result<dto::create_webhook_request> parse(std::string_view);
template result<dto::update_webhook_request> parse(std::string_view);
template result<dto::delivery_list_query> parse_query(std::string_view);
template std::vector<http::parameter> query_parameters<dto::delivery_list_query>();
template void write(std::string&, const std::vector<dto::webhook_response>&);
template void write(std::string&, const dto::webhook_response&);
template void write(std::string&, const dto::new_webhook_response&);
template void write(std::string&, const dto::webhook_test_response&);
template void write(std::string&, const std::vector<dto::delivery_response>&);
template void write(std::string&, const dto::delivery_response&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_webhook_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(schema::with_url_pattern(component_of<create_webhook_request>(direction::request)));
    to.push_back(schema::with_url_pattern(component_of<update_webhook_request>(direction::request)));
    to.push_back(component_of<webhook_response>(direction::response));
    to.push_back(component_of<new_webhook_response>(direction::response));
    to.push_back(component_of<webhook_test_response>(direction::response));
    to.push_back(component_of<delivery_response>(direction::response));
}
