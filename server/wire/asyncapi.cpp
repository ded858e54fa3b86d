#include "wire/asyncapi.hpp"

#include "base/json_builder.hpp"
#include "wire/message_components.hpp"
#include "wire/schema/components.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace breakwater::wire {

namespace {

// The components whose values are whole messages.
constexpr std::array<std::string_view, 5> live_requests{"LiveHello", "LiveSubscribe", "LiveUnsubscribe",
                                                        "LiveRenew", "LiveClientHeartbeat"};
constexpr std::array<std::string_view, 8> live_messages{"LiveWelcome",      "LiveRenewed",  "LiveSubscribed",
                                                        "LiveUnsubscribed", "LiveError",    "LiveEvents",
                                                        "LiveGap",          "LiveHeartbeat"};
constexpr std::array<std::string_view, 2> webhook_messages{"AlertMessage", "TestMessage"};

constexpr std::string_view live_description =
    "A WebSocket (RFC 6455) with one JSON object in each text message. The first message of the client is "
    "LiveHello, with a ticket or an access token. The server answers with LiveWelcome. It closes the "
    "connection with 4401 if the credential is not valid, with 4408 if LiveHello does not arrive in "
    "time, and with 4429 if there are too many connections.";
constexpr std::string_view webhook_description =
    "The URL of a webhook. The server tries up to eight times until the receiver answers 2xx, or 410, which "
    "disables the webhook. The server signs each message as the Standard Webhooks specification describes.";
constexpr std::string_view webhook_headers =
    R"({"type":"object","properties":{)"
    R"("webhook-id":{"type":"string","description":"The id of the message, the same for every attempt."},)"
    R"("webhook-timestamp":{"type":"string","description":"When this attempt was made, in seconds since 1970."},)"
    R"("webhook-signature":{"type":"string","description":"`v1,` and an HMAC-SHA256 in base64."}},)"
    R"("required":["webhook-id","webhook-timestamp","webhook-signature"]})";

std::vector<named_schema> all_components() {
    std::vector<named_schema> all = schema::components();
    add_export_components(all);
    add_live_request_components(all);
    add_live_message_components(all);
    add_webhook_message_components(all);
    return all;
}

const named_schema& find(std::span<const named_schema> components, std::string_view name) {
    const auto position = std::ranges::find(components, name, &named_schema::name);
    if (position == components.end())
        throw std::logic_error{fmt::format("The AsyncAPI component {} does not exist.", name)};
    return *position;
}

/// Adds the component and all components that it refers to.
void add_with_references(std::set<std::string, std::less<>>& names, std::span<const named_schema> components,
                         std::string_view name) {
    if (!names.emplace(name).second)
        return;
    constexpr std::string_view prefix = R"("$ref":"#/components/schemas/)";
    const std::string& text = find(components, name).schema;
    for (auto at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at + 1)) {
        const std::size_t begin = at + prefix.size();
        add_with_references(names, components,
                            std::string_view{text}.substr(begin, text.find('"', begin) - begin));
    }
}

std::string reference(std::string_view place, std::string_view name) {
    json_builder out = json_builder::object();
    out.add("$ref", json_string(fmt::format("#/{}/{}", place, name)));
    return std::move(out).finish();
}

std::string info_object(const asyncapi_info& info) {
    json_builder license = json_builder::object();
    license.add("name", json_string("Apache-2.0"));
    json_builder out = json_builder::object();
    out.add("title", json_string("Breakwater"));
    out.add("version", json_string(info.version));
    out.add("description", json_string("The messages of live connections and webhooks. The OpenAPI document "
                                       "describes the requests and their responses."));
    out.add("license", std::move(license).finish());
    return std::move(out).finish();
}

/// The bindings of a channel or operation: for one protocol, with its HTTP method.
std::string bindings(std::string_view protocol, std::string_view method, std::string_view version) {
    json_builder binding = json_builder::object();
    binding.add("method", json_string(method));
    binding.add("bindingVersion", json_string(version));
    json_builder out = json_builder::object();
    out.add(protocol, std::move(binding).finish());
    return std::move(out).finish();
}

std::string channel_messages(std::initializer_list<std::span<const std::string_view>> lists) {
    json_builder out = json_builder::object();
    for (const auto& list : lists)
        for (const std::string_view name : list)
            out.add(name, reference("components/messages", name));
    return std::move(out).finish();
}

std::string channels(std::string_view base_path) {
    json_builder live = json_builder::object();
    live.add("address", json_string(fmt::format("{}/live", base_path)));
    live.add("description", json_string(live_description));
    live.add("messages", channel_messages({live_requests, live_messages}));
    live.add("bindings", bindings("ws", "GET", "0.1.0"));
    json_builder webhook = json_builder::object();
    webhook.add("address", "null");
    webhook.add("description", json_string(webhook_description));
    webhook.add("messages", channel_messages({webhook_messages}));
    json_builder out = json_builder::object();
    out.add("live", std::move(live).finish());
    out.add("webhook", std::move(webhook).finish());
    return std::move(out).finish();
}

json_builder operation(std::string_view action, std::string_view channel, std::string_view summary,
                       std::span<const std::string_view> messages) {
    json_builder list = json_builder::array();
    for (const std::string_view name : messages)
        list.add(reference(fmt::format("channels/{}/messages", channel), name));
    json_builder out = json_builder::object();
    out.add("action", json_string(action));
    out.add("channel", reference("channels", channel));
    out.add("summary", json_string(summary));
    out.add("messages", std::move(list).finish());
    return out;
}

std::string operations() {
    json_builder out = json_builder::object();
    out.add("receiveLive",
            operation("receive", "live", "What a live client sends to the server", live_requests).finish());
    out.add("sendLive",
            operation("send", "live", "What the server sends to a live client", live_messages).finish());
    json_builder webhook =
        operation("send", "webhook", "What the server sends to a webhook", webhook_messages);
    webhook.add("bindings", bindings("http", "POST", "0.3.0"));
    out.add("sendWebhook", std::move(webhook).finish());
    return std::move(out).finish();
}

std::string message(const named_schema& component, std::string_view headers) {
    json_builder out = json_builder::object();
    out.add("name", json_string(component.name));
    if (!headers.empty())
        out.add("headers", headers);
    out.add("payload", reference("components/schemas", component.name));
    json_builder example = json_builder::object();
    example.add("payload", component.example);
    json_builder examples = json_builder::array();
    examples.add(std::move(example).finish());
    out.add("examples", std::move(examples).finish());
    return std::move(out).finish();
}

std::string components() {
    const std::vector<named_schema> all = all_components();
    std::set<std::string, std::less<>> names;
    json_builder messages = json_builder::object();
    const auto add = [&](std::span<const std::string_view> list, std::string_view headers) {
        for (const std::string_view name : list) {
            add_with_references(names, all, name);
            messages.add(name, message(find(all, name), headers));
        }
    };
    add(live_requests, {});
    add(live_messages, {});
    add(webhook_messages, webhook_headers);
    json_builder schemas = json_builder::object();
    for (const std::string& name : names)
        schemas.add(name, find(all, name).schema);
    json_builder out = json_builder::object();
    out.add("messages", std::move(messages).finish());
    out.add("schemas", std::move(schemas).finish());
    return std::move(out).finish();
}

} // namespace

std::string asyncapi_document(const asyncapi_info& info) {
    json_builder out = json_builder::object();
    out.add("asyncapi", json_string("3.0.0"));
    out.add("info", info_object(info));
    out.add("defaultContentType", json_string("application/json"));
    out.add("channels", channels(info.base_path));
    out.add("operations", operations());
    out.add("components", components());
    return indented_json(std::move(out).finish());
}

} // namespace breakwater::wire
