#include "api/admin_handlers.hpp"

#include "api/dto/admin_dto.hpp"
#include "api/handler_support.hpp"

namespace breakwater::api::admin {

namespace {

result<user_id> id_of(const http::request& asked) {
    return schema::parse_path<std::int64_t>("id", asked.path_parameters[0]);
}

} // namespace

http::response simulate_incident(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::simulate_incident_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    const auto event = with.audit.simulate(
        dto::to_event_type(body->scenario),
        body->note ? std::string_view{body->note->value} : std::string_view{}, caller_of(asked));
    if (!event)
        return to_response(event.error(), asked);
    return json(dto::to_dto(*event), 201);
}

http::response release_retention(const api_parts& with, const http::request& asked) {
    if (const auto done = with.release_retention(caller_of(asked)); !done)
        return to_response(done.error(), asked);
    return no_content();
}

http::response list_users(const api_parts& with, const http::request& asked) {
    const auto found = with.users.list();
    if (!found)
        return to_response(found.error(), asked);
    std::vector<dto::user_response> rows;
    rows.reserve(found->size());
    for (const user& row : *found)
        rows.push_back(dto::to_dto(row));
    return json(rows);
}

http::response create_user(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::create_user_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    const auto added = with.users.create(body->email.value, body->password.value,
                                         body->role.value_or(role::user), caller_of(asked));
    if (!added)
        return to_response(added.error(), asked);
    return json(dto::to_dto(*added), 201);
}

http::response update_user(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    const auto body = schema::parse<dto::update_user_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    services::user_changes changes{
        .email = std::nullopt, .password = std::nullopt, .role = body->role, .disabled = body->disabled};
    if (body->email)
        changes.email = body->email->value;
    if (body->password)
        changes.password = body->password->value;
    const auto changed = with.users.update(*id, changes, caller_of(asked));
    if (!changed)
        return to_response(changed.error(), asked);
    return json(dto::to_dto(*changed));
}

http::response remove_user(const api_parts& with, const http::request& asked) {
    const auto id = id_of(asked);
    if (!id)
        return to_response(id.error(), asked);
    if (const auto done = with.users.remove(*id, caller_of(asked)); !done)
        return to_response(done.error(), asked);
    return no_content();
}

} // namespace breakwater::api::admin
