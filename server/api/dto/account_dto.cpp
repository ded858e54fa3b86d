#include "api/dto/account_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"

namespace breakwater::api::dto {

BOOST_DESCRIBE_STRUCT(change_password_request, (), (current_password, new_password))
BOOST_DESCRIBE_STRUCT(session_response, (), (id, renewed_at, expires_at, current))

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

template <>
struct about<dto::change_password_request> {
    static constexpr std::string_view name = "ChangePasswordRequest";
    static constexpr std::string_view description = "A new password for one's own account.";
    static constexpr std::string_view example =
        R"({"current_password":"correct horse battery staple","new_password":"a quiet harbour behind 7 walls"})";
    static constexpr std::array notes{
        field_note{"current_password", "The password that holds now."},
        field_note{"new_password",
                   "8 to 128 characters, of any kind; passwords known from breaches are refused."}};
};

template <>
struct about<dto::session_response> {
    static constexpr std::string_view name = "Session";
    static constexpr std::string_view description = "A sign-in that holds.";
    static constexpr std::string_view example =
        R"({"id":"3f1c0c52-6f0e-4f7e-9c63-0d2f6d6c2a11","renewed_at":"2026-01-15T12:00:00Z",)"
        R"("expires_at":"2026-01-22T12:00:00Z","current":true})";
    static constexpr std::array notes{
        field_note{"id", "The session's id: the `sid` of its access tokens."},
        field_note{"renewed_at", "When it was started or renewed last, in UTC."},
        field_note{"expires_at", "When it ends unless it is renewed, in UTC."},
        field_note{"current", "Whether this call came from it."}};
};

template result<dto::change_password_request> parse(std::string_view);
template void write(std::string&, const std::vector<dto::session_response>&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_account_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<change_password_request>(direction::request));
    to.push_back(component_of<session_response>(direction::response));
}
