#include "api/auth_handlers.hpp"

#include "api/dto/auth_dto.hpp"
#include "api/dto/reading_dto.hpp"
#include "api/handler_support.hpp"

namespace breakwater::api::auth {

namespace {

http::response answer_with(const api_parts& with, const http::request& asked,
                           result<services::token_pair> pair) {
    if (!pair)
        return to_response(pair.error(), asked);
    return json(dto::token_pair{.access_token = std::move(pair->access_token),
                                .refresh_token = std::move(pair->refresh_token),
                                .expires_in_minutes = with.tokens.settings().access_lifetime.count()});
}

} // namespace

http::response register_account(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::register_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    const auto added = with.auth.register_account(body->email.value, body->password.value, caller_of(asked));
    if (!added)
        return to_response(added.error(), asked);
    return json(dto::to_dto(*added), 201);
}

http::response login(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::login_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    return answer_with(with, asked,
                       with.auth.login(body->email.value, body->password.value, caller_of(asked)));
}

http::response refresh(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::refresh_token_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    return answer_with(with, asked, with.auth.refresh(body->refresh_token.value, caller_of(asked)));
}

http::response logout(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::refresh_token_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    if (const auto done = with.auth.logout(body->refresh_token.value, caller_of(asked)); !done)
        return to_response(done.error(), asked);
    return no_content();
}

http::response live_ticket(const api_parts& with, const http::request& asked) {
    auto ticket = with.issue_live_ticket(asked.principal);
    if (!ticket)
        return to_response(ticket.error(), asked);
    return json(dto::live_ticket{.ticket = std::move(*ticket),
                                 .expires_in_seconds = with.live_ticket_lifetime.count()});
}

http::response device_token(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::device_token_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    auto token = with.auth.authenticate_device(body->device_id, body->device_secret.value, caller_of(asked));
    if (!token)
        return to_response(token.error(), asked);
    return json(
        dto::device_token_response{.access_token = std::move(*token),
                                   .expires_in_minutes = with.tokens.settings().device_lifetime.count()});
}

} // namespace breakwater::api::auth
