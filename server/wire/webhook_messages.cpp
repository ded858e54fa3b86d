#include "wire/webhook_messages.hpp"

#include "wire/message_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(alert_message, (), (type, change, sent_at, alert))
BOOST_DESCRIBE_STRUCT(message_receiver, (), (id, name))
BOOST_DESCRIBE_STRUCT(test_message, (), (type, sent_at, webhook))

} // namespace breakwater::wire

namespace breakwater::wire::schema {

constexpr field_note type_note{"type", "The kind of message."};
constexpr field_note sent_note{"sent_at", "When the message was first queued, in UTC."};

template <>
struct about<wire::alert_message> {
    static constexpr std::string_view name = "AlertMessage";
    static constexpr std::string_view description = "An alert was raised or resolved.";
    static constexpr std::string_view example =
        R"({"type":"alert","change":"raised","sent_at":"2026-01-15T12:00:00Z","alert":{"id":12,"rule_id":3,)"
        R"("rule_name":"Too hot","kind":"field","severity":"critical",)"
        R"("device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","device_name":"Roof station","subject":"",)"
        R"("summary":"metrics.temperature_c is 41.5, above 40.","state":"open","count":1,"quarantined":false,)"
        R"("late":false,"raised_at":"2026-01-15T12:00:00Z","last_raised_at":"2026-01-15T12:00:00Z",)"
        R"("acknowledged_at":null,"acknowledged_by":null,"resolved_at":null,"resolved_by":null,"note":null,)"
        R"("simulated":false,"device_deleted":false}})";
    static constexpr std::array notes{
        type_note, field_note{"change", "What happened to the alert; webhooks receive no `updated`."},
        sent_note, field_note{"alert", "The alert after the change."}};
};

template <>
struct about<wire::message_receiver> {
    static constexpr std::string_view name = "MessageReceiver";
    static constexpr std::string_view description = "The webhook that a message is for.";
    static constexpr std::string_view example = R"({"id":1,"name":"On call"})";
    static constexpr std::array notes{field_note{"id", "The webhook's id."},
                                      field_note{"name", "The webhook's name."}};
};

template <>
struct about<wire::test_message> {
    static constexpr std::string_view name = "TestMessage";
    static constexpr std::string_view description = "An administrator tests the webhook.";
    static constexpr std::string_view example =
        R"({"type":"test","sent_at":"2026-01-15T08:00:00Z","webhook":{"id":1,"name":"On call"}})";
    static constexpr std::array notes{type_note, sent_note, field_note{"webhook", "The tested webhook."}};
};

template void write(std::string&, const wire::alert_message&);
template void write(std::string&, const wire::test_message&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_webhook_message_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<alert_message>(direction::response));
    components.push_back(component_of<message_receiver>(direction::response));
    components.push_back(component_of<test_message>(direction::response));
}
