#include "api/account_handlers.hpp"

#include "api/handler_support.hpp"
#include "wire/account_dto.hpp"

namespace breakwater::api::account {

http::response list_sessions(const dependencies& deps, const http::request& request) {
    const auto sessions = deps.account.sessions(caller_of(request));
    if (!sessions)
        return to_response(sessions.error(), request);
    std::vector<wire::session_response> rows;
    rows.reserve(sessions->size());
    for (const storage::live_session& session : *sessions)
        rows.push_back({.id = session.family.to_string(),
                        .renewed_at = session.renewed_at,
                        .expires_at = std::min(session.expires_at, session.family_expires_at),
                        .current = session.family == principal_of(request).session});
    return json(rows);
}

http::response end_session(const dependencies& deps, const http::request& request) {
    const auto id = wire::schema::parse_path<uuid>("id", request.path_parameters[0]);
    if (!id)
        return to_response(id.error(), request);
    if (const auto ended = deps.account.end_session(*id, caller_of(request)); !ended)
        return to_response(ended.error(), request);
    return no_content();
}

http::response change_password(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::change_password_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    if (const auto changed = deps.account.change_password(body->current_password.value,
                                                          body->new_password.value, caller_of(request));
        !changed)
        return to_response(changed.error(), request);
    return no_content();
}

} // namespace breakwater::api::account
