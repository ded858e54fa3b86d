#include "api/invitation_handlers.hpp"

#include "api/dto/invitation_dto.hpp"
#include "api/handler_support.hpp"

namespace breakwater::api::invitations {

http::response list(const api_parts& with, const http::request& request) {
    const auto open = with.invitations.list();
    if (!open)
        return to_response(open.error(), request);
    std::vector<dto::invitation_response> rows;
    rows.reserve(open->size());
    for (const invitation& each : *open)
        rows.push_back(dto::to_dto(each));
    return json(rows);
}

http::response create(const api_parts& with, const http::request& request) {
    const auto body = schema::parse<dto::create_invitation_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    const auto made = with.invitations.create(
        body->email ? std::string_view{body->email->value} : "", body->role.value_or(role::user),
        body->expires_in_hours ? std::chrono::hours{body->expires_in_hours->value} : usual_invitation_life,
        caller_of(request));
    if (!made)
        return to_response(made.error(), request);
    return json(dto::to_dto(made->stored, made->token, request.base_path), 201);
}

http::response remove(const api_parts& with, const http::request& request) {
    const auto id = schema::parse_path<std::int64_t>("id", request.path_parameters[0]);
    if (!id)
        return to_response(id.error(), request);
    if (const auto removed = with.invitations.remove(*id, caller_of(request)); !removed)
        return to_response(removed.error(), request);
    return no_content();
}

} // namespace breakwater::api::invitations
