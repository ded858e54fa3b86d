#include "api/account_handlers.hpp"

#include "api/dto/account_dto.hpp"
#include "api/handler_support.hpp"

namespace breakwater::api::account {

http::response list_sessions(const api_parts& with, const http::request& request) {
    const auto live = with.account.sessions(caller_of(request));
    if (!live)
        return to_response(live.error(), request);
    std::vector<dto::session_response> sessions;
    sessions.reserve(live->size());
    for (const storage::live_session& each : *live)
        sessions.push_back({.id = each.family.to_string(),
                            .renewed_at = each.renewed_at,
                            .expires_at = std::min(each.expires_at, each.family_expires_at),
                            .current = each.family == request.principal.session});
    return json(sessions);
}

http::response end_session(const api_parts& with, const http::request& request) {
    const auto id = schema::parse_path<uuid>("id", request.path_parameters[0]);
    if (!id)
        return to_response(id.error(), request);
    if (const auto ended = with.account.end_session(*id, caller_of(request)); !ended)
        return to_response(ended.error(), request);
    return no_content();
}

http::response change_password(const api_parts& with, const http::request& request) {
    const auto body = schema::parse<dto::change_password_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    if (const auto changed = with.account.change_password(body->current_password.value,
                                                          body->new_password.value, caller_of(request));
        !changed)
        return to_response(changed.error(), request);
    return no_content();
}

} // namespace breakwater::api::account
