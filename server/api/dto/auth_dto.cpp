#include "api/dto/auth_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"

namespace breakwater::api::dto {

BOOST_DESCRIBE_STRUCT(register_request, (), (email, password, invitation))
BOOST_DESCRIBE_STRUCT(login_request, (), (email, password, device_cookie))
BOOST_DESCRIBE_STRUCT(refresh_token_request, (), (refresh_token))
BOOST_DESCRIBE_STRUCT(token_pair, (),
                      (access_token, refresh_token, token_type, expires_in_minutes, device_cookie))
BOOST_DESCRIBE_STRUCT(live_ticket, (), (ticket, expires_in_seconds))
BOOST_DESCRIBE_STRUCT(user_response, (), (id, email, role, created_at, disabled))

user_response to_dto(const user& from) {
    return {.id = from.id,
            .email = from.email,
            .role = from.role,
            .created_at = from.created_at,
            .disabled = from.disabled_at.has_value()};
}

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

template <>
struct about<dto::register_request> {
    static constexpr std::string_view name = "RegisterRequest";
    static constexpr std::string_view description = "A new account.";
    static constexpr std::string_view example =
        R"({"email":"ada@example.com","password":"correct horse battery staple"})";
    static constexpr std::array notes{
        field_note{"email", "The address to sign in with; letter case doesn't matter."},
        field_note{"password",
                   "8 to 128 characters, of any kind; passwords known from breaches are refused."},
        field_note{"invitation", "The invitation's token, where registration wants one."}};
};

template <>
struct about<dto::login_request> {
    static constexpr std::string_view name = "LoginRequest";
    static constexpr std::string_view description = "Who signs in.";
    static constexpr std::string_view example = about<dto::register_request>::example;
    static constexpr std::array notes{
        field_note{"email", "The account's address."}, field_note{"password", "The account's password."},
        field_note{"device_cookie", "What an earlier sign-in to that account from there gave."}};
};

template <>
struct about<dto::refresh_token_request> {
    static constexpr std::string_view name = "RefreshTokenRequest";
    static constexpr std::string_view description = "A refresh token to exchange, or to end.";
    static constexpr std::string_view example =
        R"({"refresh_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.MEUCIQ"})";
    static constexpr std::array notes{
        field_note{"refresh_token", "As the latest sign-in or refresh gave it."}};
};

template <>
struct about<dto::token_pair> {
    static constexpr std::string_view name = "TokenPair";
    static constexpr std::string_view description = "What a signed-in person works with.";
    static constexpr std::string_view example =
        R"({"access_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",)"
        R"("refresh_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.MEUCIQ","token_type":"bearer","expires_in_minutes":15,)"
        R"("device_cookie":"AQAAAAAAAAAHAAAAAAAAAAEAAAAAaWjVwE9m0h4mTk6vtQ0m2Xh3q1aVb8dE"})";
    static constexpr std::array notes{
        field_note{"access_token", "Goes into `Authorization: Bearer …`."},
        field_note{"refresh_token", "Good for one exchange. Sent again soon, and before its successor was "
                                    "used, it gets the same one; "
                                    "any other reuse ends every session that descends from it."},
        field_note{"token_type", "Always `bearer`."},
        field_note{"expires_in_minutes", "How long the access token lives."},
        field_note{
            "device_cookie",
            "Of a sign-in: send it with the next one from there, so that others' failures don't make it "
            "wait. It lets nobody in by itself."}};
};

template <>
struct about<dto::user_response> {
    static constexpr std::string_view name = "User";
    static constexpr std::string_view description = "An account.";
    static constexpr std::string_view example =
        R"({"id":7,"email":"ada@example.com","role":"user","created_at":"2026-01-15T12:00:00Z","disabled":false})";
    static constexpr std::array notes{
        field_note{"id", "The account's number."}, field_note{"email", "In lower case."},
        field_note{"role", "What the account may do."}, field_note{"created_at", "When it was made, in UTC."},
        field_note{"disabled", "Whether nobody may sign in with it."}};
};

template <>
struct about<dto::live_ticket> {
    static constexpr std::string_view name = "LiveTicket";
    static constexpr std::string_view description = "Opens one live connection.";
    static constexpr std::string_view example =
        R"({"ticket":"mX3eYb0Qk2nqkH4tq0o3yq1c7l8m5n2p9r6s4t1u0vw","expires_in_seconds":30})";
    static constexpr std::array notes{
        field_note{"ticket", "Goes into the first message of `GET /live`; good for one use."},
        field_note{"expires_in_seconds", "How long it is good."}};
};

template result<dto::register_request> parse(std::string_view);
template result<dto::login_request> parse(std::string_view);
template result<dto::refresh_token_request> parse(std::string_view);
template void write(std::string&, const dto::token_pair&);
template void write(std::string&, const dto::live_ticket&);
template void write(std::string&, const dto::user_response&);
template void write(std::string&, const std::vector<dto::user_response>&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_auth_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<register_request>(direction::request));
    to.push_back(component_of<login_request>(direction::request));
    to.push_back(component_of<refresh_token_request>(direction::request));
    to.push_back(component_of<token_pair>(direction::response));
    to.push_back(component_of<live_ticket>(direction::response));
    to.push_back(component_of<user_response>(direction::response));
}
