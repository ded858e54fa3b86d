#include "api/dto/invitation_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"

namespace breakwater::api::dto {

BOOST_DESCRIBE_STRUCT(create_invitation_request, (), (email, role, expires_in_hours))
BOOST_DESCRIBE_STRUCT(invitation_response, (), (id, email, role, created_at, expires_at))
BOOST_DESCRIBE_STRUCT(new_invitation_response, (), (id, email, role, created_at, expires_at, token, path))

namespace {

std::optional<std::string> bound_to(const invitation& from) {
    return from.email.empty() ? std::nullopt : std::optional{from.email};
}

} // namespace

invitation_response to_dto(const invitation& from) {
    return {.id = from.id,
            .email = bound_to(from),
            .role = from.role,
            .created_at = from.created_at,
            .expires_at = from.expires_at};
}

new_invitation_response to_dto(const invitation& from, std::string_view token, std::string_view base_path) {
    return {.id = from.id,
            .email = bound_to(from),
            .role = from.role,
            .created_at = from.created_at,
            .expires_at = from.expires_at,
            .token = std::string{token},
            .path = std::string{base_path} + "/#invitation=" + std::string{token}};
}

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

template <>
struct about<dto::create_invitation_request> {
    static constexpr std::string_view name = "CreateInvitationRequest";
    static constexpr std::string_view description = "Lets one person make an account.";
    static constexpr std::string_view example =
        R"({"email":"grace@example.com","role":"user","expires_in_hours":72})";
    static constexpr std::array notes{
        field_note{"email", "Only this address may use it; absent for any."},
        field_note{"role", "What the new account may do; `user` where absent."},
        field_note{"expires_in_hours", "How long the link works; 72 where absent."}};
};

template <>
struct about<dto::invitation_response> {
    static constexpr std::string_view name = "Invitation";
    static constexpr std::string_view description = "An invitation that waits to be used.";
    static constexpr std::string_view example =
        R"({"id":4,"email":"grace@example.com","role":"user","created_at":"2026-01-15T12:00:00Z",)"
        R"("expires_at":"2026-01-18T12:00:00Z"})";
    static constexpr std::array notes{field_note{"id", "The invitation's number."},
                                      field_note{"email", "Who may use it; null for anybody."},
                                      field_note{"role", "What the new account may do."},
                                      field_note{"created_at", "When it was made, in UTC."},
                                      field_note{"expires_at", "When its link stops working, in UTC."}};
};

template <>
struct about<dto::new_invitation_response> {
    static constexpr std::string_view name = "NewInvitation";
    static constexpr std::string_view description = "An invitation with its token, which is shown this once.";
    static constexpr std::string_view example =
        R"({"id":4,"email":"grace@example.com","role":"user","created_at":"2026-01-15T12:00:00Z",)"
        R"("expires_at":"2026-01-18T12:00:00Z","token":"mX3eYb0Qk2nqkH4tq0o3yq1c7l8m5n2p9r6s4t1u0vw",)"
        R"("path":"/#invitation=mX3eYb0Qk2nqkH4tq0o3yq1c7l8m5n2p9r6s4t1u0vw"})";
    static constexpr std::array notes{
        field_note{"id", "The invitation's number."},
        field_note{"email", "Who may use it; null for anybody."},
        field_note{"role", "What the new account may do."},
        field_note{"created_at", "When it was made, in UTC."},
        field_note{"expires_at", "When its link stops working, in UTC."},
        field_note{"token", "Goes into `invitation` of `POST /auth/register`; good for one account."},
        field_note{"path", "Behind the server's scheme and host, the link to hand over."}};
};

template result<dto::create_invitation_request> parse(std::string_view);
template void write(std::string&, const dto::new_invitation_response&);
template void write(std::string&, const dto::invitation_response&);
template void write(std::string&, const std::vector<dto::invitation_response>&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_invitation_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<create_invitation_request>(direction::request));
    to.push_back(component_of<invitation_response>(direction::response));
    to.push_back(component_of<new_invitation_response>(direction::response));
}
