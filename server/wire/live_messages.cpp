#include "wire/live_messages.hpp"

#include "wire/message_components.hpp"
#include "wire/schema/reflect.hpp"

#include <utility>

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(live_welcome, (), (type, cursor, user_id, administrator, expires_at))
BOOST_DESCRIBE_STRUCT(live_renewed, (), (type, expires_at))
BOOST_DESCRIBE_STRUCT(live_subscribed, (), (type, id))
BOOST_DESCRIBE_STRUCT(live_unsubscribed, (), (type, id))
BOOST_DESCRIBE_STRUCT(live_error, (), (type, detail))
BOOST_DESCRIBE_STRUCT(live_gap, (), (type, cursor))
BOOST_DESCRIBE_STRUCT(live_heartbeat, (), (type, cursor))
BOOST_DESCRIBE_STRUCT(live_reading, (), (type, reading))
BOOST_DESCRIBE_STRUCT(live_backfill, (), (type, device_id, count, oldest, newest, received_at))
BOOST_DESCRIBE_STRUCT(live_device, (),
                      (type, change, device_id, name, category, status, simulated, never_heard,
                       expected_interval_seconds, updated_at))
BOOST_DESCRIBE_STRUCT(live_device_removal, (), (type, change, device_id))
BOOST_DESCRIBE_STRUCT(live_alert, (), (type, change, alert))
BOOST_DESCRIBE_STRUCT(live_security_event, (),
                      (type, id, created_at, actor_type, actor_id, event_type, status, detail, source_address,
                       request_id, route, simulated, count, target_type, target_id, targets, target_count))
BOOST_DESCRIBE_STRUCT(live_events, (), (type, events, cursor))

live_events_frame frame_of_events(std::string_view cursor) {
    live_events_frame frame{.text = schema::to_json(live_events{.cursor = cursor})};
    frame.head_length = frame.text.find("[]") + 1; // the first member that is not constant
    return frame;
}

live_reading to_live(const reading& source) {
    return {.reading = to_export(source)};
}

live_device to_live(const device& source, device_change change, std::chrono::seconds expected_interval) {
    return {.change = change,
            .device_id = source.id,
            .name = source.name,
            .category = source.category,
            .status = source.status,
            .simulated = source.simulated,
            .never_heard = source.never_heard(),
            .expected_interval_seconds = expected_interval.count(),
            .updated_at = source.updated_at};
}

live_security_event to_live(const security_event& source) {
    live_security_event out{.id = source.id,
                            .created_at = source.created_at,
                            .actor_type = source.actor,
                            .actor_id = source.actor_id,
                            .event_type = source.type,
                            .status = source.status,
                            .detail = source.detail,
                            .source_address = source.origin.source_address,
                            .request_id = source.origin.request_id,
                            .route = source.origin.route,
                            .simulated = source.simulated,
                            .count = source.count,
                            .targets = targets_of(source),
                            .target_count = breakwater::target_count(source)};
    if (source.target) {
        out.target_type = source.target->type;
        out.target_id = source.target->id;
    }
    return out;
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

constexpr field_note cursor_note{
    "cursor", "Identifies the last event that this connection has sent. The next hello may contain it."};
constexpr field_note device_note{"device_id", "The device's id."};
constexpr field_note subscription_note{"id", "The subscription's id, as the client sent it."};

template <>
struct about<wire::live_welcome> {
    static constexpr std::string_view name = "LiveWelcome";
    static constexpr std::string_view description = "The answer to a hello with a valid credential.";
    static constexpr std::string_view example =
        R"({"type":"welcome","cursor":"3f0c1b7a9e3d-41","user_id":7,"administrator":false,)"
        R"("expires_at":"2026-01-15T12:15:00Z"})";
    static constexpr std::array notes{
        field_note{"type", "The kind of message."}, cursor_note,
        field_note{"user_id", "The account of the credential."},
        field_note{"administrator", "Whether the account is an administrator, who receives all events."},
        field_note{"expires_at", "When the server closes the connection unless the client renews it."}};
};

template <>
struct about<wire::live_renewed> {
    static constexpr std::string_view name = "LiveRenewed";
    static constexpr std::string_view description = "The answer to a renewal.";
    static constexpr std::string_view example = R"({"type":"renewed","expires_at":"2026-01-15T12:30:00Z"})";
    static constexpr std::array notes{
        field_note{"type", "The kind of message."},
        field_note{"expires_at", "When the server closes the connection unless the client renews it."}};
};

template <>
struct about<wire::live_subscribed> {
    static constexpr std::string_view name = "LiveSubscribed";
    static constexpr std::string_view description = "The server added or replaced the subscription.";
    static constexpr std::string_view example = R"({"type":"subscribed","id":"a"})";
    static constexpr std::array notes{field_note{"type", "The kind of message."}, subscription_note};
};

template <>
struct about<wire::live_unsubscribed> {
    static constexpr std::string_view name = "LiveUnsubscribed";
    static constexpr std::string_view description = "The server removed the subscription.";
    static constexpr std::string_view example = R"({"type":"unsubscribed","id":"a"})";
    static constexpr std::array notes{field_note{"type", "The kind of message."}, subscription_note};
};

template <>
struct about<wire::live_error> {
    static constexpr std::string_view name = "LiveError";
    static constexpr std::string_view description =
        "The answer to a message that the server could not accept. The connection stays open.";
    static constexpr std::string_view example =
        R"({"type":"error","detail":"There is no subscription with that id."})";
    static constexpr std::array notes{field_note{"type", "The kind of message."},
                                      field_note{"detail", "What is wrong, as a sentence for people."}};
};

template <>
struct about<wire::live_gap> {
    static constexpr std::string_view name = "LiveGap";
    static constexpr std::string_view description =
        "The client missed events that the server no longer has. Events after the cursor follow.";
    static constexpr std::string_view example = R"({"type":"gap","cursor":"3f0c1b7a9e3d-41"})";
    static constexpr std::array notes{field_note{"type", "The kind of message."}, cursor_note};
};

template <>
struct about<wire::live_heartbeat> {
    static constexpr std::string_view name = "LiveHeartbeat";
    static constexpr std::string_view description =
        "Shows that the connection is alive; sent when the server has sent nothing else for 5 seconds.";
    static constexpr std::string_view example = R"({"type":"heartbeat","cursor":"3f0c1b7a9e3d-41"})";
    static constexpr std::array notes{field_note{"type", "The kind of message."}, cursor_note};
};

template <>
struct about<wire::live_reading> {
    static constexpr std::string_view name = "LiveReading";
    static constexpr std::string_view description = "The server stored a reading.";
    static constexpr std::string_view example =
        R"({"type":"reading","reading":{"id":4711,"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
        R"("device_timestamp":null,"received_at":"2026-01-15T12:00:01Z","simulated":false,)"
        R"("payload":{"status":"indoor"},"payload_size":19}})";
    static constexpr std::array notes{field_note{"type", "The kind of event."},
                                      field_note{"reading", "The reading."}};
};

template <>
struct about<wire::live_backfill> {
    static constexpr std::string_view name = "LiveBackfill";
    static constexpr std::string_view description =
        "The server stored late readings of one batch. It sends at most the newest of them as an event.";
    static constexpr std::string_view example =
        R"({"type":"backfill","device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","count":500,)"
        R"("oldest":"2026-01-14T12:00:00Z","newest":"2026-01-15T10:00:00Z",)"
        R"("received_at":"2026-01-15T12:00:01Z"})";
    static constexpr std::array notes{field_note{"type", "The kind of event."},
                                      device_note,
                                      field_note{"count", "The number of late readings."},
                                      field_note{"oldest", "When the oldest of them was measured."},
                                      field_note{"newest", "When the newest of them was measured."},
                                      field_note{"received_at", "When the newest of them arrived."}};
};

template <>
struct about<wire::live_device> {
    static constexpr std::string_view name = "LiveDevice";
    static constexpr std::string_view description =
        "A device was created or changed, also by a policy that changes its expected interval.";
    static constexpr std::string_view example =
        R"({"type":"device","change":"created","device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
        R"("name":"Roof station","category":"weather_station","status":"active","simulated":false,)"
        R"("never_heard":true,"expected_interval_seconds":45,"updated_at":"2026-01-15T12:00:00Z"})";
    static constexpr std::array notes{
        field_note{"type", "The kind of event."},
        field_note{"change", "What happened to the device."},
        device_note,
        field_note{"name", "The device's name."},
        field_note{"category", "The device's category."},
        field_note{"status", "Only an active device may send readings."},
        field_note{"simulated", "Whether the simulator sends the device's readings."},
        field_note{"never_heard", "Whether the device has not sent a reading of its own yet."},
        field_note{"expected_interval_seconds", "How often the device is expected to send a reading."},
        field_note{"updated_at", "When the device was last changed, in UTC."}};
};

template <>
struct about<wire::live_device_removal> {
    static constexpr std::string_view name = "LiveDeviceRemoval";
    static constexpr std::string_view description = "A device was deleted.";
    static constexpr std::string_view example =
        R"({"type":"device","change":"deleted","device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11"})";
    static constexpr std::array notes{field_note{"type", "The kind of event."},
                                      field_note{"change", "What happened to the device."}, device_note};
};

template <>
struct about<wire::live_alert> {
    static constexpr std::string_view name = "LiveAlert";
    static constexpr std::string_view description =
        "An alert was raised, updated (raised again, or acknowledged) or resolved.";
    static constexpr std::string_view example =
        R"({"type":"alert","change":"raised","alert":{"id":12,"rule_id":3,"rule_name":"Too hot",)"
        R"("kind":"field","severity":"critical","device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
        R"("device_name":"Roof station","subject":"","summary":"metrics.temperature_c is 41.5, above 40.",)"
        R"("state":"open","count":1,"quarantined":false,"late":false,"raised_at":"2026-01-15T12:00:00Z",)"
        R"("last_raised_at":"2026-01-15T12:00:00Z","acknowledged_at":null,"acknowledged_by":null,)"
        R"("resolved_at":null,"resolved_by":null,"note":null,"simulated":false,"device_deleted":false}})";
    static constexpr std::array notes{field_note{"type", "The kind of event."},
                                      field_note{"change", "What happened to the alert."},
                                      field_note{"alert", "The alert after the change."}};
};

template <>
struct about<wire::live_security_event> {
    static constexpr std::string_view name = "LiveSecurityEvent";
    static constexpr std::string_view description = "The server recorded an event in the audit log.";
    static constexpr std::string_view example =
        R"({"type":"security_event","id":93,"created_at":"2026-01-15T12:00:00Z","actor_type":"user",)"
        R"("actor_id":"7","event_type":"login","status":"denied","detail":"Wrong password.",)"
        R"("source_address":"192.0.2.17","request_id":"5f0c1b7a9e3d4c60","route":"POST /auth/login",)"
        R"("simulated":false,"count":3,"target_type":"user","target_id":"7",)"
        R"("targets":[{"target_type":"user","target_id":"7"}],"target_count":1})";
    static constexpr std::array notes{
        field_note{"type", "The kind of event."},
        field_note{"id", "The entry's number, in order of writing."},
        field_note{"created_at", "When the entry was written, in UTC."},
        field_note{"actor_type", "The kind of actor."},
        field_note{"actor_id", "The actor's account id or device id; empty if unknown."},
        field_note{"event_type", "The type of the recorded event."},
        field_note{"status", "Whether the action succeeded, was denied or failed."},
        field_note{"detail", "What happened, as a sentence; never contains a secret."},
        field_note{"source_address", "The client's address; empty for an action of the system itself."},
        field_note{"request_id", "The request's `X-Request-Id`; empty if there was no request."},
        field_note{"route", "The request's method and path template; empty if there was no request."},
        field_note{"simulated", "Whether the event was simulated."},
        field_note{"count", "The number of similar events, within a short time, that this entry counts."},
        field_note{"target_type",
                   "The kind of object that the event is about; null if it is not a single one."},
        field_note{"target_id", "That object's id; for the policy of a category, the category."},
        field_note{"targets", "All objects that the event is about, at most 20; `target_id` comes first."},
        field_note{"target_count", "The number of objects, including those beyond `targets`; from 256 on "
                                   "there may be more."}};
};

template <>
struct about<wire::live_events> {
    static constexpr std::string_view name = "LiveEvents";
    static constexpr std::string_view description =
        "Events that the client subscribed to and may see, in the order in which they happened.";
    static constexpr std::string_view example =
        R"({"type":"events","events":[{"type":"device","change":"deleted",)"
        R"("device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11"}],"cursor":"3f0c1b7a9e3d-42"})";
    static constexpr std::array notes{field_note{"type", "The kind of message."},
                                      field_note{"events", "The events."}, cursor_note};
};

template void write(std::string&, const wire::live_welcome&);
template void write(std::string&, const wire::live_renewed&);
template void write(std::string&, const wire::live_subscribed&);
template void write(std::string&, const wire::live_unsubscribed&);
template void write(std::string&, const wire::live_error&);
template void write(std::string&, const wire::live_gap&);
template void write(std::string&, const wire::live_heartbeat&);
template void write(std::string&, const wire::live_reading&);
template void write(std::string&, const wire::live_backfill&);
template void write(std::string&, const wire::live_device&);
template void write(std::string&, const wire::live_device_removal&);
template void write(std::string&, const wire::live_alert&);
template void write(std::string&, const wire::live_security_event&);
template void write(std::string&, const wire::live_events&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_live_message_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<live_welcome>(direction::response));
    components.push_back(component_of<live_renewed>(direction::response));
    components.push_back(component_of<live_subscribed>(direction::response));
    components.push_back(component_of<live_unsubscribed>(direction::response));
    components.push_back(component_of<live_error>(direction::response));
    components.push_back(component_of<live_gap>(direction::response));
    components.push_back(component_of<live_heartbeat>(direction::response));
    components.push_back(component_of<live_reading>(direction::response));
    components.push_back(component_of<live_backfill>(direction::response));
    components.push_back(component_of<live_device>(direction::response));
    components.push_back(component_of<live_device_removal>(direction::response));
    components.push_back(component_of<live_alert>(direction::response));
    components.push_back(component_of<live_security_event>(direction::response));
    components.push_back(component_of<live_events>(direction::response));
}
