#include "api/auth_handlers.hpp"

#include "api/dto/auth_dto.hpp"
#include "api/dto/reading_dto.hpp"
#include "api/handler_support.hpp"
#include "base/encoding.hpp"
#include "crypto/digest.hpp"
#include "http/cookie.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <span>

namespace breakwater::api::auth {

namespace {

/// What a page of ours asks with, so that its refresh token is kept where no script reads it. A page of
/// another origin can't send this field: it takes a preflight, and none allows it
/// (`cors_policy::allow_headers`). So the cookie counts for nobody else (OWASP's CSRF cheat sheet, custom
/// request headers).
constexpr std::string_view cookie_mode_field = "x-session-cookie";
constexpr std::string_view refresh_cookie_name = "breakwater_refresh";

bool by_cookie(const http::request& asked) {
    return asked.header(cookie_mode_field).has_value();
}

/// Longer bodies aren't read before their call waits for a thread.
constexpr std::size_t longest_read_at_once = 8U << 10;

/// `lifetime` 0 removes it.
void set_cookie(http::response& answer, const http::request& asked, std::string_view name,
                std::string_view value, std::chrono::seconds lifetime) {
    answer.headers.emplace_back(
        "Set-Cookie", fmt::format("{}={}; Path={}/auth; Max-Age={}; HttpOnly; SameSite=Strict{}", name, value,
                                  asked.base_path, lifetime.count(), asked.secure ? "; Secure" : ""));
}

/// One for each account, so that who has two stays known to both. It doesn't show the address.
std::string device_cookie_name(std::string_view email) {
    const auto digest = crypto::sha256(as_bytes(email));
    return "breakwater_device_" + hex_encode(std::span{digest}.first<6>());
}

/// What the client was given at an earlier sign-in to that account; empty where it shows nothing.
std::string_view device_cookie_of(const http::request& asked, const dto::login_request& body) {
    if (!by_cookie(asked))
        return body.device_cookie ? std::string_view{body.device_cookie->value} : std::string_view{};
    return http::find_cookie(asked.header("cookie").value_or(std::string_view{}),
                             device_cookie_name(body.email.value))
        .value_or("");
}

/// The answer to a call that isn't admitted; none where it is.
http::refusal refusal_of(const api_parts& with, const http::request& asked, services::admission admitted) {
    if (admitted)
        return {};
    return [&with, &asked, refused = std::move(admitted.error())](http::respond answer) mutable {
        with.denials.record(std::move(refused.event),
                            [&asked, why = std::move(refused.why),
                             answer = std::move(answer)](result<void> recorded) mutable {
                                answer(to_response(recorded ? why : recorded.error(), asked));
                            });
    };
}

/// What isn't a body of its kind is refused at once, and takes nothing of anybody's allowance.
http::refusal refusal_of(const http::request& asked, const error& why) {
    return [refused = to_response(why, asked)](http::respond answer) mutable { answer(std::move(refused)); };
}

/// The refresh token that was shown, in the body or by the cookie; of a cookie that isn't there, an empty
/// one, which is refused and put on record as any other.
result<std::string> shown_token(const http::request& asked) {
    if (by_cookie(asked))
        return std::string{
            http::find_cookie(asked.header("cookie").value_or(std::string_view{}), refresh_cookie_name)
                .value_or("")};
    auto body = schema::parse<dto::refresh_token_request>(asked.body);
    if (!body)
        return pass(std::move(body));
    return std::move(body->refresh_token.value);
}

http::response answer_with(const api_parts& with, const http::request& asked,
                           result<services::token_pair> pair) {
    const bool cookie = by_cookie(asked);
    if (!pair) {
        http::response refused = to_response(pair.error(), asked);
        if (cookie && refused.status == 401)
            set_cookie(refused, asked, refresh_cookie_name, "", std::chrono::seconds{0});
        return refused;
    }
    http::response answer =
        json(dto::token_pair{.access_token = std::move(pair->access_token),
                             .refresh_token = cookie ? std::string{} : pair->refresh_token,
                             .expires_in_minutes = with.tokens.settings().access_lifetime.count(),
                             .device_cookie = cookie || pair->device_cookie.empty()
                                                  ? std::nullopt
                                                  : std::optional{std::move(pair->device_cookie)}});
    if (cookie)
        set_cookie(answer, asked, refresh_cookie_name, pair->refresh_token,
                   with.tokens.settings().refresh_lifetime);
    return answer;
}

} // namespace

http::refusal admit_registration(const api_parts& with, const http::request& asked) {
    if (asked.body.size() <= longest_read_at_once)
        if (const auto body = schema::parse<dto::register_request>(asked.body); !body)
            return refusal_of(asked, body.error());
    return refusal_of(with, asked, with.auth.admit_registration(caller_of(asked)));
}

http::refusal admit_login(const api_parts& with, const http::request& asked) {
    if (asked.body.size() > longest_read_at_once)
        return refusal_of(with, asked, with.auth.admit_login({}, {}, caller_of(asked)));
    const auto body = schema::parse<dto::login_request>(asked.body);
    if (!body)
        return refusal_of(asked, body.error());
    return refusal_of(
        with, asked,
        with.auth.admit_login(body->email.value, device_cookie_of(asked, *body), caller_of(asked)));
}

http::response register_account(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::register_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    const auto added = with.auth.register_account(
        body->email.value, body->password.value,
        body->invitation ? std::string_view{body->invitation->value} : std::string_view{}, caller_of(asked));
    if (!added)
        return to_response(added.error(), asked);
    return json(dto::to_dto(*added), 201);
}

http::response login(const api_parts& with, const http::request& asked) {
    const auto body = schema::parse<dto::login_request>(asked.body);
    if (!body)
        return to_response(body.error(), asked);
    auto pair = with.auth.login(body->email.value, body->password.value, caller_of(asked),
                                device_cookie_of(asked, *body));
    const std::string device_cookie = pair && by_cookie(asked) ? pair->device_cookie : std::string{};
    http::response answer = answer_with(with, asked, std::move(pair));
    if (!device_cookie.empty())
        set_cookie(answer, asked, device_cookie_name(body->email.value), device_cookie,
                   services::device_cookies::lifetime);
    return answer;
}

http::response refresh(const api_parts& with, const http::request& asked) {
    const auto token = shown_token(asked);
    if (!token)
        return to_response(token.error(), asked);
    return answer_with(with, asked, with.auth.refresh(*token, caller_of(asked)));
}

http::response logout(const api_parts& with, const http::request& asked) {
    const auto token = shown_token(asked);
    if (!token)
        return to_response(token.error(), asked);
    const auto done = with.auth.logout(*token, caller_of(asked));
    http::response answer = done ? no_content() : to_response(done.error(), asked);
    // What is still good, or somebody else's, stays where it is.
    if (by_cookie(asked) && (done || done.error().code == errc::bad_state))
        set_cookie(answer, asked, refresh_cookie_name, "", std::chrono::seconds{0});
    return answer;
}

http::response logout_all(const api_parts& with, const http::request& asked) {
    if (const auto done = with.users.end_sessions(caller_of(asked)); !done)
        return to_response(done.error(), asked);
    http::response answer = no_content();
    const auto shown = shown_token(asked);
    const auto claims = shown ? with.tokens.verify_refresh(*shown) : std::unexpected(shown.error());
    if (by_cookie(asked) && claims && claims->user == asked.principal.user)
        set_cookie(answer, asked, refresh_cookie_name, "", std::chrono::seconds{0});
    return answer;
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
