#include "api/invitation_handlers.hpp"

#include "api/handler_support.hpp"
#include "wire/invitation_dto.hpp"

namespace breakwater::api::invitations {

http::response list(const dependencies& deps, const http::request& request) {
    const auto unused = deps.invitations.list();
    if (!unused)
        return to_response(unused.error(), request);
    std::vector<wire::invitation_response> rows;
    rows.reserve(unused->size());
    for (const invitation& entry : *unused)
        rows.push_back(wire::to_dto(entry));
    return json(rows);
}

http::response create(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::create_invitation_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    const auto created = deps.invitations.create(
        body->email ? std::string_view{body->email->value} : "", body->role.value_or(role::user),
        body->expires_in_hours ? std::chrono::hours{body->expires_in_hours->value} : default_invitation_life,
        caller_of(request));
    if (!created)
        return to_response(created.error(), request);
    return json(wire::to_dto(created->stored, created->token, request.base_path), 201);
}

http::response remove(const dependencies& deps, const http::request& request) {
    const auto id = wire::schema::parse_path<std::int64_t>("id", request.path_parameters[0]);
    if (!id)
        return to_response(id.error(), request);
    if (const auto removed = deps.invitations.remove(*id, caller_of(request)); !removed)
        return to_response(removed.error(), request);
    return no_content();
}

} // namespace breakwater::api::invitations
