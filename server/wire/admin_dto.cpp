#include "wire/admin_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(create_user_request, (), (email, password, role))
BOOST_DESCRIBE_STRUCT(update_user_request, (), (email, password, role, disabled))
BOOST_DESCRIBE_STRUCT(simulate_incident_request, (), (scenario, note))
BOOST_DESCRIBE_STRUCT(event_target_response, (), (target_type, target_id))
BOOST_DESCRIBE_STRUCT(security_event_response, (),
                      (id, created_at, actor_type, actor_id, event_type, status, detail, source_address,
                       request_id, route, simulated, count, target_type, target_id, targets, target_count))
BOOST_DESCRIBE_STRUCT(event_list_query, (),
                      (limit, since, until, actor_type, actor_id, event_type, status, target_type, target_id,
                       routine, cursor))
BOOST_DESCRIBE_STRUCT(device_event_query, (), (limit, since, until, event_type, status, routine, cursor))

namespace {

std::optional<std::string> unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional{text};
}

} // namespace

std::vector<event_target_response> targets_of(const security_event& event) {
    std::vector<event_target_response> out;
    if (event.target)
        out.push_back({event.target->type, event.target->id});
    for (const event_target& target : event.other_targets)
        out.push_back({target.type, target.id});
    return out;
}

security_event_response to_dto(const security_event& event) {
    security_event_response out{.id = event.id,
                                .created_at = event.created_at,
                                .actor_type = event.actor,
                                .actor_id = unless_empty(event.actor_id),
                                .event_type = event.type,
                                .status = event.status,
                                .detail = event.detail,
                                .source_address = unless_empty(event.origin.source_address),
                                .request_id = unless_empty(event.origin.request_id),
                                .route = unless_empty(event.origin.route),
                                .simulated = event.simulated,
                                .count = event.count,
                                .targets = targets_of(event),
                                .target_count = breakwater::target_count(event)};
    if (event.target) {
        out.target_type = event.target->type;
        out.target_id = event.target->id;
    }
    return out;
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

template <>
struct enum_names<wire::incident_scenario> {
    static constexpr std::size_t count = 3;
    static std::string_view text(wire::incident_scenario value) noexcept {
        return to_string(to_event_type(value));
    }
};

template <>
struct about<wire::create_user_request> {
    static constexpr std::string_view name = "CreateUserRequest";
    static constexpr std::string_view description = "An account to create.";
    static constexpr std::string_view example =
        R"({"email":"grace@example.com","password":"correct horse battery staple","role":"user"})";
    static constexpr std::array notes{
        field_note{"email", "The e-mail address to sign in with; case is ignored."},
        field_note{"password",
                   "8 to 128 characters of any kind. Passwords known from data breaches are refused."},
        field_note{"role", "What the account may do; `user` if absent."}};
};

template <>
struct about<wire::update_user_request> {
    static constexpr std::string_view name = "UpdateUserRequest";
    static constexpr std::string_view description =
        "Changes of an account. Members that are absent or null keep their value. A new password or role, or "
        "disabling the account, ends its sessions.";
    static constexpr std::string_view example = R"({"role":"admin"})";
    static constexpr std::array notes{
        field_note{"email", "The e-mail address to sign in with; case is ignored."},
        field_note{"password",
                   "8 to 128 characters of any kind. Passwords known from data breaches are refused."},
        field_note{"role", "What the account may do."},
        field_note{"disabled", "Whether sign-in to the account is disabled. Its devices keep working."}};
};

template <>
struct about<wire::simulate_incident_request> {
    static constexpr std::string_view name = "SimulateIncidentRequest";
    static constexpr std::string_view description =
        "An incident to simulate. Its event is marked as simulated.";
    static constexpr std::string_view example = R"({"scenario":"jwt_invalid","note":"Fire drill"})";
    static constexpr std::array notes{field_note{"scenario", "The incident to simulate."},
                                      field_note{"note", "Text to add to the event's `detail`."}};
};

template <>
struct about<wire::event_target_response> {
    static constexpr std::string_view name = shared_component<wire::event_target_response>::name;
    static constexpr std::string_view description = "An object that an event is about.";
    static constexpr std::string_view example =
        R"({"target_type":"device","target_id":"0b8f6f5e-2a77-4d53-9c55-0a5a3d3f7a10"})";
    static constexpr std::array notes{
        field_note{"target_type", "The kind of object."},
        field_note{"target_id", "The object's id; for the policy of a category, the category."}};
};

template <>
struct about<wire::security_event_response> {
    static constexpr std::string_view name = "SecurityEvent";
    static constexpr std::string_view description = "An entry of the audit log.";
    static constexpr std::string_view example =
        R"({"id":93,"created_at":"2026-01-15T12:00:00Z","actor_type":"user","actor_id":"7","event_type":"login",)"
        R"("status":"denied","detail":"Wrong password.","source_address":"192.0.2.17",)"
        R"("request_id":"5f0c1b7a9e3d4c60","route":"POST /auth/login","simulated":false,"count":3,)"
        R"("target_type":"user","target_id":"7","targets":[{"target_type":"user","target_id":"7"}],"target_count":1})";
    static constexpr std::array notes{
        field_note{"id", "The entry's number, in order of writing."},
        field_note{"created_at", "When the entry was written, in UTC."},
        field_note{"actor_type", "The kind of actor."},
        field_note{"actor_id", "The actor's account id or device id; null if unknown."},
        field_note{"event_type", "The type of event."},
        field_note{"status", "Whether the action succeeded, was denied or failed."},
        field_note{"detail", "What happened, as a sentence; never contains a secret."},
        field_note{"source_address", "The client's address; null for an action of the system itself."},
        field_note{"request_id", "The request's `X-Request-Id`."},
        field_note{"route", "The request's method and path template."},
        field_note{"simulated", "Whether the event was simulated."},
        field_note{"count", "The number of similar events, within a short time, that this entry counts."},
        field_note{"target_type",
                   "The kind of object that the event is about; null if it is not a single one."},
        field_note{"target_id", "That object's id; for the policy of a category, the category."},
        field_note{"targets", "All objects that the event is about, at most 20; `target_id` comes first."},
        field_note{"target_count",
                   "The number of objects, including those beyond `targets`; from 256 on there may be "
                   "more."}};
};

template <>
struct about<wire::event_list_query> {
    static constexpr std::array notes{
        field_note{"limit", "The maximum number of events."},
        field_note{"since", "Only events of this time or later."},
        field_note{"until", "Only events of this time or earlier."},
        field_note{"actor_type", "Only events with this kind of actor."},
        field_note{"actor_id", "Only events of the actor with this account id or device id."},
        field_note{"event_type", "Only events of this type."},
        field_note{"status", "Only events with this result."},
        field_note{"target_type", "Only events about this kind of object."},
        field_note{"target_id",
                   "Only events about this object, alone or among others; requires `target_type`."},
        field_note{"routine", "False leaves out successful routine events: sign-ins of devices, hourly "
                              "counts of their readings, and renewals of sessions."},
        field_note{"cursor", "The `X-Next-Cursor` of the previous page."}};
};

template <>
struct about<wire::device_event_query> {
    static constexpr std::array notes{
        field_note{"limit", "The maximum number of events."},
        field_note{"since", "Only events of this time or later."},
        field_note{"until", "Only events of this time or earlier."},
        field_note{"event_type", "Only events of this type."},
        field_note{"status", "Only events with this result."},
        field_note{"routine",
                   "True includes successful sign-ins of the device and hourly counts of its readings. If "
                   "absent, they are included when `event_type` is given."},
        field_note{"cursor", "The `X-Next-Cursor` of the previous page."}};
};

void shared_component<wire::event_target_response>::append(std::string& out,
                                                           const wire::event_target_response& value) {
    append_object(out, value);
}

template result<wire::create_user_request> parse(std::string_view);
template result<wire::update_user_request> parse(std::string_view);
template result<wire::simulate_incident_request> parse(std::string_view);
template result<wire::event_list_query> parse_query(const query_pairs&);
template std::vector<parameter_schema> query_parameters<wire::event_list_query>();
template result<wire::device_event_query> parse_query(const query_pairs&);
template std::vector<parameter_schema> query_parameters<wire::device_event_query>();
template void write(std::string&, const wire::security_event_response&);
template void write(std::string&, const std::vector<wire::security_event_response>&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_admin_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<create_user_request>(direction::request));
    components.push_back(component_of<update_user_request>(direction::request));
    components.push_back(component_of<simulate_incident_request>(direction::request));
    components.push_back(component_of<event_target_response>(direction::response));
    components.push_back(component_of<security_event_response>(direction::response));
}
