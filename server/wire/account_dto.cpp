#include "wire/account_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(change_password_request, (), (current_password, new_password))
BOOST_DESCRIBE_STRUCT(session_response, (), (id, renewed_at, expires_at, current))

} // namespace breakwater::wire

namespace breakwater::wire::schema {

template <>
struct about<wire::change_password_request> {
    static constexpr std::string_view name = "ChangePasswordRequest";
    static constexpr std::string_view description = "A new password for the caller's account.";
    static constexpr std::string_view example =
        R"({"current_password":"correct horse battery staple","new_password":"a quiet harbour behind 7 walls"})";
    static constexpr std::array notes{
        field_note{"current_password", "The account's current password."},
        field_note{"new_password",
                   "8 to 128 characters of any kind. Passwords known from data breaches are refused."}};
};

template <>
struct about<wire::session_response> {
    static constexpr std::string_view name = "Session";
    static constexpr std::string_view description = "An active sign-in of an account.";
    static constexpr std::string_view example =
        R"({"id":"3f1c0c52-6f0e-4f7e-9c63-0d2f6d6c2a11","renewed_at":"2026-01-15T12:00:00Z",)"
        R"("expires_at":"2026-01-22T12:00:00Z","current":true})";
    static constexpr std::array notes{
        field_note{"id", "The session's id; the `sid` claim of its access tokens."},
        field_note{"renewed_at", "When the session was started or last renewed, in UTC."},
        field_note{"expires_at", "When the session ends unless it is renewed, in UTC."},
        field_note{"current", "Whether this request belongs to the session."}};
};

template result<wire::change_password_request> parse(std::string_view);
template void write(std::string&, const std::vector<wire::session_response>&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_account_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<change_password_request>(direction::request));
    components.push_back(component_of<session_response>(direction::response));
}
