#include "api/dto/admin_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"

namespace breakwater::api::dto {

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

security_event_response to_dto(const security_event& from) {
    security_event_response out{.id = from.id,
                                .created_at = from.created_at,
                                .actor_type = from.actor,
                                .actor_id = unless_empty(from.actor_id),
                                .event_type = from.type,
                                .status = from.status,
                                .detail = from.detail,
                                .source_address = unless_empty(from.origin.source_address),
                                .request_id = unless_empty(from.origin.request_id),
                                .route = unless_empty(from.origin.route),
                                .simulated = from.simulated,
                                .count = from.count,
                                .target_count = breakwater::target_count(from)};
    if (from.target) {
        out.target_type = from.target->type;
        out.target_id = from.target->id;
        out.targets.push_back({from.target->type, from.target->id});
    }
    for (const event_target& each : from.other_targets)
        out.targets.push_back({each.type, each.id});
    return out;
}

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

template <>
struct enum_names<dto::incident_scenario> {
    static constexpr std::size_t count = 3;
    static std::string_view text(dto::incident_scenario value) noexcept {
        return to_string(to_event_type(value));
    }
};

template <>
struct about<dto::create_user_request> {
    static constexpr std::string_view name = "CreateUserRequest";
    static constexpr std::string_view description = "An account to add.";
    static constexpr std::string_view example =
        R"({"email":"grace@example.com","password":"correct horse battery staple","role":"user"})";
    static constexpr std::array notes{
        field_note{"email", "The address to sign in with; letter case doesn't matter."},
        field_note{"password",
                   "8 to 128 characters, of any kind; passwords known from breaches are refused."},
        field_note{"role", "What the account may do; `user` where absent."}};
};

template <>
struct about<dto::update_user_request> {
    static constexpr std::string_view name = "UpdateUserRequest";
    static constexpr std::string_view description =
        "What to change of an account; what is absent or null "
        "stays. A new password or role, and disabling it, ends its "
        "sessions.";
    static constexpr std::string_view example = R"({"role":"admin"})";
    static constexpr std::array notes{
        field_note{"email", "The address to sign in with; letter case doesn't matter."},
        field_note{"password",
                   "8 to 128 characters, of any kind; passwords known from breaches are refused."},
        field_note{"role", "What the account may do."},
        field_note{"disabled", "Whether nobody may sign in with it. Its devices go on."}};
};

template <>
struct about<dto::simulate_incident_request> {
    static constexpr std::string_view name = "SimulateIncidentRequest";
    static constexpr std::string_view description = "An incident to play. Its event is marked as simulated.";
    static constexpr std::string_view example = R"({"scenario":"jwt_invalid","note":"Fire drill"})";
    static constexpr std::array notes{field_note{"scenario", "What seems to have happened."},
                                      field_note{"note", "Goes into the event's detail."}};
};

template <>
struct about<dto::event_target_response> {
    static constexpr std::string_view name = "EventTarget";
    static constexpr std::string_view description = "A thing that an event is about.";
    static constexpr std::string_view example =
        R"({"target_type":"device","target_id":"0b8f6f5e-2a77-4d53-9c55-0a5a3d3f7a10"})";
    static constexpr std::array notes{
        field_note{"target_type", "What kind of thing it is."},
        field_note{"target_id", "Its id; of a category's policy, the category."}};
};

template <>
struct about<dto::security_event_response> {
    static constexpr std::string_view name = "SecurityEvent";
    static constexpr std::string_view description = "A record of the audit log.";
    static constexpr std::string_view example =
        R"({"id":93,"created_at":"2026-01-15T12:00:00Z","actor_type":"user","actor_id":"7","event_type":"login",)"
        R"("status":"denied","detail":"Wrong password.","source_address":"192.0.2.17",)"
        R"("request_id":"5f0c1b7a9e3d4c60","route":"POST /auth/login","simulated":false,"count":3,)"
        R"("target_type":"user","target_id":"7","targets":[{"target_type":"user","target_id":"7"}],"target_count":1})";
    static constexpr std::array notes{
        field_note{"id", "The record's number, in the order of writing."},
        field_note{"created_at", "When it was written, in UTC."},
        field_note{"actor_type", "Who acted."},
        field_note{"actor_id", "A user's number or a device's id; null where unknown."},
        field_note{"event_type", "What happened."},
        field_note{"status", "How it ended."},
        field_note{"detail", "A sentence; never a secret."},
        field_note{"source_address", "Where the call came from; null for the system itself."},
        field_note{"request_id", "The call's `X-Request-Id`."},
        field_note{"route", "The call's method and path template."},
        field_note{"simulated", "Whether it was only played."},
        field_note{"count", "How many like it within a short time this record stands for."},
        field_note{"target_type", "What kind of thing it is about; null where that is no single thing."},
        field_note{"target_id", "That thing's id; of a category's policy, the category."},
        field_note{"targets", "All that it is about, up to 20; the first is that thing."},
        field_note{"target_count", "How many things that is, those beyond `targets` too; 256 may be more."}};
};

template <>
struct about<dto::event_list_query> {
    static constexpr std::array notes{
        field_note{"limit", "How many at most."},
        field_note{"since", "Only events of this time or later."},
        field_note{"until", "Only events of this time or earlier."},
        field_note{"actor_type", "Only events of this kind of actor."},
        field_note{"actor_id", "Only events of this user number or device id."},
        field_note{"event_type", "Only events of this type."},
        field_note{"status", "Only events that ended so."},
        field_note{"target_type", "Only events about this kind of thing."},
        field_note{"target_id", "Only events about this thing, be it one of several; with `target_type`."},
        field_note{"routine", "False: without devices' sign-ins, their hourly counts of readings, and "
                              "renewals of sessions that went well."},
        field_note{"cursor", "Where the page before this one ended, as its answer said."}};
};

template <>
struct about<dto::device_event_query> {
    static constexpr std::array notes{
        field_note{"limit", "How many at most."},
        field_note{"since", "Only events of this time or later."},
        field_note{"until", "Only events of this time or earlier."},
        field_note{"event_type", "Only events of this type."},
        field_note{"status", "Only events that ended so."},
        field_note{"routine",
                   "True: the device's sign-ins and the hourly counts of its readings too. They are also "
                   "there where `event_type` asks for them."},
        field_note{"cursor", "Where the page before this one ended, as its answer said."}};
};

template result<dto::create_user_request> parse(std::string_view);
template result<dto::update_user_request> parse(std::string_view);
template result<dto::simulate_incident_request> parse(std::string_view);
template result<dto::event_list_query> parse_query(std::string_view);
template std::vector<http::parameter> query_parameters<dto::event_list_query>();
template result<dto::device_event_query> parse_query(std::string_view);
template std::vector<http::parameter> query_parameters<dto::device_event_query>();
template void write(std::string&, const dto::security_event_response&);
template void write(std::string&, const std::vector<dto::security_event_response>&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_admin_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<create_user_request>(direction::request));
    to.push_back(component_of<update_user_request>(direction::request));
    to.push_back(component_of<simulate_incident_request>(direction::request));
    to.push_back(component_of<event_target_response>(direction::response));
    to.push_back(component_of<security_event_response>(direction::response));
}
