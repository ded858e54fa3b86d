#include "api/auth_handlers.hpp"

#include "api/handler_support.hpp"
#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "http/cookie.hpp"
#include "identity/live_tickets.hpp"
#include "wire/auth_dto.hpp"
#include "wire/reading_dto.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <span>

namespace breakwater::api::auth {

namespace {

/// Our web client sends this header to keep its refresh token in a cookie that no script can read. A page of
/// another origin can't send it: that needs a preflight, and none allows it (`cors_policy::allow_headers`).
/// So the cookie works for no other page (OWASP's CSRF cheat sheet, custom request headers).
constexpr std::string_view cookie_mode_field = "x-session-cookie";
constexpr std::string_view refresh_cookie_name = "breakwater_refresh";

bool uses_cookie(const http::request& request) {
    return request.header(cookie_mode_field).has_value();
}

/// Bytes. A longer body is parsed only on the thread pool, not on the I/O thread.
constexpr std::size_t max_inline_body = 8U << 10;

/// A `lifetime` of zero removes the cookie.
void set_cookie(http::response& response, const http::request& request, std::string_view name,
                std::string_view value, std::chrono::seconds lifetime) {
    response.headers.emplace_back(
        "Set-Cookie", fmt::format("{}={}; Path={}/auth; Max-Age={}; HttpOnly; SameSite=Strict{}", name, value,
                                  request.base_path, lifetime.count(), request.secure ? "; Secure" : ""));
}

/// Each account has its own cookie, so that a client stays known to several accounts. The name does not
/// reveal the address.
std::string device_cookie_name(std::string_view email) {
    const auto digest = crypto::sha256(as_bytes(email));
    return "breakwater_device_" + hex_encode(std::span{digest}.first<6>());
}

/// The device cookie of the client's earlier sign-in to the account; empty if the request has none.
std::string_view device_cookie_of(const http::request& request, const wire::login_request& body) {
    if (!uses_cookie(request))
        return body.device_cookie ? std::string_view{body.device_cookie->value} : std::string_view{};
    return http::find_cookie(request.header("cookie").value_or(std::string_view{}),
                             device_cookie_name(body.email.value))
        .value_or("");
}

/// The refusal of a request that is not admitted; empty if it is admitted.
http::refusal refusal_of(const dependencies& deps, const http::request& request,
                         services::admission admission) {
    if (admission)
        return {};
    return [&deps, &request, refused = std::move(admission.error())](http::respond respond) mutable {
        deps.denials.record(std::move(refused.event),
                            [&request, reason = std::move(refused.reason),
                             respond = std::move(respond)](result<void> recorded) mutable {
                                respond(to_response(recorded ? reason : recorded.error(), request));
                            });
    };
}

/// Refuses an invalid body at once, without counting it against a rate limit.
http::refusal refusal_of(const http::request& request, const error& failure) {
    return [response = to_response(failure, request)](http::respond respond) mutable {
        respond(std::move(response));
    };
}

/// The refresh token from the body or the cookie. A missing cookie gives an empty token, which is refused
/// and recorded like any invalid token.
result<std::string> refresh_token_of(const http::request& request) {
    if (uses_cookie(request))
        return std::string{
            http::find_cookie(request.header("cookie").value_or(std::string_view{}), refresh_cookie_name)
                .value_or("")};
    auto body = wire::schema::parse<wire::refresh_token_request>(request.body);
    if (!body)
        return pass(std::move(body));
    return std::move(body->refresh_token.value);
}

http::response respond_with(const dependencies& deps, const http::request& request,
                            result<services::token_pair> pair) {
    const bool in_cookie = uses_cookie(request);
    if (!pair) {
        http::response refused = to_response(pair.error(), request);
        if (in_cookie && refused.status == 401)
            set_cookie(refused, request, refresh_cookie_name, "", std::chrono::seconds{0});
        return refused;
    }
    http::response response =
        json(wire::token_pair{.access_token = std::move(pair->access_token),
                              .refresh_token = in_cookie ? std::string{} : pair->refresh_token,
                              .expires_in_minutes = deps.tokens.settings().access_lifetime.count(),
                              .device_cookie = in_cookie || pair->device_cookie.empty()
                                                   ? std::nullopt
                                                   : std::optional{std::move(pair->device_cookie)}});
    if (in_cookie)
        set_cookie(response, request, refresh_cookie_name, pair->refresh_token,
                   deps.tokens.settings().refresh_lifetime);
    return response;
}

} // namespace

http::refusal admit_registration(const dependencies& deps, const http::request& request) {
    if (request.body.size() <= max_inline_body)
        if (const auto body = wire::schema::parse<wire::register_request>(request.body); !body)
            return refusal_of(request, body.error());
    return refusal_of(deps, request, deps.auth.admit_registration(caller_of(request)));
}

http::refusal admit_login(const dependencies& deps, const http::request& request) {
    if (request.body.size() > max_inline_body)
        return refusal_of(deps, request, deps.auth.admit_login({}, {}, caller_of(request)));
    const auto body = wire::schema::parse<wire::login_request>(request.body);
    if (!body)
        return refusal_of(request, body.error());
    return refusal_of(
        deps, request,
        deps.auth.admit_login(body->email.value, device_cookie_of(request, *body), caller_of(request)));
}

http::response register_account(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::register_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    const auto account = deps.auth.register_account(
        body->email.value, body->password.value,
        body->invitation ? std::string_view{body->invitation->value} : std::string_view{},
        caller_of(request));
    if (!account)
        return to_response(account.error(), request);
    return json(wire::to_dto(*account), 201);
}

http::response login(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::login_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    auto pair = deps.auth.login(body->email.value, body->password.value, caller_of(request),
                                device_cookie_of(request, *body));
    const std::string device_cookie = pair && uses_cookie(request) ? pair->device_cookie : std::string{};
    http::response response = respond_with(deps, request, std::move(pair));
    if (!device_cookie.empty())
        set_cookie(response, request, device_cookie_name(body->email.value), device_cookie,
                   identity::device_cookies::lifetime);
    return response;
}

http::response refresh(const dependencies& deps, const http::request& request) {
    const auto token = refresh_token_of(request);
    if (!token)
        return to_response(token.error(), request);
    return respond_with(deps, request, deps.auth.refresh(*token, caller_of(request)));
}

http::response logout(const dependencies& deps, const http::request& request) {
    const auto token = refresh_token_of(request);
    if (!token)
        return to_response(token.error(), request);
    const auto ended = deps.auth.logout(*token, caller_of(request));
    http::response response = ended ? no_content() : to_response(ended.error(), request);
    // Keeps the cookie if its token is still valid or belongs to another account.
    if (uses_cookie(request) && (ended || ended.error().code == errc::bad_state))
        set_cookie(response, request, refresh_cookie_name, "", std::chrono::seconds{0});
    return response;
}

http::response logout_all(const dependencies& deps, const http::request& request) {
    if (const auto ended = deps.users.end_sessions(caller_of(request)); !ended)
        return to_response(ended.error(), request);
    http::response response = no_content();
    const auto token = refresh_token_of(request);
    const auto claims = token ? deps.tokens.verify_refresh(*token) : std::unexpected(token.error());
    if (uses_cookie(request) && claims && claims->user == principal_of(request).user)
        set_cookie(response, request, refresh_cookie_name, "", std::chrono::seconds{0});
    return response;
}

http::response live_ticket(const dependencies& deps, const http::request& request) {
    auto ticket = deps.live.issue_ticket(principal_of(request));
    if (!ticket)
        return to_response(ticket.error(), request);
    return json(wire::live_ticket{.ticket = std::move(*ticket),
                                  .expires_in_seconds = identity::live_tickets::lifetime.count()});
}

http::response device_token(const dependencies& deps, const http::request& request) {
    const auto body = wire::schema::parse<wire::device_token_request>(request.body);
    if (!body)
        return to_response(body.error(), request);
    auto token =
        deps.auth.authenticate_device(body->device_id, body->device_secret.value, caller_of(request));
    if (!token)
        return to_response(token.error(), request);
    return json(
        wire::device_token_response{.access_token = std::move(*token),
                                    .expires_in_minutes = deps.tokens.settings().device_lifetime.count()});
}

} // namespace breakwater::api::auth
