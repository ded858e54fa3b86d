#include "api/admin_handlers.hpp"

#include "api/handler_support.hpp"
#include "wire/admin_dto.hpp"

namespace breakwater::api::admin {

namespace {

result<user_id> id_of(const http::request& request) {
    return wire::schema::parse_path<std::int64_t>("id", request.path_parameters[0]);
}

} // namespace

http::response simulate_incident(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::simulate_incident_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    const auto event = deps.audit.simulate(
        wire::to_event_type(body->scenario),
        body->note ? std::string_view{body->note->value} : std::string_view{}, caller_of(request));
    if (!event)
        return to_response(event.error(), request);
    return json(wire::to_dto(*event), 201);
}

http::response release_retention(const dependencies& deps, const http::request& request) {
    if (const auto released = deps.clocks.release(caller_of(request)); !released)
        return to_response(released.error(), request);
    return no_content();
}

http::response list_users(const dependencies& deps, const http::request& request) {
    const auto accounts = deps.users.list();
    if (!accounts)
        return to_response(accounts.error(), request);
    std::vector<wire::user_response> rows;
    rows.reserve(accounts->size());
    for (const user& account : *accounts)
        rows.push_back(wire::to_dto(account));
    return json(rows);
}

http::response create_user(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::create_user_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    const auto account = deps.users.create(body->email.value, body->password.value,
                                           body->role.value_or(role::user), caller_of(request));
    if (!account)
        return to_response(account.error(), request);
    return json(wire::to_dto(*account), 201);
}

http::response update_user(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    const auto body = wire::schema::parse<wire::update_user_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    services::user_changes changes{
        .email = std::nullopt, .password = std::nullopt, .role = body->role, .disabled = body->disabled};
    if (body->email)
        changes.email = body->email->value;
    if (body->password)
        changes.password = body->password->value;
    const auto account = deps.users.update(*id, changes, caller_of(request));
    if (!account)
        return to_response(account.error(), request);
    return json(wire::to_dto(*account));
}

http::response remove_user(const dependencies& deps, const http::request& request) {
    const auto id = id_of(request);
    if (!id)
        return to_response(id.error(), request);
    if (const auto removed = deps.users.remove(*id, caller_of(request)); !removed)
        return to_response(removed.error(), request);
    return no_content();
}

} // namespace breakwater::api::admin
