#include "wire/auth_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(register_request, (), (email, password, invitation))
BOOST_DESCRIBE_STRUCT(login_request, (), (email, password, device_cookie))
BOOST_DESCRIBE_STRUCT(refresh_token_request, (), (refresh_token))
BOOST_DESCRIBE_STRUCT(token_pair, (),
                      (access_token, refresh_token, token_type, expires_in_minutes, device_cookie))
BOOST_DESCRIBE_STRUCT(live_ticket, (), (ticket, expires_in_seconds))
BOOST_DESCRIBE_STRUCT(user_response, (), (id, email, role, created_at, disabled))

user_response to_dto(const user& account) {
    return {.id = account.id,
            .email = account.email,
            .role = account.role,
            .created_at = account.created_at,
            .disabled = account.disabled_at.has_value()};
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

template <>
struct about<wire::register_request> {
    static constexpr std::string_view name = "RegisterRequest";
    static constexpr std::string_view description = "An account to create.";
    static constexpr std::string_view example =
        R"({"email":"ada@example.com","password":"correct horse battery staple"})";
    static constexpr std::array notes{
        field_note{"email", "The e-mail address to sign in with; case is ignored."},
        field_note{"password",
                   "8 to 128 characters of any kind. Passwords known from data breaches are refused."},
        field_note{"invitation", "The token of an invitation; required if registration is `invite`."}};
};

template <>
struct about<wire::login_request> {
    static constexpr std::string_view name = "LoginRequest";
    static constexpr std::string_view description = "The credentials of an account.";
    static constexpr std::string_view example = about<wire::register_request>::example;
    static constexpr std::array notes{
        field_note{"email", "The account's e-mail address."},
        field_note{"password", "The account's password."},
        field_note{"device_cookie", "The `device_cookie` of this client's earlier sign-in to the account."}};
};

template <>
struct about<wire::refresh_token_request> {
    static constexpr std::string_view name = "RefreshTokenRequest";
    static constexpr std::string_view description = "A refresh token to exchange or to revoke.";
    static constexpr std::string_view example =
        R"({"refresh_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.MEUCIQ"})";
    static constexpr std::array notes{
        field_note{"refresh_token", "The refresh token of the latest sign-in or refresh."}};
};

template <>
struct about<wire::token_pair> {
    static constexpr std::string_view name = "TokenPair";
    static constexpr std::string_view description = "The tokens of a session.";
    static constexpr std::string_view example =
        R"({"access_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",)"
        R"("refresh_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.MEUCIQ","token_type":"bearer","expires_in_minutes":15,)"
        R"("device_cookie":"AQAAAAAAAAAHAAAAAAAAAAEAAAAAaWjVwE9m0h4mTk6vtQ0m2Xh3q1aVb8dE"})";
    static constexpr std::array notes{
        field_note{"access_token", "Send it as `Authorization: Bearer …`."},
        field_note{"refresh_token", "Works for one exchange. If it is sent again soon and before its "
                                    "successor was used, it gets the same successor. Any other reuse ends "
                                    "the session. Empty if the server sends the token as a cookie."},
        field_note{"token_type", "Always `bearer`."},
        field_note{"expires_in_minutes", "The access token's lifetime in minutes."},
        field_note{
            "device_cookie",
            "Only after a sign-in, if it is not sent as a cookie. Send it with the client's next sign-in to "
            "the account: failed attempts of other clients then do not delay it. It is no replacement for "
            "the password."}};
};

template <>
struct about<wire::user_response> {
    static constexpr std::string_view name = "User";
    static constexpr std::string_view description = "A user account.";
    static constexpr std::string_view example =
        R"({"id":7,"email":"ada@example.com","role":"user","created_at":"2026-01-15T12:00:00Z","disabled":false})";
    static constexpr std::array notes{field_note{"id", "The account's id."},
                                      field_note{"email", "The account's e-mail address, in lower case."},
                                      field_note{"role", "What the account may do."},
                                      field_note{"created_at", "When the account was created, in UTC."},
                                      field_note{"disabled", "Whether sign-in to the account is disabled."}};
};

template <>
struct about<wire::live_ticket> {
    static constexpr std::string_view name = "LiveTicket";
    static constexpr std::string_view description = "A ticket that opens one live connection.";
    static constexpr std::string_view example =
        R"({"ticket":"mX3eYb0Qk2nqkH4tq0o3yq1c7l8m5n2p9r6s4t1u0vw","expires_in_seconds":30})";
    static constexpr std::array notes{
        field_note{"ticket", "Send it in the first message of `GET /live`. Works once."},
        field_note{"expires_in_seconds", "The ticket's lifetime in seconds."}};
};

template result<wire::register_request> parse(std::string_view);
template result<wire::login_request> parse(std::string_view);
template result<wire::refresh_token_request> parse(std::string_view);
template void write(std::string&, const wire::token_pair&);
template void write(std::string&, const wire::live_ticket&);
template void write(std::string&, const wire::user_response&);
template void write(std::string&, const std::vector<wire::user_response>&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_auth_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<register_request>(direction::request));
    components.push_back(component_of<login_request>(direction::request));
    components.push_back(component_of<refresh_token_request>(direction::request));
    components.push_back(component_of<token_pair>(direction::response));
    components.push_back(component_of<live_ticket>(direction::response));
    components.push_back(component_of<user_response>(direction::response));
}
